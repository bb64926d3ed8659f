// SPDX-License-Identifier: Apache-2.0
// page: the channel and its messages. State comes from /sandbox/v1/stream; what a person does goes to the other paths of
// /sandbox/v1. sidebar.js has channels and people, tools.js what one does with a message, modal.js forms, composer.js the
// field to type in.
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
  ['/incident', '', 'declare an incident in a form'],
  ['/incident', 'start P2 service=site It is down', 'declare one in a line'],
  ['/incident', 'list', 'the open incidents'],
  ['/incident', 'help', 'what can be said about incidents'],
  ['/check_status', '<id>', 'the truth about one deployment'],
];
const DOT_WORDS = [
  ['.start', 'P2 service=site It is down', 'declare an incident'], ['.point', '', 'lead it'], ['.comms', '', 'keep everybody informed'],
  ['.summary', '<what is known>', 'what is known'], ['.note', '<text>', 'into the timeline'], ['.notify', '<text>', 'tell everybody'],
  ['.blocked', '<by whom> => <why>', 'it waits for somebody'], ['.mitigated', '', 'nobody suffers any more'], ['.resolve', '', 'it is over'],
  ['.next', '', 'the review'], ['.status', '', 'how it stands'], ['.history', '', 'the timeline'], ['.help', '', 'what can be said'],
];
const COLOURS = ['#8a4b9c', '#c2572b', '#2b7a4b', '#a33a5e', '#1164a3', '#5c5c66'];

// mode: what the next line that is sent is: null, or {kind: 'reply' or 'edit', message}.
const state = { users: new Map(), channels: new Map(), messages: new Map(), user: '', channel: '', source: null, past: [], pastAt: 0, choice: -1, mode: null };
const names = { user: (id) => state.users.get(id)?.name, channel: (id) => state.channels.get(id)?.name };

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

// "Bob joined", "the topic is now ...": one dim line.
function renderNotice(message) {
  const node = make('li', 'message notice', make('span', '', ''), make('div', 'column', Mrkdwn.render(message.text || '', names)));
  node.id = 'm' + message.ts;
  return node;
}

const isNotice = (message) => /^(channel|group)_|^(pinned|unpinned)_item$/.test(message.subtype || '');
const isPinned = (message) => (state.channels.get(message.channel)?.pins || []).some((pin) => pin.ts === message.ts);

const pinned = () => make('div', 'seen', '📌 Pinned');

function render(message) {
  if (isNotice(message)) return renderNotice(message);
  const user = state.users.get(message.user);
  const node = make('li', 'message');
  const column = make('div', 'column', who(message, user));
  const body = make('div', 'body');
  if (message.blocks?.length) body.append(Blocks.render(message.blocks, { names, press: press(message) }));
  else body.append(Mrkdwn.render(message.text || '', names));
  column.append(body);
  if (message.reactions?.length) column.append(Tools.reactions(message));
  node.id = 'm' + message.ts;
  if (message.ephemeral_for) {
    node.classList.add('private');
    column.prepend(onlyYou());
  } else {
    node.append(Tools.bar(message));
    if (isPinned(message)) column.prepend(pinned());
  }
  node.prepend(avatar(user), column);
  return node;
}

const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts && state.messages.has(message.thread_ts);

function thread(parent, node, wasOpen) {
  const replies = [...state.messages.values()].filter((m) => m.thread_ts === parent.ts && m.ts !== parent.ts && !m.deleted);
  if (!replies.length) return;
  const details = make('details', 'thread', make('summary', '', `${replies.length} ${replies.length > 1 ? 'replies' : 'reply'}`));
  details.open = wasOpen ?? replies.length <= 3;
  const list = make('ol', '');
  list.append(...replies.sort((a, b) => (a.ts < b.ts ? -1 : 1)).map(render));
  details.append(list);
  node.append(details);
}

const atEnd = () => $('scroll').scrollHeight - $('scroll').scrollTop - $('scroll').clientHeight < 80;
const toEnd = () => { $('scroll').scrollTop = $('scroll').scrollHeight; $('newer').hidden = true; };

// Puts one message where it belongs, in place when it is there already; keeps the focus on the button that had it.
function place(message) {
  const old = $('m' + message.ts);
  const focus = old?.contains(document.activeElement) ? document.activeElement.dataset.action || '' : null;
  if (message.deleted || message.channel !== state.channel) {
    if (old && message.channel === state.channel) old.remove();
    return;
  }
  if (isReply(message)) return place(state.messages.get(message.thread_ts));
  const node = render(message);
  thread(message, node, old?.querySelector('details')?.open);
  if (old) {
    old.replaceWith(node);
    if (state.ready) node.classList.add('flash');
  } else {
    const next = [...$('messages').children].find((other) => other.id > node.id);
    $('messages').insertBefore(node, next || null);
  }
  if (focus !== null) (node.querySelector(`[data-action="${CSS.escape(focus)}"]`) || $('input')).focus();
}

function receiveMessage(message) {
  const follow = atEnd();
  const known = state.messages.has(message.ts);
  state.messages.set(message.ts, message);
  place(message);
  if (message.channel === state.channel) {
    if (follow) toEnd();
    else if (!known) $('newer').hidden = false;
  } else if (!known && state.ready) {
    Sidebar.unread(message.channel);
  }
}

function receiveChannel(channel) {
  const before = state.channels.get(channel.id);
  if (channel.gone) state.channels.delete(channel.id);
  else state.channels.set(channel.id, channel);
  Sidebar.draw();
  if (channel.id !== state.channel) return;
  Sidebar.describe();
  const pins = (one) => JSON.stringify((one?.pins || []).map((pin) => pin.ts));
  if (before && pins(before) !== pins(channel)) redraw(true);
}

function redraw(stay) {
  const at = $('scroll').scrollTop;
  $('messages').replaceChildren();
  [...state.messages.values()].sort((a, b) => (a.ts < b.ts ? -1 : 1)).forEach(place);
  if (stay) $('scroll').scrollTop = at;
  else toEnd();
}

// ---- live changes

// What came first has come: from now on changes are news. The open channel may be one that this person does not see.
function settle() {
  state.ready = true;
  if (!state.channels.has(state.channel)) Sidebar.open('');
}

function connect() {
  state.source?.close();
  state.messages.clear();
  state.ready = false;
  Modal.receive([]);
  redraw();
  let silent = 0;
  const source = (state.source = new EventSource('/sandbox/v1/stream?user=' + encodeURIComponent(state.user)));
  const live = (on) => {
    $('live').textContent = on ? 'live' : 'reconnecting…';
    $('live').className = on ? 'on' : '';
  };
  source.addEventListener('open', () => { clearTimeout(silent); silent = 0; live(true); setTimeout(settle, 300); });
  source.addEventListener('error', () => { silent = silent || setTimeout(() => live(false), 3000); });
  source.addEventListener('message', (event) => receiveMessage(JSON.parse(event.data)));
  source.addEventListener('channel', (event) => receiveChannel(JSON.parse(event.data)));
  source.addEventListener('views', (event) => Modal.receive(JSON.parse(event.data).views));
  source.addEventListener('reset', () => { state.messages.clear(); state.channels.clear(); redraw(); });
}
