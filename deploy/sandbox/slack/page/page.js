// SPDX-License-Identifier: Apache-2.0
// page: the channel, its messages and the field to type in. State comes from /sandbox/v1/stream; what a person does goes
// to /sandbox/v1/commands, clicks and messages.
'use strict';
const { make } = Mrkdwn;
const $ = (id) => document.getElementById(id);

const COMMANDS = [
  ['/deploy', '', 'start the default deployment'],
  ['/deploy', 'site to production', 'a service, to an environment'],
  ['/deploy', 'site main to staging', 'a service at a git ref'],
  ['/deploy', 'demo FAIL=test', 'watch a step fail'],
  ['/deploy', 'demo SLEEP=30', 'a slow one, to cancel or to crash'],
  ['/deploy', 'status', 'what runs and what waits'],
  ['/deploy', 'cancel <id>', 'stop a deployment'],
  ['/deploy', 'retry <id>', 'go on with one that needs a human'],
  ['/deploy', 'help', 'what can be said'],
  ['/check_status', '<id>', 'the truth about one deployment'],
];
const COLOURS = ['#8a4b9c', '#c2572b', '#2b7a4b', '#a33a5e', '#1164a3', '#5c5c66'];

const state = { users: new Map(), channels: [], messages: new Map(), user: '', channel: '', source: null, past: [], pastAt: 0, choice: -1 };
const names = { user: (id) => state.users.get(id)?.name, channel: (id) => state.channels.find((c) => c.id === id)?.name };

async function post(path, body) {
  const answer = await fetch('/sandbox/v1/' + path, { method: 'POST', headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) });
  return answer.json();
}

// ---- messages

function svg(viewBox, path) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const shape = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  node.setAttribute('viewBox', viewBox);
  node.setAttribute('aria-hidden', 'true');
  shape.setAttribute('d', path);
  node.append(shape);
  return node;
}

function avatar(user) {
  const index = [...state.users.keys()].indexOf(user?.id);
  const node = make('span', 'avatar', user?.is_bot ? svg('0 0 16 16', 'M2 10h12l-2.5 3.500h-7zM8 2v7H3z') : (user?.real_name || '?')[0]);
  node.style.background = user?.is_bot ? '#1164a3' : COLOURS[(index + COLOURS.length) % COLOURS.length];
  node.setAttribute('aria-hidden', 'true');
  return node;
}

const timeOf = (ts) => new Date(parseFloat(ts) * 1000);

