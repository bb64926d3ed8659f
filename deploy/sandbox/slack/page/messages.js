// SPDX-License-Identifier: Apache-2.0
// messages: one message as a node, and the list of a channel, in which nodes change in place and keep the focus.
'use strict';
const COLOURS = ['#8a4b9c', '#b3491c', '#2b7a4b', '#a33a5e', '#1164a3', '#5c5c66'];
const CONTINUED_S = 300;
const SHOWN_AT_ONCE = 300;

function svg(viewBox, path) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const shape = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  node.setAttribute('viewBox', viewBox);
  node.setAttribute('aria-hidden', 'true');
  shape.setAttribute('d', path);
  node.append(shape);
  return node;
}

function avatar(user, fallback) {
  const index = [...state.users.keys()].indexOf(user?.id);
  const ours = user?.name === 'slipway';
  const node = make('span', 'avatar', ours ? svg('0 0 16 16', 'M2 10h12l-2.5 3.500h-7zM8 2v7H3z') : (user?.real_name || fallback || '?')[0]);
  node.style.background = ours ? '#1164a3' : COLOURS[(index + COLOURS.length) % COLOURS.length];
  node.setAttribute('aria-hidden', 'true');
  return node;
}

const Messages = (() => {
  const EYE = 'M10 4C5 4 2 10 2 10s3 6 8 6 8-6 8-6-3-6-8-6zm0 9.500A3.500 3.500 0 1110 6.500a3.500 3.500 0 010 7z';
  const PIN = 'M12 2l6 6-2 1-3 3-.5 4-3.500-3.500L4 18l-2 0 0-2 5.500-5L4 7.500l4-.5 3-3z';
  let asked = false, following = false, quiet = false;
  let from = ''; // the first that is shown; earlier ones wait for a button, as a long list is slow

  const timeOf = (ts) => new Date(parseFloat(ts) * 1000);
  const clock = (at) => at.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts && state.messages.has(message.thread_ts);
  const isNotice = (message) => /^(channel|group)_/.test(message.subtype || '');
  const isOwn = (message) => message.user === state.user && !message.subtype?.startsWith('channel') && !message.ephemeral_for;
  const replies = (ts) => [...state.messages.values()].filter((m) => m.thread_ts === ts && m.ts !== ts && !m.deleted).sort((a, b) => (a.ts < b.ts ? -1 : 1));
  const people = (ids) => ids.map((id) => (id === state.user ? 'you' : state.users.get(id)?.real_name || id)).join(', ');

  // ---- the parts of a message

  function stamp(message, className) {
    const at = timeOf(message.ts);
    const time = make('a', className, make('time', '', clock(at)));
    time.firstChild.dateTime = at.toISOString();
    time.title = at.toLocaleString();
    time.href = `/archives/${message.channel}/p${message.ts.replace('.', '')}` + (isReply(message) ? `?thread_ts=${message.thread_ts}` : '');
    time.tabIndex = -1;
    return time;
  }

  function who(message, user) {
    const line = make('div', 'who', make('strong', '', user?.real_name || message.username || message.user), stamp(message, 'time'));
    if (user?.is_bot || message.bot_id || message.user === 'USLACKBOT') line.lastChild.before(make('span', 'app', 'APP'));
    return line;
  }

  function note(path, text, className) {
    const node = make('div', 'seen ' + className, text);
    node.prepend(svg('0 0 20 20', path));
    return node;
  }

  function pinnedBy(message) {
    const pin = state.channels.get(message.channel)?.pins?.find((one) => one.ts === message.ts);
    return pin ? 'Pinned by ' + people([pin.user]) : 'Pinned';
  }

  function dismiss(message) {
    const button = make('button', 'plain', 'Dismiss message');
    button.type = 'button';
    button.dataset.action = 'dismiss';
    button.addEventListener('click', () => attempt('messages/delete', { channel: message.channel, ts: message.ts }));
    return button;
  }

  function edited(message) {
    const versions = message.history.length;
    if (versions < 2) return '';
    const node = make('span', 'edited', message.edited ? ' (edited)' : ` (updated ×${versions - 1})`);
    node.title = `${versions} versions`;
    return node;
  }

  function press(message) {
    return (element, block, selected) => act('clicks', { channel: message.channel, ts: message.ts, action_id: element.action_id, block_id: block.block_id, value: element.value, selected });
  }

  function body(message) {
    const node = make('div', 'body');
    if (message.blocks?.length) node.append(Blocks.render(message.blocks, { names, press: press(message) }), edited(message));
    else if (isNotice(message)) node.append(Mrkdwn.render((message.text || '').replace(/^<@[^>]+> /, '').replace('the channel', '#' + (names.channel(message.channel) || '')), names));
    else node.append(Mrkdwn.render(message.text || '', names), edited(message));
    return node;
  }

  function reaction(message, one) {
    const mine = one.users.includes(state.user);
    const button = make('button', 'reaction', Emoji.one(one.name), make('b', '', String(one.count)));
    button.type = 'button';
    button.dataset.action = 'reaction-' + one.name;
    button.title = `${people(one.users)} reacted with :${one.name}:`;
    button.setAttribute('aria-pressed', String(mine));
    button.setAttribute('aria-label', `${one.name.replace(/_/g, ' ')}, ${one.count}`);
    button.addEventListener('click', () => react(message, one.name));
    return button;
  }

  function reactions(message) {
    const add = make('button', 'reaction add', '☺+');
    add.type = 'button';
    add.dataset.action = 'reaction-add';
    add.setAttribute('aria-label', 'Add a reaction');
    add.addEventListener('click', () => Emoji.pick(add, (name) => react(message, name)));
    return make('div', 'reacted', make('div', 'reactions', ...message.reactions.map((one) => reaction(message, one))), add);
  }

  // Adds one's own, or takes it back.
  function react(message, name) {
    const now = state.messages.get(message.ts) || message;
    const mine = now.reactions?.find((one) => one.name === name)?.users.includes(state.user);
    return attempt(mine ? 'reactions/remove' : 'reactions', { channel: message.channel, ts: message.ts, name });
  }

  // What the last one said, in a line: answers to what was said in the channel are read without opening the thread.
  function lastOf(all) {
    const last = all[all.length - 1];
    const said = make('span', '', Mrkdwn.render((last.text || '').replace(/\n/g, ' '), names)).textContent.replace(/\s+/g, ' ').slice(0, 140);
    return `${state.users.get(last.user)?.real_name || 'App'}: ${said}`;
  }

  function threadBar(message) {
    const all = replies(message.ts);
    if (!all.length) return '';
    const authors = [...new Set(all.map((m) => m.user))].slice(0, 4).map((id) => avatar(state.users.get(id), '?'));
    const quiet = all.every((m) => m.ephemeral_for) ? ' · only visible to you' : '';
    const bar = make('button', 'thread', ...authors, make('b', '', `${all.length} ${all.length > 1 ? 'replies' : 'reply'}`),
      make('span', 'last', lastOf(all) + quiet));
    bar.type = 'button';
    bar.dataset.action = 'thread';
    bar.addEventListener('click', () => Side.thread(message.ts));
    return bar;
  }

  // What is left of a message that others have answered to.
  function tombstone(message, place) {
    const node = make('li', 'message notice', make('div', 'gutter', make('span', 'avatar gone', '🗑')), make('div', 'column', make('div', 'body', 'This message was deleted.')));
    if (place === 'm') node.lastChild.append(threadBar(message));
    return node;
  }

  function mark(node, message, place) {
    node.id = place + message.ts;
    node.tabIndex = -1;
    Object.assign(node.dataset, { ts: message.ts, author: message.user || message.username || '', day: timeOf(message.ts).toDateString() });
    return node;
  }

  // place: "m" in the channel, "t" in the thread, "p" among the pins.
  function render(message, place) {
    if (message.deleted) return mark(tombstone(message, place), message, place);
    const user = state.users.get(message.user);
    const node = make('li', 'message');
    const column = make('div', 'column');
    if (message.ephemeral_for) column.append(note(EYE, 'Only visible to you', ''));
    if (message.pinned_to?.length) column.append(note(PIN, pinnedBy(message), 'pinned-note'));
    if (place === 'm' && message.subtype === 'thread_broadcast') column.append(note(EYE, 'replied to a thread', 'broadcast-note'));
    column.append(who(message, user), body(message));
    if (message.ephemeral_for) column.append(dismiss(message));
    if (message.reactions) column.append(reactions(message));
    if (place === 'm') column.append(threadBar(message));
    mark(node, message, place);
    node.classList.toggle('private', Boolean(message.ephemeral_for));
    node.classList.toggle('pinned', Boolean(message.pinned_to?.length));
    node.classList.toggle('notice', isNotice(message));
    node.append(make('div', 'gutter', avatar(user, message.username), stamp(message, 'small-time')), column);
    return node;
  }

  // ---- a list of them

  function label(day) {
    const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(day)) / 86400000);
    return ['Today', 'Yesterday'][days] || new Date(day).toLocaleDateString(undefined, { weekday: 'long', month: 'long', day: 'numeric' });
  }

  function divider(day) {
    const node = make('li', 'date', make('span', '', label(day)));
    node.dataset.day = day;
    return node;
  }

  function continues(node, before) {
    return Boolean(before) && before.dataset.author === node.dataset.author && parseFloat(node.dataset.ts) - parseFloat(before.dataset.ts) < CONTINUED_S &&
      before.className.replace(/ (continued|flash|active)/g, '') === node.className.replace(/ (continued|flash|active)/g, '') && !node.querySelector('.seen');
  }

  // Days, and who goes on speaking.
  function tidy() {
    asked = false;
    let before = null;
    for (const node of [...$('messages').querySelectorAll('.message')]) {
      const newDay = before?.dataset.day !== node.dataset.day;
      const marks = [];
      while (node.previousElementSibling?.classList.contains('date')) marks.push(node.previousElementSibling.parentNode.removeChild(node.previousElementSibling));
      if (newDay) node.before(marks.find((mark) => mark.dataset.day === node.dataset.day) || divider(node.dataset.day));
      node.classList.toggle('continued', !newDay && continues(node, before));
      before = node;
    }
    while ($('messages').lastElementChild?.classList.contains('date')) $('messages').lastElementChild.remove();
    if (following) toEnd();
    following = false;
  }

  function tidySoon() {
    if (!asked) requestAnimationFrame(tidy);
    asked = true;
  }

  const atEnd = () => $('scroll').scrollHeight - $('scroll').scrollTop - $('scroll').clientHeight < 80;
  const toEnd = () => { $('scroll').scrollTop = $('scroll').scrollHeight; $('newer').hidden = true; };

  // Takes the place of the node that is there, or finds its own; what had the focus has it again.
  function put(list, node, flash) {
    const old = $(node.id);
    const inside = old?.contains(document.activeElement) ? document.activeElement : null;
    if (!old) {
      let next = null;
      for (let other = list.lastElementChild; other && !(other.dataset.ts <= node.dataset.ts); other = other.previousElementSibling) if (other.dataset.ts) next = other;
      return list.insertBefore(node, next);
    }
    if (old.classList.contains('continued')) node.classList.add('continued');
    Tools.move(old, node);
    old.replaceWith(node);
    if (flash) node.classList.add('flash');
    if (!inside) return node;
    const same = inside.dataset.action ? node.querySelector(`[data-action="${CSS.escape(inside.dataset.action)}"]`) : inside.isConnected ? inside : null;
    (same || node).focus({ preventScroll: true });
    return node;
  }

  function drop(id) {
    const node = $(id);
    if (node?.contains($('tools'))) Tools.hide();
    node?.remove();
  }

  function place(message) {
    if (message.channel !== state.channel || message.ts < from) return;
    const reply = isReply(message);
    if (reply) place(state.messages.get(message.thread_ts));
    if ((message.deleted && !replies(message.ts).length) || (reply && message.deleted) || (reply && message.subtype !== 'thread_broadcast')) drop('m' + message.ts);
    else if (!document.querySelector(`#m${CSS.escape(message.ts)} .editor`)) put($('messages'), render(message, 'm'), state.ready && !quiet);
  }

  function changed(message, known) {
    following = following || atEnd() || (!known && message.user === state.user && state.ready && !isReply(message));
    place(message);
    if (!known && !following && !isReply(message) && !message.deleted) $('newer').hidden = false;
    tidySoon();
    Side.changed(message);
  }

  // count: how many at most.
  function redraw(count = SHOWN_AT_ONCE) {
    const all = [...state.messages.values()].filter((m) => m.channel === state.channel && !isReply(m)).sort((a, b) => (a.ts < b.ts ? -1 : 1));
    from = all.length > count ? all[all.length - count].ts : '';
    $('welcome').hidden = Boolean(from);
    $('earlier').hidden = !from;
    Tools.hide();
    $('messages').replaceChildren();
    quiet = true;
    [...state.messages.values()].sort((a, b) => (a.ts < b.ts ? -1 : 1)).forEach(place);
    quiet = false;
    tidy();
    toEnd();
  }

  // All of them, and those that were seen stay where they are.
  function showEarlier() {
    const below = $('scroll').scrollHeight - $('scroll').scrollTop;
    redraw(Infinity);
    $('scroll').scrollTop = $('scroll').scrollHeight - below;
    $('scroll').focus();
  }

  // Shows one, wherever it is, and gives it the focus.
  function find(ts) {
    const message = state.messages.get(ts);
    if (!message) return toast('This message is not here any more.');
    if (message.channel !== state.channel) Channel.open(message.channel);
    if (message.ts < from) redraw(Infinity);
    if (isReply(message)) Side.thread(message.thread_ts);
    const node = $((isReply(message) ? 't' : 'm') + ts);
    node?.scrollIntoView({ block: 'center' });
    node?.classList.add('flash');
    node?.focus({ preventScroll: true });
  }

  return { render, put, drop, changed, redraw, showEarlier, find, replies, isReply, isOwn, isNotice, react, toEnd, atEnd, clock, timeOf };
})();
