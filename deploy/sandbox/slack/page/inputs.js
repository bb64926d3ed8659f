// SPDX-License-Identifier: Apache-2.0
// inputs: the elements of Block Kit that take a value, as native fields: {node, focus, value(), set(value)}. A value has the form that
// /sandbox/v1/views/submit takes: text, an option's value, an id, a list of these, or null.
'use strict';
const Inputs = (() => {
  const { make, emoji } = Mrkdwn;
  let made = 0;

  const label = (object) => emoji(object?.text || '');

  function field(tag, element, type) {
    const node = make(tag, 'input');
    if (type) node.type = type;
    if (element.placeholder) node.placeholder = label(element.placeholder);
    return node;
  }

  const plain = (node) => ({ node, focus: node, value: () => node.value || null, set: (value) => { node.value = value ?? ''; } });

  function text(element, type, mode) {
    const node = element.multiline ? field('textarea', element) : field('input', element, type);
    if (element.multiline) node.rows = 4;
    if (mode) node.inputMode = mode;
    if (element.max_length) node.maxLength = element.max_length;
    node.value = element.initial_value || '';
    return plain(node);
  }

  const textOf = (type, mode) => (element) => text(element, type, mode);

  // What can be chosen: [{value, text, description}].
  const options = (element) => [...(element.options || []), ...(element.option_groups || []).flatMap((group) => group.options)]
    .map((option) => ({ value: option.value, text: label(option.text), description: label(option.description) }));
  const users = () => [...state.users.values()].filter((user) => !user.is_bot && user.id !== 'USLACKBOT')
    .map((user) => ({ value: user.id, text: user.real_name, description: '@' + user.name }));
  const channels = () => [...state.channels.values()].filter((channel) => !channel.is_im && !channel.is_archived)
    .map((channel) => ({ value: channel.id, text: '#' + channel.name, description: '' }));

  function select(element, list, initial) {
    const node = field('select', element);
    const none = make('option', '', label(element.placeholder) || 'Choose an option');
    none.value = '';
    node.append(none, ...list.map((one) => {
      const option = make('option', '', one.text);
      option.value = one.value;
      return option;
    }));
    node.value = initial || '';
    return plain(node);
  }

  function choices(type, list, initial) {
    const name = 'choice' + ++made;
    const boxes = list.map((one) => {
      const box = make('input', '');
      box.type = type;
      box.name = name;
      box.value = one.value;
      box.checked = initial.includes(one.value);
      return box;
    });
    const node = make('div', 'choices', ...list.map((one, index) => {
      const line = make('label', '', boxes[index], make('span', '', one.text));
      if (one.description) line.append(make('small', '', one.description));
      return line;
    }));
    const value = () => boxes.filter((box) => box.checked).map((box) => box.value);
    const set = (chosen) => boxes.forEach((box) => { box.checked = [chosen].flat().includes(box.value); });
    return { node, focus: boxes[0], group: true, value: type === 'radio' ? () => value()[0] || null : value, set };
  }

  const values = (list) => (list || []).map((option) => option.value);

  function moment(element) {
    const node = field('input', element, 'datetime-local');
    const local = (seconds) => new Date(seconds * 1000 - new Date(seconds * 1000).getTimezoneOffset() * 60000).toISOString().slice(0, 16);
    const set = (seconds) => { node.value = seconds ? local(seconds) : ''; };
    set(element.initial_date_time);
    return { node, focus: node, value: () => (node.value ? Math.floor(new Date(node.value).getTime() / 1000) : null), set };
  }

  function native(element, type, initial) {
    const node = field('input', element, type);
    node.value = initial || '';
    return plain(node);
  }

  const MAKE = {
    plain_text_input: textOf('text'),
    email_text_input: textOf('text', 'email'),
    url_text_input: textOf('text', 'url'),
    number_input: textOf('text', 'decimal'),
    external_select: textOf('text'),
    static_select: (e) => select(e, options(e), e.initial_option?.value),
    radio_buttons: (e) => choices('radio', options(e), e.initial_option ? [e.initial_option.value] : []),
    checkboxes: (e) => choices('checkbox', options(e), values(e.initial_options)),
    multi_static_select: (e) => choices('checkbox', options(e), values(e.initial_options)),
    users_select: (e) => select(e, users(), e.initial_user),
    channels_select: (e) => select(e, channels(), e.initial_channel),
    conversations_select: (e) => select(e, channels(), e.initial_conversation),
    multi_users_select: (e) => choices('checkbox', users(), e.initial_users || []),
    multi_channels_select: (e) => choices('checkbox', channels(), e.initial_channels || []),
    multi_conversations_select: (e) => choices('checkbox', channels(), e.initial_conversations || []),
    datepicker: (e) => native(e, 'date', e.initial_date),
    timepicker: (e) => native(e, 'time', e.initial_time),
    datetimepicker: moment,
  };

  return { is: (element) => element?.type in MAKE, make: (element) => MAKE[element.type](element) };
})();
