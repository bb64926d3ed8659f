// SPDX-License-Identifier: Apache-2.0
// side: the column at the right: a thread, the pins of the channel, or what there is to know of it.
'use strict';
const Side = (() => {
  const shown = { what: '', thread: '', opener: null };

  function button(text, className, run) {
    const node = make('button', className, text);
    node.type = 'button';
    node.addEventListener('click', run);
    return node;
  }

  function open(what, title, subtitle) {
    if (!shown.what) shown.opener = document.activeElement;
    shown.what = what;
    $('side-title').replaceChildren(title, make('small', '', subtitle));
    $('side').setAttribute('aria-label', title);
    $('side').hidden = false;
    $('reply').hidden = what !== 'thread' || !mayWrite();
    document.body.classList.add('with-side');
    for (const id of ['about-open', 'pins-open']) $(id).setAttribute('aria-expanded', String(what === id.slice(0, -5)));
  }

  function clear() {
    if ($('side-body').contains($('tools'))) Tools.hide();
    $('side-body').replaceChildren();
  }

  function close() {
    if (!shown.what) return;
    const back = shown.what === 'thread' ? $('m' + shown.thread) : shown.opener;
    Object.assign(shown, { what: '', thread: '', opener: null });
    clear();
    $('side').hidden = true;
    document.body.classList.remove('with-side');
    for (const id of ['about-open', 'pins-open']) $(id).setAttribute('aria-expanded', 'false');
    (back?.isConnected ? back : $('input')).focus({ preventScroll: true });
  }

  // ---- a thread

  function drawThread() {
    const parent = state.messages.get(shown.thread);
    if (!parent || (parent.deleted && !Messages.replies(parent.ts).length)) return close();
    const replies = Messages.replies(parent.ts);
    const count = replies.length;
    const list = $('side-body').querySelector('ol') || $('side-body').appendChild(make('ol', 'messages'));
    const wanted = [parent, ...replies];
    for (const node of [...list.querySelectorAll('.message')]) if (!wanted.some((m) => m.ts === node.dataset.ts)) Messages.drop(node.id);
    for (const message of wanted) {
      const old = $('t' + message.ts);
      if (!old || (old.dataset.version !== versionOf(message) && !old.querySelector('.editor'))) {
        const node = Messages.render(message, 't');
        node.dataset.version = versionOf(message);
        Messages.put(list, node, Boolean(old));
      }
    }
    list.querySelector('.date')?.remove();
    if (count) list.firstElementChild.after(make('li', 'date', make('span', '', `${count} ${count > 1 ? 'replies' : 'reply'}`)));
  }

  const versionOf = (message) => JSON.stringify([message.deleted, message.history.length, message.reactions, message.pinned_to, mayWrite()]);

  function thread(ts) {
    clear();
    open('thread', 'Thread', '#' + (room()?.name || 'Slipway'));
    shown.thread = ts;
    $('reply-where').textContent = 'Also send to #' + (room()?.name || '');
    $('reply-also').checked = false;
    drawThread();
    $('side-body').scrollTop = $('side-body').scrollHeight;
    (isPhone() || $('reply').hidden ? $('side-body') : $('reply-input')).focus();
  }

  // ---- pins

  function pinned(pin) {
    const message = state.messages.get(pin.ts);
    if (!message || message.deleted) return '';
    const node = Messages.render(message, 'p');
    node.classList.add('quoted');
    const links = make('div', 'links', button('Go to message', 'plain', () => Messages.find(pin.ts)));
    if (mayWrite()) links.append(button('Un-pin', 'plain', () => attempt('pins/remove', { channel: state.channel, ts: pin.ts })));
    node.querySelector('.column').append(links);
    return node;
  }

  function drawPins() {
    clear();
    const pins = (room()?.pins || []).map(pinned).filter(Boolean).reverse();
    $('side-body').append(pins.length ? make('ol', 'messages', ...pins)
      : make('p', 'empty', 'Nothing is pinned. Pin what everybody should find again: the pin stands at each message.'));
  }

  // ---- about the channel

  function part(title, ...children) {
    return make('section', 'part', make('h3', '', title), ...children);
  }

  const change = (what, more) => act('channels/change', { channel: state.channel, change: what, ...more });

  const editTopic = () => form({ title: 'Edit the topic', submit: 'Save', fields: [{ name: 'topic', label: 'Topic', value: room().topic.value, maxlength: 250, hint: 'Everybody in the channel sees it.' }],
    send: (values) => change('topic', values) });
  const rename = () => form({ title: 'Rename the channel', submit: 'Rename', fields: [{ name: 'name', label: 'Name', value: room().name, maxlength: 80 }],
    send: (values) => change('rename', values) });

  function member(id) {
    const user = state.users.get(id);
    const item = make('li', '', avatar(user, '?'), make('span', '', user?.real_name || id, make('small', '', id === state.user ? ' (you)' : user?.is_bot ? ' app' : '')));
    if (id !== state.user && mayWrite() && !room().is_general) item.append(button('Remove', 'plain', async () => { const error = await change('kick', { who: id }); if (error) toast(error); }));
    return item;
  }

  function invite() {
    const outside = [...state.users.values()].filter((user) => !room().members.includes(user.id) && user.id !== 'USLACKBOT' && (user.team_id === 'T0SANDBOX01' || room().is_ext_shared));
    if (!outside.length) return '';
    const select = make('select', 'input', ...outside.map((user) => { const option = make('option', '', user.real_name); option.value = user.id; return option; }));
    select.setAttribute('aria-label', 'Who is added');
    return make('div', 'inline', select, button('Add', 'button', async () => { const error = await change('invite', { users: [select.value] }); if (error) toast(error); }));
  }

  function actions() {
    const list = make('div', 'inline');
    const add = (text, what, style) => list.append(button(text, 'button ' + (style || ''), async () => { const error = await change(what); if (error) toast(error); }));
    if (room().is_archived) add('Un-archive channel', 'unarchive');
    else {
      list.append(button('Rename', 'button', rename));
      if (!room().is_general) add('Leave', 'leave');
      if (!room().is_general) add('Archive channel', 'archive', 'danger');
    }
    return list;
  }

  function drawAbout() {
    const channel = room();
    if (!channel) return;
    clear();
    const topic = make('p', '', channel.topic.value ? Mrkdwn.render(channel.topic.value, names) : make('em', '', 'No topic yet.'));
    $('side-body').append(part('Topic', topic, mayWrite() ? button('Edit', 'plain', editTopic) : ''));
    if (channel.purpose.value) $('side-body').append(part('Description', make('p', '', Mrkdwn.render(channel.purpose.value, names))));
    $('side-body').append(part('Created', make('p', '', `by ${state.users.get(channel.creator)?.real_name || channel.creator}, ${new Date(channel.created * 1000).toLocaleDateString(undefined, { dateStyle: 'long' })}`)));
    $('side-body').append(part(`Members (${channel.members.length})`, make('ul', 'members', ...channel.members.map(member)), mayWrite() ? invite() : ''));
    if (isMember(channel)) $('side-body').append(part('Channel', actions()));
  }

  // ----

  function toggle(what) {
    if (shown.what === what) return close();
    if (!room()) return;
    open(what, what === 'pins' ? 'Pins' : 'About', (room().is_private ? '🔒 ' : '#') + room().name);
    (what === 'pins' ? drawPins : drawAbout)();
    $('side-close').focus();
  }

  // The message that came, or nothing: the channel is another one than it was.
  function changed(message) {
    $('reply').hidden = shown.what !== 'thread' || !mayWrite();
    if (shown.what === 'pins') drawPins();
    else if (shown.what === 'about' && !message) drawAbout();
    else if (shown.what === 'thread' && (!message || message.ts === shown.thread || message.thread_ts === shown.thread)) {
      const end = $('side-body').scrollHeight - $('side-body').scrollTop - $('side-body').clientHeight < 80;
      drawThread();
      if (end) $('side-body').scrollTop = $('side-body').scrollHeight;
    }
  }

  function listen() {
    $('side-close').addEventListener('click', close);
    $('about-open').addEventListener('click', () => toggle('about'));
    $('pins-open').addEventListener('click', () => toggle('pins'));
    $('side').addEventListener('keydown', (event) => { if (event.key === 'Escape' && !event.defaultPrevented) close(); });
  }

  return { thread, close, changed, listen, place: () => ({ thread_ts: shown.thread, broadcast: $('reply-also').checked }) };
})();
