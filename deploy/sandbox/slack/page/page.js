// SPDX-License-Identifier: Apache-2.0
// page: what is known (state), which comes from /sandbox/v1/stream, and the way to act: post(). The other scripts show it.
'use strict';
const { make } = Mrkdwn;
const $ = (id) => document.getElementById(id);

// channel: an id, or "@slipway" while there is no direct message with the app yet. unread: channel id -> mentions.
const state = {
  users: new Map(), channels: new Map(), messages: new Map(), unread: new Map(), drafts: new Map(),
  user: '', channel: '', source: null, ready: false, afterFirst: null,
};
const APP_ROOM = '@slipway';
const GROUPS = {}; // id -> handle
const names = {
  user: (id) => state.users.get(id)?.name,
  channel: (id) => state.channels.get(id)?.name,
  group: (id) => GROUPS[id],
  me: (id) => id === state.user,
};

// What Slack's words for a refusal mean.
const REFUSALS = {
  not_in_channel: 'You are not in this channel.', is_archived: 'This channel is archived.', channel_not_found: 'There is no such channel here.',
  cant_update_message: 'Only your own messages can be edited.', cant_delete_message: 'Only your own messages can be deleted.',
  message_not_found: 'This message is gone.', already_pinned: 'It is pinned already.', too_many_pins: 'There are 100 pins already.',
  already_in_channel: 'Already in this channel.', cant_leave_general: 'Nobody leaves #general.', cant_archive_general: '#general cannot be archived.',
  name_taken: 'Another channel has this name already.', invalid_name_specials: 'Only lower-case letters, digits, - and _ can be in a name.',
  invalid_name_required: 'A name is needed.', invalid_name_maxlength: 'A name has at most 80 characters.',
  invalid_name_punctuation: 'A name needs a letter or a digit.', too_long: 'It has at most 250 characters.',
  no_user: 'Who? Name somebody with @.', cant_kick_self: 'Use /leave for yourself.', cant_kick_from_general: 'Nobody is removed from #general.',
  cant_invite_self: 'You are in it already.', user_not_found: 'This person cannot be added here.',
  too_many_emoji: 'There are 50 different reactions already.', restricted_action: 'You may not do this.',
};

async function post(path, body) {
  const answer = await fetch('/sandbox/v1/' + path, { method: 'POST', headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: JSON.stringify({ user: state.user, ...body }) });
  return answer.json();
}

// post(), and a refusal as a sentence; "" when it was done.
async function act(path, body) {
  const answer = await post(path, body).catch(() => ({ error: 'The simulator does not answer. Is it running?' }));
  return answer.ok ? '' : REFUSALS[answer.error] || answer.error;
}

// The same for what has no place of its own to show a refusal.
async function attempt(path, body) {
  const error = await act(path, body);
  if (error) toast(error);
  return !error;
}

let toastTimer = 0;
function toast(text) {
  clearTimeout(toastTimer);
  $('toast').textContent = text;
  $('toast').hidden = false;
  toastTimer = setTimeout(() => { $('toast').hidden = true; }, 5000);
}

// Where the focus in a field brings up a keyboard over half of the page.
const isPhone = () => matchMedia('(max-width: 700px)').matches;
const room = () => state.channels.get(state.channel);
const isMember = (channel) => Boolean(channel?.members?.includes(state.user));
const mayWrite = () => state.channel === APP_ROOM || (isMember(room()) && !room().is_archived);

// ---- live changes

function receiveMessage(message) {
  const known = state.messages.has(message.ts);
  state.messages.set(message.ts, message);
  if (message.channel === state.channel) Messages.changed(message, known);
  else if (!known && !message.deleted && state.ready) noteUnread(message);
}

// Threads do not make a channel unread, but a mention does.
function noteUnread(message) {
  const mentions = (message.text || '').includes(`<@${state.user}`) ? 1 : 0;
  const channel = state.channels.get(message.channel);
  const quiet = message.subtype || (message.thread_ts && message.thread_ts !== message.ts);
  if (!isMember(channel) || (quiet && !mentions)) return;
  state.unread.set(message.channel, (state.unread.get(message.channel) || 0) + mentions);
  Sidebar.draw();
}

async function fetchMessages(channel) {
  const answer = await (await fetch(`/sandbox/v1/messages?user=${state.user}&channel=${channel}`)).json();
  answer.messages.forEach(receiveMessage);
}

