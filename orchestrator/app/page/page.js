// SPDX-License-Identifier: Apache-2.0
// The orchestrator's page: reads the API once a second while it is looked at, and only what has changed is drawn anew.
const EVERY_MS = 1000, HISTORY_EVERY = 5, HISTORY_LIMIT = 50;
const $ = (id) => document.getElementById(id);
const drawn = new Map(); // id of an element -> what it was drawn from
let token = sessionStorage.getItem('slipway-token') || '';
let round = 0;
let seen = ''; // when all was well
let services = [];

class Refused extends Error {}

async function ask(path) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const answer = await fetch(path, { headers, cache: 'no-store' });
  const body = await answer.json().catch(() => ({}));
  if (answer.status === 401) throw new Refused();
  if (!answer.ok) throw new Error(body.error ? body.error.text : `the answer was ${answer.status}`);
  return body;
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const words = (state) => state.replaceAll('_', ' ');
const stateOf = (state) => element('span', { class: 'state', 'data-state': state }, words(state));

function duration(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  if (ms < 10000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} m ${String(s % 60).padStart(2, '0')} s`;
  return `${Math.floor(s / 3600)} h ${String(Math.floor(s / 60) % 60).padStart(2, '0')} m`;
}

const since = (from, to) => (from ? duration((to ? Date.parse(to) : Date.now()) - Date.parse(from)) : '');
const clock = (at) => (at ? element('time', { datetime: at }, new Date(at).toLocaleString()) : '');
const codeOf = (text) => element('code', {}, text);
const link = (one) => element('a', { href: `#${one.id}` }, codeOf(one.id));
const what = (one) => `${one.service || 'unknown service'}${one.environment ? ` to ${one.environment}` : ''}`;

// What the orchestrator says to people has names and commands between backquotes.
const prose = (text) => text.split('`').map((part, index) => (index % 2 ? codeOf(part) : part));

function errorOf(one) {
  if (!one.error) return null;
  return element('div', {}, element('p', {}, ...prose(one.error.text || one.error.code)),
    one.error.hint ? element('p', { class: 'quiet' }, ...prose(one.error.hint)) : null);
}

// The page changes nothing: what can be done is done in Slack.
function waysOut(one) {
  const words = { running: ['cancel'], queued: ['cancel'], needs_a_human: ['retry', 'cancel'] }[one.state];
  if (!words) return null;
  const commands = words.flatMap((word, index) => [index ? ' or ' : '', codeOf(`/deploy ${word} ${one.id}`)]);
  return element('p', { class: 'quiet' }, 'In Slack: the buttons of its message, or ', ...commands);
}

function stepRow(step) {
  const took = step.state === 'pending' ? '' : since(step.started_at, step.finished_at);
  const tries = step.attempt > 1 ? ` (attempt ${step.attempt})` : '';
  const said = step.error || step.status || '';
  return element('li', {},
    element('div', { class: 'row' }, element('span', {}, step.name), stateOf(step.state),
      element('span', { class: 'quiet' }, `${took}${tries}${said ? ` · ${said}` : ''}`)));
}

// The API has the last 2 KiB of what a step printed; here stands all that came by while somebody looked.
const KEPT = 65536;
const printed = new Map(); // attempt -> text

function joined(text, tail) {
  if (text.endsWith(tail)) return text;
  for (let at = Math.max(0, text.length - tail.length); at < text.length; at += 1)
    if (tail.startsWith(text.slice(at))) return text.slice(0, at) + tail;
  return tail; // more was printed meanwhile than the API has
}

function outputOf(one, index) {
  const step = one.steps[index], attempt = `${one.id}.${index + 1}.${step.attempt}`;
  const text = joined(printed.get(attempt) || '', step.tail);
  printed.delete(attempt); // the one that was seen last stands at the end
  printed.set(attempt, text.length > KEPT ? text.slice(text.indexOf('\n', text.length - KEPT / 2) + 1) : text);
  if (printed.size > 32) printed.delete(printed.keys().next().value);
  return element('pre', { class: 'output', tabindex: '0', role: 'log', 'aria-live': 'off', 'aria-label': `output of ${step.name}` },
    printed.get(attempt));
}

function steps(one, withOutput) {
  const list = element('ol', { class: 'steps' });
  one.steps.forEach((step, index) => {
    const row = stepRow(step);
    if (step.tail && withOutput(step)) row.append(outputOf(one, index));
    if (step.tail === '' && step.state === 'running') row.append(element('p', { class: 'none' }, 'It has printed nothing yet.'));
    list.append(row);
  });
  return list;
}

function runningCard(one) {
  const head = element('div', { class: 'head' },
    element('h3', {}, what(one), ' ', element('code', {}, one.ref || '')),
    element('span', {}, stateOf(one.state), ' ', element('span', { class: 'quiet' }, since(one.started_at)), ' ', link(one)));
  return element('article', { class: `card${one.state === 'needs_a_human' ? ' notice' : ''}`, 'data-key': one.id }, head,
    errorOf(one), one.state === 'needs_a_human' ? waysOut(one) : null, steps(one, (step) => step.state !== 'succeeded'));
}

const until = (at) => (at ? element('span', {}, 'until ', clock(at)) : 'until it is released');

function heldBy(held) {
  if (!held) return null;
  return element('p', { class: 'quiet' }, 'Waits for ', link({ id: held.by }), ` ${held.reason || ''} (`, until(held.until), ')');
}

function lineCard(one, running) {
  const ahead = one.position === 1 && !one.held && running.find((other) => other.lane === one.lane);
  return element('article', { class: 'card', 'data-key': one.id }, element('div', { class: 'head' },
    element('h3', {}, `${one.position}. ${what(one)} `, codeOf(one.ref || '')),
    element('span', { class: 'quiet' }, `lane ${one.lane} · asked for ${since(one.created_at)} ago `, link(one))),
  heldBy(one.held),
  ahead ? element('p', { class: 'quiet' }, `Next in its lane, after ${what(ahead)} `, link(ahead)) : null);
}

// What an incident says of itself; nothing when it is private.
const titleOf = (one) => `#${(one.detail || {}).number || '?'} ${(one.detail || {}).title || 'an incident'}`;
const priorityOf = (one) => ((one.detail || {}).priority || {}).name || '';
const person = (one, id) => (id ? ((one.detail || {}).people || {})[id] || id : '');
const roles = (one) => Object.entries((one.detail || {}).roles || {}).filter(([, id]) => id)
  .map(([role, id]) => `${role} ${person(one, id)}`).join(' · ');

function incidentCard(one) {
  const head = element('div', { class: 'head' }, element('h3', {}, titleOf(one)),
    element('span', {}, stateOf(one.state), ' ', element('span', { class: 'quiet' }, since(one.created_at)), ' ', link(one)));
  const about = [priorityOf(one), one.service, roles(one) || 'nobody leads it'].filter(Boolean).join(' · ');
  return element('article', { class: 'card notice', 'data-key': one.id }, head, element('p', { class: 'quiet' }, about));
}

function holdCard(hold) {
  const scope = [hold.service, hold.environment && `to ${hold.environment}`, hold.lane && `lane ${hold.lane}`]
    .filter(Boolean).join(' ') || 'everything';
  return element('article', { class: 'card', 'data-key': hold.id }, element('div', { class: 'head' }, element('h3', {}, scope),
    element('span', { class: 'quiet' }, `${hold.waiting} waiting `, link({ id: hold.origin }))),
  element('p', { class: 'quiet' }, `${hold.reason || ''} (`, until(hold.until), ')'));
}

function endOf(one) {
  const step = one.steps.find((other) => ['failed', 'timed_out', 'unknown'].includes(other.state));
  return element('td', {}, stateOf(one.state), one.state === 'failed' && step ? element('span', { class: 'quiet' }, ` in ${step.name}`) : '');
}

function historyTable(list) {
  const table = element('table', {}, element('caption', { hidden: '' }, 'Deployments that have ended'));
  const titles = ['Deployment', 'End', 'Version', 'Took', 'When'];
  table.append(element('thead', {}, element('tr', {}, ...titles.map((title) => element('th', { scope: 'col' }, title)))));
  const body = element('tbody');
  for (const one of list)
    body.append(element('tr', { 'data-key': one.id }, element('td', {}, element('span', {}, what(one)), ' ', link(one)),
      endOf(one), element('td', {}, one.ref || ''), element('td', {}, since(one.started_at, one.finished_at)),
      element('td', {}, clock(one.finished_at))));
  table.append(body);
  return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Deployments that have ended' }, table);
}

function pastTable(list) {
  const table = element('table', {}, element('caption', { hidden: '' }, 'Incidents that are over'));
  const titles = ['Incident', 'Title', 'Priority', 'Service', 'Took', 'When'];
  table.append(element('thead', {}, element('tr', {}, ...titles.map((title) => element('th', { scope: 'col' }, title)))));
  const body = element('tbody');
  for (const one of list)
    body.append(element('tr', { 'data-key': one.id }, element('td', {}, link(one)), element('td', {}, titleOf(one)),
      element('td', {}, priorityOf(one)), element('td', {}, one.service || ''),
      element('td', {}, duration(((one.detail || {}).duration_s || 0) * 1000)), element('td', {}, clock(one.created_at))));
  table.append(body);
  return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Incidents that are over' }, table);
}

function settleText(old, text) {
  if (text.startsWith(old.data)) old.appendData(text.slice(old.data.length));
  else old.data = text;
}

function settleAttributes(old, made) {
  for (const name of old.getAttributeNames()) if (!made.hasAttribute(name)) old.removeAttribute(name);
  for (const name of made.getAttributeNames())
    if (old.getAttribute(name) !== made.getAttribute(name)) old.setAttribute(name, made.getAttribute(name));
}

const keyOf = (node) => (node.dataset ? node.dataset.key || '' : '');
const alike = (old, made) => old.nodeName === made.nodeName && keyOf(old) === keyOf(made);

// What is there stays there and only what differs is changed: focus, a selection and scrolling outlive it.
function settle(parent, made) {
  let old = parent.firstChild;
  const drop = () => { const gone = old; old = old.nextSibling; gone.remove(); };
  for (const node of made) {
    let same = old;
    while (same && !alike(same, node)) same = same.nextSibling;
    if (!same) { parent.insertBefore(node, old); continue; }
    while (old !== same) drop();
    old = same.nextSibling;
    if (same.nodeType === Node.TEXT_NODE) settleText(same, node.data);
    else { settleAttributes(same, node); settle(same, [...node.childNodes]); }
  }
  while (old) drop();
}

// Output is followed to its end, until somebody scrolls up to read it.
const read = new WeakSet();
document.addEventListener('scroll', ({ target }) => {
  if (!target.matches || !target.matches('.output')) return;
  if (target.scrollHeight - target.scrollTop - target.clientHeight < 8) read.delete(target);
  else read.add(target);
}, true);

function follow() {
  for (const output of document.querySelectorAll('.output')) if (!read.has(output)) output.scrollTop = output.scrollHeight;
}

function draw(id, from, make) {
  const key = JSON.stringify(from);
  if (drawn.get(id) === key) return;
  drawn.set(id, key);
  settle($(id), make());
  follow();
}

const orNone = (list, text) => (list.length ? list : [element('p', { class: 'none' }, text)]);

function drawLine(list) {
  const waiting = list.filter((one) => one.position);
  const needy = (one) => one.state === 'needs_a_human';
  const running = list.filter((one) => !one.position).sort((a, b) => needy(b) - needy(a));
  const second = running.length ? Math.floor(Date.now() / 1000) : 0; // durations go on
  draw('running', [running, second], () => orNone(running.map(runningCard), 'Nothing runs.'));
  draw('line', [waiting, running.map((one) => one.id), Math.floor(Date.now() / 10000)], () => orNone(waiting.map((one) => lineCard(one, running)), 'Nobody waits.'));
  const needing = running.filter(needy).length, moving = running.length - needing;
  document.title = [needing && `${needing} ${needing === 1 ? 'needs' : 'need'} a human`, moving && `${moving} running`, 'Slipway']
    .filter(Boolean).join(' · ');
}

// These parts are there only while there is something in them.
function drawPart(id, list, make, every) {
  $(`${id}-part`).hidden = list.length === 0;
  draw(id, [list, list.length ? Math.floor(Date.now() / every) : 0], () => list.map(make));
}

function drawServices(list) {
  const names = [...new Set([...services, ...list.map((one) => one.service).filter(Boolean)])].sort();
  if (names.length === services.length) return;
  services = names;
  const chosen = $('service').value;
  $('service').replaceChildren(element('option', { value: '' }, 'all'),
    ...names.map((name) => element('option', { value: name }, name)));
  $('service').value = chosen;
}

function fact(list, name, value) {
  if (value) list.append(element('dt', {}, name), element('dd', {}, value));
}

function drawOne(one, timeline) {
  const moving = one.finished_at ? 0 : Math.floor(Date.now() / 1000);
  $('one-title').textContent = `${what(one)} ${one.ref || ''}`;
  draw('one-body', [one, moving, timeline], () => {
    const facts = element('dl');
    fact(facts, 'State', stateOf(one.state));
    fact(facts, 'Id', element('code', {}, one.id));
    fact(facts, 'Lane', one.lane);
    fact(facts, 'Place in line', one.position ? String(one.position) : '');
    fact(facts, 'Asked for', clock(one.created_at));
    fact(facts, 'By', one.requested_by);
    fact(facts, 'Started', clock(one.started_at));
    fact(facts, 'Ended', clock(one.finished_at));
    fact(facts, one.finished_at ? 'Took' : 'Runs for', since(one.started_at, one.finished_at));
    fact(facts, 'Parameters', Object.entries(one.params || {}).map(([name, value]) => `${name}=${value}`).join(' '));
    fact(facts, 'Cancelled by', one.cancelled_by);
    fact(facts, 'Error', one.error ? element('div', {}, errorOf(one), element('p', { class: 'quiet' }, one.error.code)) : '');
    const list = element('ol', { class: 'log' }, ...timeline.map((entry) => timelineEntry(one, entry)));
    return [element('article', { class: 'card' }, facts, heldBy(one.held), waysOut(one), steps(one, () => true)),
      ...(timeline.length ? [element('h3', {}, 'Timeline'), list] : [])];
  });
}

const time = (ms) => element('time', { datetime: new Date(ms).toISOString() }, new Date(ms).toLocaleString());
const outward = (url, text) => (/^https?:/.test(url || '') ? element('a', { href: url, rel: 'noreferrer' }, text) : text);

// People's words as Slack keeps them: <@U1>, <#C1|name>, <https://x|label>, &lt;.
function said(one, text) {
  return (text || '').replace(/<@(\w+)(?:\|[^>]*)?>/g, (whole, id) => '@' + person(one, id))
    .replace(/<#(\w+)(?:\|([^>]*))?>/g, (whole, id, name) => '#' + (name || id))
    .replace(/<(https?:[^|>]*)(?:\|([^>]*))?>/g, (whole, url, label) => label || url)
    .replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}

function timelineEntry(one, entry) {
  const by = [person(one, entry.by), entry.edits ? 'edited' : ''].filter(Boolean).join(', ');
  const text = entry.deleted ? `taken off by ${person(one, entry.deleted.by)}` : said(one, entry.text);
  return element('li', {}, `${words(entry.type || 'note')}: `, outward(entry.link, text), ' ',
    element('span', { class: 'quiet' }, by ? `${by} ` : '', time(entry.said_at || entry.at)));
}

function incidentLists(facts, one, detail) {
  const texts = (list, key) => (list || []).map((item) => (item && item[key]) || item).join(', ');
  fact(facts, 'Blocked on', (detail.blockers || []).map((blocker) => said(one, [blocker.who, blocker.why].filter(Boolean).join(': '))).join(', '));
  fact(facts, 'Components', texts(detail.components, 'text'));
  fact(facts, 'Affected', texts(detail.affected, 'text'));
  fact(facts, 'Holds', texts(detail.holds, 'what'));
  fact(facts, 'Caused by', detail.cause ? link({ id: detail.cause }) : '');
  fact(facts, 'Tracker', detail.tracker ? outward(detail.tracker.url, detail.tracker.key) : '');
  fact(facts, 'Slack refused', (detail.failed_orders || []).map((order) => `${order.what}: ${order.error}`).join(', '));
}

function drawIncident(one, timeline) {
  const detail = one.detail || {};
  $('one-title').textContent = titleOf(one);
  draw('one-body', [one, timeline], () => {
    const facts = element('dl');
    fact(facts, 'State', stateOf(one.state));
    fact(facts, 'Id', element('code', {}, one.id));
    fact(facts, 'Priority', priorityOf(one));
    fact(facts, 'Service', one.service ? what(one) : '');
    fact(facts, 'Who', roles(one));
    fact(facts, 'Summary', said(one, detail.summary));
    fact(facts, 'Channel', (detail.channel || {}).name);
    fact(facts, 'Declared', clock(one.created_at));
    fact(facts, 'By', one.requested_by ? person(one, one.requested_by) : '');
    for (const [name, at] of Object.entries(detail.times || {}))
      if (at && name !== 'created') fact(facts, words(name).replace(/^./, (first) => first.toUpperCase()), time(at));
    incidentLists(facts, one, detail);
    const list = element('ol', { class: 'log' }, ...timeline.map((entry) => timelineEntry(one, entry)));
    return [element('article', { class: 'card' }, facts), element('h3', {}, 'Timeline'),
      timeline.length ? list : element('p', { class: 'none' }, 'Nothing that is shown here.')];
  });
}

function show(id) {
  const part = $(id), shown = !part.hidden;
  for (const other of ['login', 'one', 'all']) $(other).hidden = other !== id;
  if (!shown) follow(); // what is hidden cannot be scrolled
}

function say(state, text) {
  if ($('health-text').textContent === text) return; // said once: it is read aloud
  $('health').dataset.state = state;
  $('health-text').textContent = text;
}

// Asked for again only when something has happened: it may be long. A private one's is not told.
let told = { key: '', timeline: [] };
async function timelineOf(one) {
  const key = `${one.id} ${one.n}`;
  if (told.key !== key)
    told = { key, timeline: one.detail ? (await ask(`/api/v1/workflows/${one.id}/timeline`)).timeline : [] };
  return told.timeline;
}

async function lookAtOne(id) {
  const one = await ask(`/api/v1/workflows/${encodeURIComponent(id)}`);
  if (one.kind === 'incident') drawIncident(one, await timelineOf(one));
  else drawOne(one, await timelineOf(one));
  show('one');
}

async function lookAtAll() {
  const line = await ask('/api/v1/workflows');
  drawLine(line.workflows);
  drawPart('incidents', (await ask('/api/v1/incidents')).incidents, incidentCard, 1000);
  drawPart('holds', (await ask('/api/v1/holds')).holds, holdCard, 60000);
  if (round % HISTORY_EVERY === 0) {
    const service = $('service').value;
    const filter = service ? `&service=${encodeURIComponent(service)}` : '';
    const history = (await ask(`/api/v1/history?limit=${HISTORY_LIMIT}${filter}`)).workflows;
    drawServices(history);
    draw('history', history, () => (history.length ? [historyTable(history)] : orNone([], 'Nothing has ended yet.')));
    const past = (await ask(`/api/v1/history?kind=incident&limit=${HISTORY_LIMIT}${filter}`)).workflows;
    $('past-part').hidden = past.length === 0;
    draw('past', past, () => [pastTable(past)]);
  }
  show('all');
}

async function look() {
  const id = decodeURIComponent(location.hash.slice(1));
  try {
    await (id && id !== 'main' ? lookAtOne(id) : lookAtAll());
    say('good', 'live');
    seen = new Date().toLocaleTimeString();
    round += 1;
  } catch (error) {
    if (error instanceof Refused) {
      say('bad', token ? 'the token is wrong' : 'a token is needed');
      if ($('login').hidden) { show('login'); $('token').focus(); }
      return;
    }
    const old = seen ? `; what stands here is of ${seen}` : '';
    say('bad', (error instanceof TypeError ? 'the orchestrator does not answer' : error.message) + old);
  }
}

async function keepLooking() {
  if (!document.hidden && $('login').hidden) await look();
  setTimeout(keepLooking, EVERY_MS);
}

$('login').addEventListener('submit', (event) => {
  event.preventDefault();
  token = $('token').value.trim();
  sessionStorage.setItem('slipway-token', token);
  $('login').hidden = true;
  round = 0;
  look();
});
$('service').addEventListener('change', () => { round = 0; drawn.delete('history'); drawn.delete('past'); look(); });
window.addEventListener('hashchange', () => { round = 0; drawn.delete('one-body'); look().then(() => window.scrollTo(0, 0)); });
keepLooking();
