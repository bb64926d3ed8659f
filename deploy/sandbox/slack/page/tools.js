// SPDX-License-Identifier: Apache-2.0
// tools: what can be done to a message: the bar that stands on the one under the mouse or with the focus, its keys, and
// editing in place.
'use strict';
const Tools = (() => {
  const bar = () => $('tools');
  const messageOf = (node) => state.messages.get(node?.closest?.('.message')?.dataset.ts);

  function offered(message) {
    const open = mayWrite();
    const own = Messages.isOwn(message) && open;
    return {
      'react-white_check_mark': open, 'react-eyes': open, 'react-tada': open, emoji: open,
      thread: !Messages.isNotice(message) && !bar().closest('#side'), pin: open, edit: own && !message.blocks?.length, delete: own,
    };
  }

  function show(node) {
    const message = messageOf(node);
    if (!message || message.deleted || message.ephemeral_for || node.querySelector('.editor')) return hide();
    if (bar().parentNode !== node) {
      bar().parentNode.classList.remove('active');
      node.append(bar());
    }
    const shown = offered(message);
    for (const button of bar().children) button.hidden = !shown[button.dataset.tool];
    const pinned = Boolean(message.pinned_to?.length);
    const pin = bar().querySelector('[data-tool="pin"]');
    pin.title = pinned ? 'Un-pin (P)' : 'Pin to the channel (P)';
    pin.setAttribute('aria-label', pinned ? 'Un-pin from the channel' : 'Pin to the channel');
    node.classList.add('active');
    bar().hidden = false;
  }

  function hide() {
    bar().hidden = true;
    bar().parentNode.classList.remove('active');
    document.body.append(bar());
  }

  // The message's node is replaced by a newer one.
  function move(old, node) {
    if (!old.contains(bar())) return;
    node.append(bar());
    node.classList.add('active');
  }

  function plain(text) {
    return text.replace(/<([@#!])([^<>|]+)(?:\|([^<>]*))?>/g, (whole, sign, id, label) => {
      if (sign === '@') return '@' + (names.user(id) || label || id);
      if (sign === '#') return '#' + (names.channel(id) || label || id);
      return '@' + (id.startsWith('subteam^') ? names.group(id.slice(8)) || label : id);
    }).replace(/<([^<>|]+)(?:\|[^<>]*)?>/g, '$1').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
  }

  function edit(node, message) {
    const input = make('textarea', 'input');
    const cancel = make('button', 'button', 'Cancel');
    const save = make('button', 'button primary', 'Save');
    const editor = make('form', 'editor', input, make('div', 'buttons', cancel, save));
    const leave = () => {
      editor.remove();
      Messages.put(node.parentNode, Messages.render(state.messages.get(message.ts), node.id[0])).focus({ preventScroll: true });
    };
    input.value = plain(message.text);
    input.rows = Math.min(8, input.value.split('\n').length + 1);
    input.setAttribute('aria-label', 'Edit the message');
    cancel.type = 'button';
    hide();
    cancel.addEventListener('click', leave);
    editor.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (input.value.trim() === plain(message.text) || await attempt('messages/edit', { channel: message.channel, ts: message.ts, text: input.value.trim(), typed: true })) leave();
    });
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) editor.requestSubmit();
      else if (event.key === 'Escape') leave();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    node.querySelector('.body').replaceChildren(editor);
    input.focus();
  }

  async function remove(message) {
    const plainText = (text) => ({ type: 'plain_text', text });
    const sure = await Blocks.ask({ title: plainText('Delete message'), text: plainText('It is gone for everybody, and cannot be brought back.'),
      confirm: plainText('Delete'), deny: plainText('Cancel'), style: 'danger' }, names);
    if (sure) attempt('messages/delete', { channel: message.channel, ts: message.ts });
  }

  function use(tool, node) {
    const message = messageOf(node);
    if (!message || message.deleted || message.ephemeral_for || !offered(message)[tool]) return false;
    const place = { channel: message.channel, ts: message.ts };
    if (tool.startsWith('react-')) Messages.react(message, tool.slice(6));
    else if (tool === 'emoji') Emoji.pick(bar().hidden ? node : bar(), (name) => Messages.react(message, name));
    else if (tool === 'thread') Side.thread(Messages.isReply(message) ? message.thread_ts : message.ts);
    else if (tool === 'pin') attempt(message.pinned_to?.length ? 'pins/remove' : 'pins', place);
    else if (tool === 'edit') edit(node, message);
    else if (tool === 'delete') remove(message);
    return true;
  }

  // ---- keys in a list of messages: up and down, and a letter for what is done most

  const KEYS = { r: 'emoji', t: 'thread', p: 'pin', e: 'edit', Delete: 'delete' };

  function walk(list, from, step) {
    const all = [...list.querySelectorAll('.message')];
    const at = from ? all.indexOf(from) + step : step < 0 ? all.length - 1 : 0;
    all[Math.max(0, Math.min(all.length - 1, at))]?.focus();
  }

  function onKey(event) {
    const node = event.target.closest('.message');
    const onMessage = event.target === node;
    const plainKey = !event.ctrlKey && !event.metaKey && !event.altKey;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step && (onMessage || event.target === event.currentTarget)) walk(event.currentTarget, node, step);
    else if (event.key === 'Escape' && node && !event.target.closest('.editor')) (node.closest('#side') ? $('reply-input') : $('input')).focus();
    else if (!(onMessage && plainKey && KEYS[event.key] && use(KEYS[event.key], node))) return;
    event.preventDefault();
  }

  function listen() {
    for (const list of [$('scroll'), $('side-body')]) {
      list.addEventListener('keydown', onKey);
      list.addEventListener('mouseover', (event) => { const node = event.target.closest('.message'); if (node && !node.closest('.quoted')) show(node); });
      list.addEventListener('focusin', (event) => { const node = event.target.closest('.message'); if (node && !node.closest('.quoted')) show(node); });
      list.addEventListener('mouseleave', () => { if (!bar().contains(document.activeElement) && !bar().parentNode.contains(document.activeElement)) hide(); });
    }
    for (const id of ['composer', 'reply']) $(id).addEventListener('focusin', hide); // a touch leaves no message by itself
    bar().addEventListener('click', (event) => {
      const button = event.target.closest('button');
      if (button) use(button.dataset.tool, bar().closest('.message'));
    });
  }

  return { show, hide, move, use, listen };
})();