function receiveChannel(channel) {
  const isNew = !state.channels.has(channel.id);
  if (channel.gone) state.channels.delete(channel.id);
  else state.channels.set(channel.id, channel);
  if (isNew && !channel.gone && state.ready) {
    if (isMember(channel)) state.unread.set(channel.id, 0);
    fetchMessages(channel.id).catch(() => {}); // what was said before this person could see it
  }
  if (state.channel === APP_ROOM && channel.is_im && !channel.gone) return Channel.open(channel.id);
  Sidebar.draw();
  if (channel.id === state.channel) channel.gone ? Channel.open('') : Channel.show();
}

function forget() {
  for (const map of [state.messages, state.channels, state.unread]) map.clear();
  Messages.redraw();
}

// The first answer of the stream is in: what comes from now on is news.
function settle(source) {
  if (state.source !== source || state.ready) return;
  state.ready = true;
  const then = state.afterFirst;
  state.afterFirst = null;
  if (room()) Messages.redraw(); // not more than is shown at once
  if (then) then();
  else if (!room() && state.channel !== APP_ROOM) Channel.open('');
}

function live(on) {
  $('live').textContent = on ? 'live' : 'reconnecting…';
  $('live').className = on ? 'on' : '';
}

// The stream is silent while nothing happens, so whether the simulator is there is asked in another way.
let checkTimer = 0;
function checkSoon(ms) {
  clearTimeout(checkTimer);
  checkTimer = setTimeout(async () => {
    const there = await fetch('/sandbox/v1/faults').then((answer) => answer.ok, () => false);
    live(there);
    if (there && state.source.readyState === EventSource.CLOSED) connect();
    checkSoon(there ? 10000 : 2000);
  }, ms);
}

// The workspace is another one: the simulator was started again, or a test has reset it.
function startOver() {
  forget();
  if (!state.ready) return;
  Side.close();
  state.ready = false;
  const source = state.source;
  setTimeout(() => settle(source), 300);
}

function connect() {
  state.source?.close();
  state.ready = false;
  forget();
  const source = (state.source = new EventSource('/sandbox/v1/stream?user=' + encodeURIComponent(state.user)));
  source.addEventListener('open', () => { live(true); if (!state.ready) setTimeout(() => settle(source), 300); });
  source.addEventListener('error', () => checkSoon(1000));
  source.addEventListener('channel', (event) => receiveChannel(JSON.parse(event.data)));
  source.addEventListener('message', (event) => receiveMessage(JSON.parse(event.data)));
  source.addEventListener('views', (event) => Views.show(JSON.parse(event.data).views));
  source.addEventListener('reset', startOver);
}

function becomeUser(id) {
  state.user = id;
  sessionStorage.setItem('user', id);
  Views.show([]);
  Side.close();
  connect();
  Sidebar.draw();
  Channel.show();
}

// ---- a small form: form({title, fields: [{name, label, value, hint, type, maxlength}], submit, send}); send(values)
// resolves to an error, or to "" and the form closes.

function formField(field) {
  const input = make('input', field.type === 'checkbox' ? '' : 'input');
  input.type = field.type || 'text';
  input.name = field.name;
  input.id = 'form-' + field.name;
  if (field.maxlength) input.maxLength = field.maxlength;
  if (field.type === 'checkbox') input.checked = Boolean(field.value);
  else input.value = field.value || '';
  const label = make('label', 'label', field.label);
  label.htmlFor = input.id;
  const row = make('div', field.type === 'checkbox' ? 'row check' : 'row', ...(field.type === 'checkbox' ? [input, label] : [label, input]));
  if (field.hint) row.append(make('p', 'help', field.hint));
  return row;
}

function form({ title, fields, submit, send }) {
  const dialog = $('form');
  const error = make('p', 'failed');
  error.setAttribute('role', 'alert');
  $('form-title').textContent = title;
  $('form-fields').replaceChildren(...fields.map(formField), error);
  $('form-submit').textContent = submit;
  $('form-body').onsubmit = async (event) => {
    event.preventDefault();
    const values = Object.fromEntries([...$('form-fields').querySelectorAll('input')].map((i) => [i.name, i.type === 'checkbox' ? i.checked : i.value.trim()]));
    error.textContent = await send(values);
    if (!error.textContent) dialog.close();
  };
  dialog.showModal();
  $('form-fields').querySelector('input').focus();
}
