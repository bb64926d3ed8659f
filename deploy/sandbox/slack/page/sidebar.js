// SPDX-License-Identifier: Apache-2.0
// sidebar: channels, people, and what stands above the messages of the open channel.
'use strict';
const Sidebar = (() => {
  const unreads = new Set();

  const memberOf = (channel) => (channel.members || []).includes(state.user);

  function item(id, ...children) {
    const button = make('button', '', ...children);
    button.type = 'button';
    button.dataset.id = id;
    return make('li', '', button);
  }

  function mark(text) {
    const node = make('span', 'hash-mark', text);
    node.setAttribute('aria-hidden', 'true');
    return node;
  }

  function channelItem(channel) {
    const node = item(channel.id, mark(channel.is_private ? '🔒' : '#'), make('span', 'name', channel.name));
    const button = node.firstChild;
    button.setAttribute('aria-current', String(channel.id === state.channel));
    if (unreads.has(channel.id)) button.classList.add('unread');
    if (channel.is_archived) button.append(make('span', 'tag', 'archived'));
    else if (!memberOf(channel)) button.append(make('span', 'tag', 'not in it'));
    return node;
  }

  // Those that one is in come first, in the order in which they were made; archived ones last.
  function order(a, b) {
    const rank = (channel) => (channel.is_archived ? 2 : memberOf(channel) ? 0 : 1);
    return rank(a) - rank(b) || a.created - b.created;
  }

  function draw() {
    const focus = $('channels').contains(document.activeElement) ? document.activeElement.dataset.id : null;
    $('channels').replaceChildren(...[...state.channels.values()].filter((channel) => !channel.is_im).sort(order).map(channelItem));
    if (focus) $('channels').querySelector(`[data-id="${focus}"]`)?.focus();
  }

  function unread(id) {
    unreads.add(id);
    $('channels').querySelector(`[data-id="${id}"]`)?.classList.add('unread');
  }

  // The name, the topic, and whether one can write here.
  function describe() {
    const channel = state.channels.get(state.channel);
    if (!channel) return;
    const gone = channel.is_archived ? 'This channel is archived. ' : memberOf(channel) ? '' : 'You are not in this channel. ';
    $('channel-name').textContent = channel.name;
    $('topic').replaceChildren(Mrkdwn.render(channel.topic?.value || '', names));
    $('topic').title = channel.topic?.value || '';
    $('welcome').querySelector('h2').textContent = '# ' + channel.name;
    $('welcome').querySelector('p').textContent = `This is the very beginning of the #${channel.name} channel.`;
    $('input').placeholder = matchMedia('(max-width: 700px)').matches ? `Message #${channel.name}` : `Message #${channel.name}, / for a command`;
    $('closed').hidden = !gone;
    $('closed-text').textContent = gone;
    $('join').hidden = channel.is_archived;
    $('composer').hidden = Boolean(gone);
  }

  function open(id) {
    const channel = state.channels.get(id) || [...state.channels.values()].filter((one) => !one.is_im).sort(order)[0];
    if (!channel) return;
    state.channel = channel.id;
    unreads.delete(channel.id);
    sessionStorage.setItem('channel', channel.id);
    Composer.leave();
    draw();
    describe();
    redraw();
  }

  function become(id) {
    state.user = id;
    for (const button of $('people').querySelectorAll('button')) button.setAttribute('aria-current', String(button.dataset.id === id));
    sessionStorage.setItem('user', id);
    Composer.leave();
    connect();
    draw();
    describe();
  }

  function close() {
    $('sidebar').classList.remove('open');
    $('menu').setAttribute('aria-expanded', 'false');
  }

  function drawPeople() {
    for (const user of state.users.values()) {
      if (user.is_bot || user.id === 'USLACKBOT') continue;
      const node = item(user.id, avatar(user), make('span', 'name', user.real_name.replace(' (guest)', '')));
      if (user.is_restricted) node.firstChild.append(make('span', 'tag', 'guest'));
      $('people').append(node);
    }
  }

  function pick(list, choose) {
    list.addEventListener('click', (event) => {
      const button = event.target.closest('button');
      if (!button) return;
      choose(button.dataset.id);
      close();
    });
  }

  function listen() {
    pick($('channels'), open);
    pick($('people'), become);
    document.querySelector('main').addEventListener('click', (event) => { if (!event.target.closest('#menu')) close(); });
    $('menu').addEventListener('click', () => {
      const shown = $('sidebar').classList.toggle('open');
      $('menu').setAttribute('aria-expanded', String(shown));
      if (shown) $('channels').querySelector('button').focus();
    });
    $('join').addEventListener('click', () => post('channels/change', { user: state.user, channel: state.channel, change: 'join' }));
  }

  return { draw, drawPeople, describe, open, become, close, unread, listen };
})();
