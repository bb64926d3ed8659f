// SPDX-License-Identifier: Apache-2.0
// sidebar: the channels and people at the left, and which channel is open.
'use strict';
const Sidebar = (() => {
  const byName = (a, b) => (a.name < b.name ? -1 : 1);
  const sign = (channel) => make('span', 'sign', channel.is_private ? svg('0 0 20 20', 'M6 9V6a4 4 0 018 0v3h1v8H5V9zm2 0h4V6a2 2 0 00-4 0z') : '#');

  function item(id, current, ...children) {
    const button = make('button', '', ...children);
    button.type = 'button';
    button.dataset.id = id;
    button.setAttribute('aria-current', String(current));
    button.tabIndex = current ? 0 : -1;
    return make('li', '', button);
  }

  function channelItem(channel) {
    const mark = sign(channel);
    mark.setAttribute('aria-hidden', 'true');
    const node = item(channel.id, channel.id === state.channel, mark, make('span', 'name', channel.name));
    if (channel.is_private) node.firstChild.append(make('span', 'hidden', ' (private)'));
    node.firstChild.classList.toggle('outside', !isMember(channel) || channel.is_archived);
    if (channel.is_archived) node.firstChild.append(make('span', 'tag', 'archived'));
    if (state.unread.has(channel.id)) {
      const mentions = state.unread.get(channel.id);
      node.firstChild.classList.add('unread');
      if (mentions) node.firstChild.append(make('span', 'badge', String(mentions), make('span', 'hidden', ' mentions')));
      else node.firstChild.append(make('span', 'hidden', ' (unread)'));
    }
    return node;
  }

  function appItem() {
    const direct = [...state.channels.values()].find((channel) => channel.is_im);
    const app = [...state.users.values()].find((user) => user.name === 'slipway');
    const id = direct?.id || APP_ROOM;
    const node = item(id, state.channel === id, avatar(app), make('span', 'name', 'Slipway'));
    if (direct && state.unread.has(direct.id)) node.firstChild.classList.add('unread');
    return node;
  }

  function personItem(user) {
    const node = item(user.id, user.id === state.user, avatar(user), make('span', 'name', user.real_name.replace(' (guest)', '')));
    if (user.is_restricted) node.firstChild.append(make('span', 'tag', 'guest'));
    if (user.team_id !== 'T0SANDBOX01') node.firstChild.append(make('span', 'tag', 'external'));
    return node;
  }

  // The focus stays on the item that had it; one item of a list is in the tab order.
  function fill(list, items) {
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    list.replaceChildren(...items);
    if (!list.querySelector('[tabindex="0"]') && list.querySelector('button')) list.querySelector('button').tabIndex = 0;
    if (focused) list.querySelector(`[data-id="${focused}"]`)?.focus();
  }

  let asked = false;

  // Once for all that came together.
  function draw() {
    if (!asked) setTimeout(drawNow, 10);
    asked = true;
  }

  function drawNow() {
    asked = false;
    const all = [...state.channels.values()].filter((channel) => !channel.is_im && !channel.is_mpim).sort(byName);
    const rank = (channel) => (channel.is_archived ? 2 : isMember(channel) ? 0 : 1);
    fill($('channels'), all.sort((a, b) => rank(a) - rank(b)).map(channelItem));
    fill($('apps'), [appItem()]);
    fill($('people'), [...state.users.values()].filter((user) => !user.is_bot && user.id !== 'USLACKBOT').map(personItem));
    document.title = (state.unread.size ? '* ' : '') + (room() && !room().is_im ? `#${room().name} · ` : '') + 'Slipway sandbox';
  }

  function close() {
    $('sidebar').classList.remove('open');
    $('menu').setAttribute('aria-expanded', 'false');
  }

  function toggle() {
    const open = $('sidebar').classList.toggle('open');
    $('menu').setAttribute('aria-expanded', String(open));
    if (open) $('channels').querySelector('[tabindex="0"]')?.focus();
  }

  const create = () => form({ title: 'Create a channel', submit: 'Create',
    fields: [{ name: 'name', label: 'Name', maxlength: 80, hint: 'Lower-case letters, digits, - and _.' }, { name: 'is_private', label: 'Private: only those who are invited see it', type: 'checkbox' }],
    send: async (values) => {
      const answer = await post('channels', values).catch(() => ({ error: 'The simulator does not answer.' }));
      if (answer.ok) Channel.open(answer.channel);
      return answer.ok ? '' : REFUSALS[answer.error] || answer.error;
    } });

  function walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const buttons = [...event.currentTarget.querySelectorAll('button')];
    const at = buttons.indexOf(document.activeElement) + (step || 0);
    if (!step || !buttons[at]) return;
    event.preventDefault();
    buttons.forEach((button, index) => { button.tabIndex = index === at ? 0 : -1; });
    buttons[at].focus();
  }

  function listen() {
    const onClick = (list, run) => list.addEventListener('click', (event) => { const b = event.target.closest('button'); if (b) { run(b.dataset.id); close(); } });
    for (const id of ['channels', 'apps']) onClick($(id), (channel) => { Channel.open(channel); if (!isPhone()) $('input').focus(); });
    onClick($('people'), becomeUser);
    for (const id of ['channels', 'apps', 'people']) $(id).addEventListener('keydown', walk);
    $('add-channel').addEventListener('click', create);
    $('menu').addEventListener('click', toggle);
    document.querySelector('main').addEventListener('click', (event) => { if (!event.target.closest('#menu')) close(); });
  }

  return { draw, close, listen };
})();

