// SPDX-License-Identifier: Apache-2.0
// composer: the field to type in: completion of commands and dot-words, the last lines, sending, answering in a thread,
// editing. Starts the page.
'use strict';

function grow() {
  const input = $('input');
  input.style.height = 'auto';
  input.style.height = input.scrollHeight + 'px';
  $('send').disabled = !input.value.trim();
}

function say(text, failed) {
  $('hint').replaceChildren(Mrkdwn.render(text, names));
  $('hint').className = failed ? 'failed' : '';
}

// ---- completion

function offers() {
  const typed = $('input').value.toLowerCase();
  if (!/^[/.]/.test(typed) || typed.includes('\n')) return [];
  return (typed[0] === '/' ? COMMANDS : DOT_WORDS).filter(([command, rest]) => {
    const whole = rest ? `${command} ${rest}` : command;
    return whole.startsWith(typed.trimEnd()) && whole !== typed.trimEnd();
  });
}

function fill([command, rest]) {
  const blank = rest.indexOf('<');
  $('input').value = `${command} ${blank < 0 ? rest : rest.slice(0, blank)}`.trimEnd() + (blank < 0 && rest ? '' : ' ');
  $('input').focus();
  grow();
  showOffers();
}

function select(index) {
  const items = [...$('completion').children];
  state.choice = items.length ? (index + items.length) % items.length : -1;
  items.forEach((item, i) => item.setAttribute('aria-selected', String(i === state.choice)));
  if (state.choice >= 0) {
    $('input').setAttribute('aria-activedescendant', items[state.choice].id);
    items[state.choice].scrollIntoView({ block: 'nearest' });
  } else {
    $('input').removeAttribute('aria-activedescendant');
  }
}

function hideOffers() {
  $('completion').hidden = true;
  $('completion').replaceChildren();
  $('input').setAttribute('aria-expanded', 'false');
  select(-1);
  state.choice = -1;
}

function showOffers() {
  const list = offers();
  if (!list.length) return hideOffers();
  $('completion').replaceChildren(...list.map((offer, index) => {
    const item = make('li', '', make('b', '', offer[1] ? `${offer[0]} ${offer[1]}` : offer[0]), make('span', '', offer[2]));
    item.id = 'offer' + index;
    item.setAttribute('role', 'option');
    item.setAttribute('aria-selected', 'false');
    item.addEventListener('mousedown', (event) => { event.preventDefault(); fill(offer); });
    return item;
  }));
  $('completion').hidden = false;
  $('input').setAttribute('aria-expanded', 'true');
  state.choice = -1;
}

// ---- sending

async function sendCommand(line) {
  const [, command, text] = /^(\/\S+)\s*([\s\S]*)$/.exec(line);
  say(`Sending \`${command}\` …`);
  const answer = await post('commands', { user: state.user, channel: state.channel, command, text: text.trim() });
  if (answer.ok) say(`Answered in ${answer.ms} ms.`);
  else say(`\`${command}\` failed: ${answer.error}`, true);
}

// "typed": mentions and addresses in it are the simulator's to find, as they are a client's to.
async function sendMessage(line) {
  const { mode } = state;
  const place = { user: state.user, channel: state.channel, text: line, typed: true };
  Composer.leave();
  const answer = mode?.kind === 'edit' ? await post('messages/edit', { ...place, ts: mode.message.ts })
    : await post('messages', mode ? { ...place, thread_ts: mode.message.thread_ts || mode.message.ts } : place);
  if (!answer.ok) say(`It was not sent: \`${answer.error}\`.`, true);
  else if (mode?.kind === 'reply') openThread(mode.message.thread_ts || mode.message.ts);
}

function openThread(ts) {
  const details = $('m' + ts)?.querySelector('details');
  if (details) details.open = true;
}

async function send() {
  const line = $('input').value.trim();
  if (!line) return;
  hideOffers();
  state.past = state.past.filter((old) => old !== line).concat(line).slice(-50);
  state.pastAt = state.past.length;
  $('input').value = '';
  grow();
  if (!state.mode) toEnd();
  try {
    await (line.startsWith('/') && !state.mode ? sendCommand(line) : sendMessage(line));
  } catch {
    say('The simulator does not answer. Is it running?', true);
    if (!$('input').value) $('input').value = line;
    grow();
  }
}

