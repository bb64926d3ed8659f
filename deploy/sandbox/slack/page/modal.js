// SPDX-License-Identifier: Apache-2.0
// modal: the app's forms. The simulator says which are open; the one on top is shown, and what was typed into it stays
// until it is sent or closed.
'use strict';
const Modal = (() => {
  let shown = null; // the view that the dialog shows

  const textOf = (object) => (object ? Mrkdwn.emoji(object.text) : '');
  const key = (block, element) => `${block.block_id}\n${element.action_id}`;

  // ---- inputs

  function field(element) {
    const node = make(element.multiline ? 'textarea' : 'input', '');
    node.value = element.initial_value || '';
    if (element.multiline) node.rows = 4;
    if (element.max_length) node.maxLength = element.max_length;
    node.placeholder = textOf(element.placeholder);
    return { node, value: () => node.value };
  }

  function allOptions(element) {
    return element.options || (element.option_groups || []).flatMap((group) => group.options);
  }

  function select(element, many) {
    const node = make('select', '');
    const initial = many ? (element.initial_options || []).map((o) => o.value) : [element.initial_option?.value];
    node.multiple = many;
    if (!many) node.append(make('option', '', textOf(element.placeholder) || 'Choose'));
    if (!many) node.firstChild.value = '';
    for (const option of allOptions(element)) {
      const item = make('option', '', textOf(option.text));
      item.value = option.value;
      item.selected = initial.includes(option.value);
      node.append(item);
    }
    return { node, value: () => (many ? [...node.selectedOptions].map((o) => o.value) : node.value) };
  }

  function people(element, many) {
    const options = [...state.users.values()].filter((user) => !user.is_bot).map((user) => ({ text: { text: user.real_name }, value: user.id }));
    return select({ ...element, options }, many);
  }

  function boxes(element, type) {
    const node = make('div', 'boxes');
    const initial = (element.initial_options || [element.initial_option]).map((option) => option?.value);
    const name = 'group' + Math.random();
    for (const option of element.options) {
      const box = make('input', '');
      Object.assign(box, { type, name, value: option.value, checked: initial.includes(option.value) });
      node.append(make('label', '', box, ' ', textOf(option.text)));
    }
    node.setAttribute('role', 'group');
    const chosen = () => [...node.querySelectorAll('input:checked')].map((box) => box.value);
    return { node, value: () => (type === 'radio' ? chosen()[0] || '' : chosen()) };
  }

  const INPUTS = {
    plain_text_input: field, email_text_input: field, url_text_input: field, number_input: field,
    static_select: (element) => select(element, false), multi_static_select: (element) => select(element, true),
    users_select: (element) => people(element, false), multi_users_select: (element) => people(element, true),
    checkboxes: (element) => boxes(element, 'checkbox'), radio_buttons: (element) => boxes(element, 'radio'),
  };

  function inputBlock(block, inputs) {
    const make_ = INPUTS[block.element.type];
    const node = make('div', 'input');
    node.dataset.block = block.block_id;
    const id = 'field-' + block.block_id.replace(/[^A-Za-z0-9_-]/g, '_');
    const label = make('label', '', textOf(block.label), ...(block.optional ? [make('span', 'optional', ' (optional)')] : []));
    const input = make_ ? make_(block.element) : { node: make('span', '', `[${block.element.type}]`), value: () => '' };
    label.htmlFor = input.node.id = id;
    if (input.node.classList.contains('boxes')) input.node.setAttribute('aria-label', textOf(block.label));
    inputs.set(block.block_id, { action: block.element.action_id, value: input.value });
    node.append(label, input.node);
    if (block.hint) node.append(make('small', 'hint', textOf(block.hint)));
    return node;
  }

  // ---- the dialog

  function showErrors(errors) {
    for (const old of $('modal').querySelectorAll('.wrong')) old.remove();
    for (const [block, text] of Object.entries(errors)) {
      const node = $('modal').querySelector(`[data-block="${CSS.escape(block)}"]`);
      const wrong = make('p', 'wrong', '⚠ ' + text);
      wrong.setAttribute('role', 'alert');
      (node || $('modal-body')).append(wrong);
    }
    $('modal').querySelector('.wrong')?.parentNode.querySelector('input, textarea, select')?.focus();
  }

  function values(inputs) {
    const sent = {};
    for (const [block, input] of inputs) {
      const value = input.value();
      if (value !== '' && !(Array.isArray(value) && !value.length)) sent[block] = { [input.action]: value };
    }
    return sent;
  }

  async function submit(view, inputs) {
    const button = $('modal-submit');
    button.setAttribute('aria-busy', 'true');
    const answer = await post('views/submit', { user: state.user, view_id: view.id, values: values(inputs) })
      .catch(() => ({ shown: 'The simulator does not answer. Is it running?' }));
    button.setAttribute('aria-busy', 'false');
    if (answer.errors) showErrors(answer.errors);
    else if (!answer.ok) showErrors({ '': answer.shown || answer.error || 'It did not work.' });
  }

  const pressIn = (view) => async (element, block) => {
    const answer = await post('clicks', { user: state.user, view_id: view.id, action_id: element.action_id, block_id: block.block_id, value: element.value });
    return answer.ok ? '' : answer.error;
  };

  function fill(view) {
    const inputs = new Map();
    const body = view.blocks.map((block) => (block.type === 'input' ? inputBlock(block, inputs) : Blocks.render([block], { names, press: pressIn(view) })));
    $('modal-title').textContent = textOf(view.title);
    $('modal-body').replaceChildren(...body);
    $('modal-close').textContent = textOf(view.close) || 'Cancel';
    $('modal-submit').textContent = textOf(view.submit) || 'Submit';
    $('modal-submit').hidden = !view.submit;
    $('modal-form').onsubmit = (event) => { event.preventDefault(); submit(view, inputs); };
  }

  function close() {
    if (shown) post('views/close', { user: state.user, view_id: shown.id }).catch(() => {});
  }

  function receive(views) {
    const top = views[views.length - 1] || null;
    if (top && (shown?.id !== top.id || shown.hash !== top.hash)) fill(top);
    shown = top;
    if (top && !$('modal').open) $('modal').showModal();
    if (!top && $('modal').open) $('modal').close();
  }

  function listen() {
    $('modal-close').addEventListener('click', close);
    $('modal').addEventListener('cancel', (event) => { event.preventDefault(); close(); });
  }

  return { receive, listen };
})();
