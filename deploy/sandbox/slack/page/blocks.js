// SPDX-License-Identifier: Apache-2.0
// blocks: Block Kit as DOM nodes. A block of an unknown type is shown as what it says, never dropped.
'use strict';
const Blocks = (() => {
  const { make, emoji } = Mrkdwn;

  function text(object, names) {
    const node = make('div', 'text');
    if (object && object.type === 'mrkdwn') node.append(Mrkdwn.render(object.text, names));
    else if (object) object.text.split('\n').forEach((line, i) => node.append(...(i ? [document.createElement('br')] : []), emoji(line)));
    return node;
  }

  function image(object) {
    const node = make('img', '');
    if (/^https:/.test(object.image_url)) node.src = object.image_url;
    node.alt = object.alt_text;
    return node;
  }

  // Resolves to whether the person is sure. Text objects as in a confirm of Block Kit.
  function ask(confirm, names) {
    const dialog = document.getElementById('confirm');
    const yes = document.getElementById('confirm-yes');
    document.getElementById('confirm-title').textContent = confirm.title.text;
    document.getElementById('confirm-text').replaceChildren(text(confirm.text, names));
    document.getElementById('confirm-deny').textContent = confirm.deny.text;
    yes.textContent = confirm.confirm.text;
    yes.className = 'button ' + (confirm.style || 'primary');
    dialog.returnValue = 'no';
    dialog.showModal();
    return new Promise((resolve) => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }));
  }

  // press(element, block, chosen) resolves to an error text, or to nothing.
  function button(element, block, context) {
    const node = make(element.url ? 'a' : 'button', 'button ' + (element.style || ''), emoji(element.text.text));
    node.dataset.action = element.action_id || '';
    if (element.accessibility_label) node.setAttribute('aria-label', element.accessibility_label);
    if (element.url && /^https?:/.test(element.url)) {
      node.href = element.url;
      node.target = '_blank';
      node.rel = 'noopener noreferrer';
    } else {
      node.type = 'button';
    }
    node.addEventListener('click', async () => {
      if (node.getAttribute('aria-busy') === 'true' || (element.confirm && !(await ask(element.confirm, context.names)))) return;
      node.setAttribute('aria-busy', 'true');
      const error = await context.press(element, block);
      node.setAttribute('aria-busy', 'false');
      if (error && node.parentNode) node.after(make('span', 'failed', '⚠ ' + error));
    });
    return node;
  }

  // A field that tells the app at once what was chosen in it. In a form, what is chosen goes with the form too.
  function chooser(object, block, context) {
    const input = Inputs.make(object);
    context.taken?.(block, object, input);
    input.node.dataset.action = object.action_id || '';
    input.focus?.setAttribute('aria-label', object.placeholder?.text || block.text?.text || object.action_id);
    input.node.addEventListener('change', async () => {
      if (object.confirm && !(await ask(object.confirm, context.names))) return;
      const error = await context.press(object, block, input.value());
      if (error && input.node.parentNode) input.node.after(make('span', 'failed', '⚠ ' + error));
    });
    return input.node;
  }

  function element(object, block, context) {
    if (object.type === 'button') return button(object, block, context);
    if (object.type === 'image') return image(object);
    if (Inputs.is(object)) return chooser(object, block, context);
    if (object.type === 'mrkdwn' || object.type === 'plain_text') return text(object, context.names);
    return make('span', 'text', `[${object.type}]`);
  }

  const RENDER = {
    header: (block, context, node) => node.append(text(block.text, context.names)),
    section(block, context, node) {
      const main = make('div', 'main');
      if (block.text) main.append(text(block.text, context.names));
      if (block.fields) main.append(make('div', 'fields', ...block.fields.map((field) => text(field, context.names))));
      main.style.flex = '1';
      main.style.minWidth = '0';
      node.append(main);
      if (block.accessory) node.append(element(block.accessory, block, context));
    },
    context: (block, context, node) => node.append(...block.elements.map((e) => element(e, block, context))),
    actions: (block, context, node) => node.append(...block.elements.map((e) => element(e, block, context))),
    image: (block, context, node) => node.append(image(block)),
    markdown: (block, context, node) => node.append(Mrkdwn.render(block.text, context.names)),
    input: (block, context, node) => (context.input ? context.input(block, node) : node.append(text(block.label, context.names))),
    divider() {},
  };

  function render(blocks, context) {
    const parent = document.createDocumentFragment();
    for (const block of blocks) {
      const node = make(block.type === 'divider' ? 'hr' : block.type === 'header' ? 'h3' : 'div', 'block ' + (block.type === 'input' ? 'ask' : block.type));
      if (block.type === 'header') node.style.margin = '6px 0';
      if (RENDER[block.type]) RENDER[block.type](block, context, node);
      else node.append(`[${block.type}]`);
      parent.append(node);
    }
    return parent;
  }

  return { render, ask };
})();