// What the next line is: a message, an answer in a thread, or a message of one's own anew.
const Composer = (() => {
  function enter(kind, message, text, label) {
    state.mode = { kind, message };
    $('mode-text').textContent = label;
    $('mode').hidden = false;
    $('input').value = text;
    $('input').focus();
    grow();
  }

  function leave() {
    if (state.mode?.kind === 'edit') $('input').value = '';
    state.mode = null;
    $('mode').hidden = true;
    grow();
  }

  const plain = (text) => text.replace(/<@(\w+)(\|[^>]*)?>/g, (whole, id) => '@' + (names.user(id) || id))
    .replace(/<#(\w+)(\|[^>]*)?>/g, (whole, id) => '#' + (names.channel(id) || id)).replace(/<(https?:[^|>]*)(\|[^>]*)?>/g, '$1')
    .replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
  const reply = (message) => enter('reply', message, '', `Answering ${state.users.get(message.user)?.real_name || 'a message'} in the thread`);
  const edit = (message) => enter('edit', message, plain(message.text || ''), 'Editing your message');

  return { reply, edit, leave, say };
})();

function recall(step) {
  state.pastAt = Math.max(0, Math.min(state.past.length, state.pastAt + step));
  $('input').value = state.past[state.pastAt] || '';
  grow();
}

function onKey(event) {
  const open = !$('completion').hidden;
  const moves = { ArrowDown: 1, ArrowUp: -1 };
  if (open && moves[event.key]) select(state.choice < 0 && event.key === 'ArrowUp' ? -1 : state.choice + moves[event.key]);
  else if (open && event.key === 'Escape') hideOffers();
  else if (state.mode && event.key === 'Escape') Composer.leave();
  else if (open && ((event.key === 'Tab' && !event.shiftKey) || (event.key === 'Enter' && state.choice >= 0))) fill(offers()[Math.max(0, state.choice)]);
  else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) send();
  else if (moves[event.key] && (!$('input').value || state.past.includes($('input').value))) { recall(moves[event.key]); hideOffers(); }
  else return;
  event.preventDefault();
}

function listen() {
  $('input').addEventListener('keydown', onKey);
  $('input').addEventListener('input', () => { grow(); showOffers(); });
  $('input').addEventListener('blur', () => setTimeout(hideOffers, 100));
  $('composer').addEventListener('submit', (event) => { event.preventDefault(); send(); });
  $('newer').addEventListener('click', toEnd);
  $('mode-leave').addEventListener('click', () => { Composer.leave(); $('input').focus(); });
  $('scroll').addEventListener('scroll', () => { if (atEnd()) $('newer').hidden = true; });
  for (const button of document.querySelectorAll('[data-fill]')) {
    button.addEventListener('click', () => { $('input').value = button.dataset.fill; $('input').focus(); grow(); hideOffers(); });
  }
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') Sidebar.close();
    const typing = event.target.closest?.('input, textarea, dialog, button, a');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) $('input').focus();
  });
}

// "/archives/C.../p1700000000000001" is the permalink of a message.
function goToPermalink() {
  const parts = /^\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})/.exec(location.pathname);
  if (!parts) return;
  Sidebar.open(parts[1]);
  setTimeout(() => $(`m${parts[2]}.${parts[3]}`)?.scrollIntoView({ block: 'center' }), 600);
}

async function start() {
  const info = await (await fetch('/sandbox/v1/info')).json();
  info.users.forEach((user) => state.users.set(user.id, user));
  state.user = state.users.has(sessionStorage.getItem('user')) ? sessionStorage.getItem('user') : info.users[0].id;
  const { channels } = await (await fetch('/sandbox/v1/channels?user=' + encodeURIComponent(state.user))).json();
  channels.forEach((channel) => state.channels.set(channel.id, channel));
  Sidebar.drawPeople();
  Sidebar.listen();
  Modal.listen();
  listen();
  Sidebar.become(state.user);
  Sidebar.open(sessionStorage.getItem('channel') || channels[0].id);
  goToPermalink();
  if (matchMedia('(min-width: 701px)').matches) $('input').focus();
}

start().catch(() => { $('live').textContent = 'the simulator does not answer'; });