function who(message, user) {
  const at = timeOf(message.ts);
  const time = make('time', '', at.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' }));
  time.dateTime = at.toISOString();
  time.title = at.toLocaleString();
  const line = make('div', 'who', make('strong', '', user?.real_name || message.user), time);
  if (user?.is_bot || message.user === 'USLACKBOT') time.before(make('span', 'app', 'APP'));
  const versions = message.history.length;
  if (versions > 1) {
    const note = make('span', 'edited', message.edited ? '(edited)' : `updated ×${versions - 1}`);
    note.title = `${versions} versions`;
    line.append(note);
  }
  return line;
}

function onlyYou() {
  const note = make('div', 'seen', 'Only visible to you');
  note.prepend(svg('0 0 20 20', 'M10 4C5 4 2 10 2 10s3 6 8 6 8-6 8-6-3-6-8-6zm0 9.500A3.500 3.500 0 1110 6.500a3.500 3.500 0 010 7z'));
  return note;
}

function press(message) {
  return async (element, block) => {
    const answer = await post('clicks', { user: state.user, channel: message.channel, ts: message.ts, action_id: element.action_id, block_id: block.block_id, value: element.value })
      .catch(() => ({ error: 'the simulator does not answer' }));
    return answer.ok ? '' : answer.error;
  };
}

function render(message) {
  const user = state.users.get(message.user);
  const node = make('li', 'message');
  const column = make('div', 'column', who(message, user));
  const body = make('div', 'body');
  if (message.blocks?.length) body.append(Blocks.render(message.blocks, { names, press: press(message) }));
  else body.append(Mrkdwn.render(message.text || '', names));
  column.append(body);
  if (message.reactions) column.append(make('div', 'reactions', ...message.reactions.map((r) => make('span', '', `${Mrkdwn.emoji(':' + r.name + ':')} ${r.count}`))));
  node.id = 'm' + message.ts;
  if (message.ephemeral_for) {
    node.classList.add('private');
    column.prepend(onlyYou());
  }
  node.append(avatar(user), column);
  return node;
}

const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts && state.messages.has(message.thread_ts);

function thread(parent, node, wasOpen) {
  const replies = [...state.messages.values()].filter((m) => m.thread_ts === parent.ts && m.ts !== parent.ts && !m.deleted);
  if (!replies.length) return;
  const details = make('details', 'thread', make('summary', '', `${replies.length} ${replies.length > 1 ? 'replies' : 'reply'}`));
  details.open = wasOpen;
  const list = make('ol', '');
  list.style.cssText = 'list-style:none;margin:0;padding:0';
  list.append(...replies.sort((a, b) => (a.ts < b.ts ? -1 : 1)).map(render));
  details.append(list);
  node.append(details);
}

const atEnd = () => $('scroll').scrollHeight - $('scroll').scrollTop - $('scroll').clientHeight < 80;
const toEnd = () => { $('scroll').scrollTop = $('scroll').scrollHeight; $('newer').hidden = true; };

// Puts one message where it belongs, in place when it is there already; keeps the focus on the button that had it.
function place(message) {
  const old = $('m' + message.ts);
  const focus = old?.contains(document.activeElement) ? document.activeElement.dataset.action : null;
  if (message.deleted || message.channel !== state.channel) {
    if (old && message.channel === state.channel) old.remove();
    return;
  }
  if (isReply(message)) return place(state.messages.get(message.thread_ts));
  const node = render(message);
  thread(message, node, old?.querySelector('details')?.open || false);
  if (old) {
    old.replaceWith(node);
    if (state.ready) node.classList.add('flash');
  } else {
    const next = [...$('messages').children].find((other) => other.id > node.id);
    $('messages').insertBefore(node, next || null);
  }
  if (focus !== null) (node.querySelector(`[data-action="${CSS.escape(focus)}"]`) || $('input')).focus();
}

function receive(message) {
  const follow = atEnd();
  const known = state.messages.has(message.ts);
  state.messages.set(message.ts, message);
  place(message);
  if (message.channel === state.channel) {
    if (follow) toEnd();
    else if (!known) $('newer').hidden = false;
  } else if (!known && state.ready) {
    $('channels').querySelector(`[data-id="${message.channel}"]`)?.classList.add('unread');
  }
}

function redraw() {
  $('messages').replaceChildren();
  [...state.messages.values()].sort((a, b) => (a.ts < b.ts ? -1 : 1)).forEach(place);
  toEnd();
}

// ---- live changes

function connect() {
  state.source?.close();
  state.messages.clear();
  state.ready = false;
  redraw();
  let silent = 0;
  const source = (state.source = new EventSource('/sandbox/v1/stream?user=' + encodeURIComponent(state.user)));
  const live = (on) => {
    $('live').textContent = on ? 'live' : 'reconnecting…';
    $('live').className = on ? 'on' : '';
  };
  source.addEventListener('open', () => { clearTimeout(silent); silent = 0; live(true); setTimeout(() => { state.ready = true; }, 300); });
  source.addEventListener('error', () => { silent = silent || setTimeout(() => live(false), 3000); });
  source.addEventListener('message', (event) => receive(JSON.parse(event.data)));
  source.addEventListener('reset', () => { state.messages.clear(); redraw(); });
}

// ---- sidebar

function choose(list, attribute, value) {
  for (const button of list.querySelectorAll('button')) button.setAttribute('aria-current', String(button.dataset[attribute] === value));
}

function openChannel(id) {
  const channel = state.channels.find((c) => c.id === id) || state.channels[0];
  state.channel = channel.id;
  choose($('channels'), 'id', channel.id);
  $('channels').querySelector(`[data-id="${channel.id}"]`)?.classList.remove('unread');
  $('channel-name').textContent = channel.name;
  $('topic').textContent = channel.topic.value;
  $('welcome').querySelector('h2').textContent = '# ' + channel.name;
  $('welcome').querySelector('p').textContent = `This is the very beginning of the #${channel.name} channel.`;
  $('input').placeholder = matchMedia('(max-width: 700px)').matches ? `Message #${channel.name}` : `Message #${channel.name}, or / for a command`;
  sessionStorage.setItem('channel', channel.id);
  redraw();
}

function becomeUser(id) {
  state.user = id;
  choose($('people'), 'id', id);
  sessionStorage.setItem('user', id);
  connect();
}

function sidebarButton(id, ...children) {
  const button = make('button', '', ...children);
  button.type = 'button';
  button.dataset.id = id;
  return make('li', '', button);
}

function closeMenu() {
  $('sidebar').classList.remove('open');
  $('menu').setAttribute('aria-expanded', 'false');
}

function buildSidebar() {
  for (const channel of state.channels) {
    const hash = make('span', '', '#');
    hash.setAttribute('aria-hidden', 'true');
    const item = sidebarButton(channel.id, hash, channel.name);
    if (channel.is_archived) item.firstChild.append(make('span', 'tag', 'archived'));
    $('channels').append(item);
  }
  for (const user of state.users.values()) {
    if (user.is_bot || user.id === 'USLACKBOT') continue;
    const item = sidebarButton(user.id, avatar(user), user.real_name.replace(' (guest)', ''));
    if (user.is_restricted) item.firstChild.append(make('span', 'tag', 'guest'));
    $('people').append(item);
  }
  $('channels').addEventListener('click', (event) => { const b = event.target.closest('button'); if (b) { openChannel(b.dataset.id); closeMenu(); } });
  $('people').addEventListener('click', (event) => { const b = event.target.closest('button'); if (b) { becomeUser(b.dataset.id); closeMenu(); } });
  document.querySelector('main').addEventListener('click', (event) => { if (!event.target.closest('#menu')) closeMenu(); });
  $('menu').addEventListener('click', () => {
    const open = $('sidebar').classList.toggle('open');
    $('menu').setAttribute('aria-expanded', String(open));
    if (open) $('channels').querySelector('button').focus();
  });
}
