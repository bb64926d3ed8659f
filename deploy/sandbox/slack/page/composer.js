// SPDX-License-Identifier: Apache-2.0
// composer: the field to type in: slash-command completion, the last commands, sending. Starts the page.
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
  if (!typed.startsWith('/') || typed.includes('\n')) return [];
  return COMMANDS.filter(([command, rest]) => {
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

async function send() {
  const line = $('input').value.trim();
  if (!line) return;
  hideOffers();
  state.past = state.past.filter((old) => old !== line).concat(line).slice(-50);
  state.pastAt = state.past.length;
  $('input').value = '';
  grow();
  toEnd();
  try {
    if (line.startsWith('/')) await sendCommand(line);
    else await post('messages', { user: state.user, channel: state.channel, text: escapeText(line) });
  } catch {
    say('The simulator does not answer. Is it running?', true);
    if (!$('input').value) $('input').value = line;
    grow();
  }
}

const escapeText = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
  .replace(/@(\w+)/g, (whole, name) => { const user = [...state.users.values()].find((u) => u.name === name); return user ? `<@${user.id}>` : whole; });

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
  $('scroll').addEventListener('scroll', () => { if (atEnd()) $('newer').hidden = true; });
  for (const button of document.querySelectorAll('[data-fill]')) {
    button.addEventListener('click', () => { $('input').value = button.dataset.fill; $('input').focus(); grow(); hideOffers(); });
  }
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') closeMenu();
    const typing = event.target.closest?.('input, textarea, dialog, button, a');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) $('input').focus();
  });
}

// "/archives/C.../p1700000000000001" is the permalink of a message.
function goToPermalink() {
  const parts = /^\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})/.exec(location.pathname);
  if (!parts) return;
  openChannel(parts[1]);
  setTimeout(() => $(`m${parts[2]}.${parts[3]}`)?.scrollIntoView({ block: 'center' }), 600);
}

async function start() {
  const info = await (await fetch('/sandbox/v1/info')).json();
  info.users.forEach((user) => state.users.set(user.id, user));
  state.channels = info.channels.filter((channel) => !channel.is_im);
  buildSidebar();
  listen();
  openChannel(sessionStorage.getItem('channel') || state.channels[0].id);
  becomeUser(state.users.has(sessionStorage.getItem('user')) ? sessionStorage.getItem('user') : info.users[0].id);
  goToPermalink();
  if (matchMedia('(min-width: 701px)').matches) $('input').focus();
}

start().catch(() => { $('live').textContent = 'the simulator does not answer'; });
