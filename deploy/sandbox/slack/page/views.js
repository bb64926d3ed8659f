// SPDX-License-Identifier: Apache-2.0
// views: the modal on top of the stack that the app has opened for this person, filled in and sent.
'use strict';
const Views = (() => {
  const now = { view: null, inputs: [], kept: new Map(), busy: false };

  const idOf = (block) => 'field-' + block.block_id.replace(/[^A-Za-z0-9_-]/g, '_');
  const key = (block, element) => `${block.block_id}/${element.action_id}`;

  function taken(block, element, input) {
    now.inputs.push({ block, element, input });
    const before = now.kept.get(key(block, element));
    if (before !== undefined) input.set(before);
  }

  // A label, the field, a hint, and a place for what is wrong.
  function row(block, parent) {
    const id = idOf(block);
    if (!Inputs.is(block.element)) return parent.append(make('p', 'help', `[${block.element.type}]`));
    const input = Inputs.make(block.element);
    const label = make(input.group ? 'legend' : 'label', 'label', block.label.text);
    if (block.optional) label.append(make('span', 'optional', ' (optional)'));
    const row = make(input.group ? 'fieldset' : 'div', 'row', label, input.node);
    const hint = make('p', 'help', block.hint?.text || '');
    const error = make('p', 'failed');
    hint.id = id + '-hint';
    error.id = id + '-error';
    row.dataset.block = block.block_id;
    if (!input.group) {
      input.node.id = id;
      label.htmlFor = id;
      input.node.required = false;
      input.node.setAttribute('aria-describedby', `${hint.id} ${error.id}`);
    } else {
      row.setAttribute('aria-describedby', `${hint.id} ${error.id}`);
    }
    row.append(hint, error);
    parent.append(row);
    taken(block, block.element, input);
  }

  function values() {
    const all = {};
    for (const { block, element, input } of now.inputs) (all[block.block_id] ??= {})[element.action_id] = input.value();
    return all;
  }

  function keep() {
    now.kept = new Map(now.inputs.map(({ block, element, input }) => [key(block, element), input.value()]));
  }

  function press(element, block, selected) {
    return act('clicks', { view_id: now.view.id, action_id: element.action_id, block_id: block.block_id, value: element.value, selected, values: values() });
  }

  function draw(view) {
    if (now.view?.id === view.id) keep();
    else now.kept.clear();
    now.view = view;
    now.inputs = [];
    $('modal-title').textContent = view.title.text;
    $('modal-body').replaceChildren(Blocks.render(view.blocks, { names, press, input: row, taken }));
    $('modal-submit').textContent = view.submit?.text || 'Submit';
    $('modal-submit').hidden = !view.submit;
    $('modal-close').textContent = view.close?.text || 'Cancel';
    $('modal-trouble').textContent = '';
    if (!$('modal').open) $('modal').showModal();
    (now.inputs[0]?.input.focus || $('modal-close')).focus();
  }

  // The stack, the first view first.
  function show(views) {
    const top = views[views.length - 1];
    if (!top) {
      now.view = null;
      now.kept.clear();
      if ($('modal').open) $('modal').close();
    } else if (now.view?.id !== top.id || now.view.hash !== top.hash) {
      draw(top);
    }
  }

  function showErrors(errors) {
    let first = null;
    for (const { block, input } of now.inputs) {
      const text = errors[block.block_id] || '';
      const place = document.getElementById(idOf(block) + '-error');
      if (!place) continue;
      place.textContent = text && '⚠ ' + text;
      place.className = text ? 'failed wrong' : 'failed';
      (input.group ? input.node : input.focus)?.setAttribute(input.group ? 'data-invalid' : 'aria-invalid', String(Boolean(text)));
      if (text && !first) first = input.focus;
    }
    first?.focus();
  }

  async function submit(event) {
    event.preventDefault();
    if (now.busy || !now.view?.submit) return;
    now.busy = true;
    $('modal-submit').setAttribute('aria-busy', 'true');
    showErrors({});
    $('modal-trouble').textContent = '';
    const answer = await post('views/submit', { view_id: now.view.id, values: values() }).catch(() => ({ shown: 'The simulator does not answer. Is it running?' }));
    now.busy = false;
    $('modal-submit').setAttribute('aria-busy', 'false');
    if (answer.errors) showErrors(answer.errors);
    else if (answer.ok) show(answer.views);
    else $('modal-trouble').textContent = answer.shown || answer.error;
  }

  function close() {
    if (now.view) attempt('views/close', { view_id: now.view.id });
  }

  function listen() {
    $('modal-form').addEventListener('submit', submit);
    $('modal').addEventListener('cancel', (event) => { event.preventDefault(); close(); });
    for (const id of ['modal-close', 'modal-x']) $(id).addEventListener('click', close);
  }

  return { show, listen };
})();