// The channel that is open: its head, its beginning, and whether one may write there.
const Channel = (() => {
  function lead(channel) {
    const title = !channel ? 'Slipway' : channel.is_im ? 'Slipway' : channel.name;
    const direct = !channel || channel.is_im;
    const mark = $('welcome').querySelector('h2');
    mark.textContent = direct ? title : (channel.is_private ? '🔒 ' : '# ') + title;
    $('welcome').querySelector('p').textContent = direct ? 'This conversation is just between you and the app.'
      : `This is the very beginning of the ${channel.is_private ? 'private channel' : 'channel'} #${title}.`;
    const isIncident = /^inc-/.test(title);
    $('try-deploy').hidden = isIncident || !mayWrite();
    $('try-incident').hidden = !isIncident || !mayWrite();
  }

  function gate(channel) {
    const closed = channel && !channel.is_im && !mayWrite();
    $('composer').hidden = closed;
    $('closed').hidden = !closed;
    if (!closed) return;
    $('closed-text').textContent = channel.is_archived ? 'This channel is archived.' : 'You are not in this channel.';
    $('closed-do').textContent = channel.is_archived ? 'Un-archive' : 'Join it';
    $('closed-do').dataset.change = channel.is_archived ? 'unarchive' : 'join';
  }

  function show() {
    const channel = room();
    const direct = !channel || channel.is_im;
    const name = direct ? 'Slipway' : channel.name;
    $('hash').replaceChildren(direct ? '' : channel.is_private ? svg('0 0 20 20', 'M6 9V6a4 4 0 018 0v3h1v8H5V9zm2 0h4V6a2 2 0 00-4 0z') : '#');
    $('channel-name').textContent = name;
    $('archived').hidden = !channel?.is_archived;
    $('topic').replaceChildren(Mrkdwn.render(channel?.topic?.value || '', names));
    $('topic').title = channel?.topic?.value || '';
    $('about-open').hidden = $('pins-open').hidden = direct;
    $('member-count').textContent = channel?.members?.length || 0;
    const pins = (channel?.pins || []).length;
    $('pin-count').textContent = pins;
    $('pins-open').hidden = direct || !pins;
    lead(channel);
    gate(channel);
    const short = name.length > 24 ? name.slice(0, 23) + '…' : name;
    $('input').placeholder = isPhone() || direct ? `Message ${direct ? '' : '#'}${short}` : `Message #${short}, or / for a command`;
    Side.changed();
  }

  function first() {
    return [...state.channels.values()].find((channel) => channel.is_general) || [...state.channels.values()].find(isMember) || state.channels.values().next().value;
  }

  // "": the first one.
  function open(id) {
    const other = id || first()?.id || APP_ROOM;
    if (other !== state.channel) {
      Side.close();
      Composer.keepDraft();
      state.channel = other;
      Composer.takeDraft();
    }
    state.unread.delete(other);
    sessionStorage.setItem('channel', other);
    show();
    Sidebar.draw();
    Messages.redraw();
  }

  function listen() {
    $('closed-do').addEventListener('click', async () => {
      if (await attempt('channels/change', { channel: state.channel, change: $('closed-do').dataset.change })) $('scroll').focus();
    });
  }

  return { open, show, listen };
})();
