// SPDX-License-Identifier: Apache-2.0
// tools: what a person does with a message: reacts, answers in its thread, pins it, and changes or deletes their own.
'use strict';
const Tools = (() => {
  const QUICK = ['white_check_mark', 'eyes', 'tada', 'pushpin'];

  const mine = (reaction) => (reaction.users || []).includes(state.user);

  function act(path, message, more) {
    return post(path, { user: state.user, channel: message.channel, ts: message.ts, ...more })
      .then((answer) => { if (!answer.ok) Composer.say(`That did not work: \`${answer.error}\`.`, true); })
      .catch(() => Composer.say('The simulator does not answer. Is it running?', true));
  }

  function toggle(message, name) {
    const reaction = (message.reactions || []).find((one) => one.name === name);
    return act(reaction && mine(reaction) ? 'reactions/remove' : 'reactions', message, { name });
  }

  function reactions(message) {
    return make('div', 'reactions', ...message.reactions.map((reaction) => {
      const button = make('button', mine(reaction) ? 'on' : '', `${Mrkdwn.emoji(':' + reaction.name + ':')} ${reaction.count}`);
      button.type = 'button';
      button.dataset.action = 'reaction:' + reaction.name;
      button.title = `:${reaction.name}: ${reaction.users.map((id) => names.user(id) || id).join(', ')}`;
      button.setAttribute('aria-label', `${reaction.name.replace(/_/g, ' ')}, ${reaction.count}`);
      button.setAttribute('aria-pressed', String(mine(reaction)));
      button.addEventListener('click', () => toggle(message, reaction.name));
      return button;
    }));
  }

  function tool(label, sign, action, run) {
    const button = make('button', '', sign);
    button.type = 'button';
    button.title = label;
    button.dataset.action = 'tool:' + action;
    button.setAttribute('aria-label', label);
    button.addEventListener('click', run);
    return button;
  }

  function bar(message) {
    const own = message.user === state.user && !message.bot_id;
    const node = make('div', 'tools', ...QUICK.map((name) => tool(`React with ${name.replace(/_/g, ' ')}`, Mrkdwn.emoji(`:${name}:`), 'react:' + name, () => toggle(message, name))));
    node.setAttribute('role', 'group');
    node.setAttribute('aria-label', 'What to do with this message');
    node.append(tool('Reply in thread', '💬', 'reply', () => Composer.reply(message)));
    const pinnedNow = isPinned(message);
    node.append(tool(pinnedNow ? 'Unpin' : 'Pin to the channel', pinnedNow ? '📍' : '📌', 'pin', () => act(pinnedNow ? 'pins/remove' : 'pins', message)));
    if (own) {
      node.append(tool('Edit', '✏️', 'edit', () => Composer.edit(message)));
      node.append(tool('Delete', '🗑️', 'delete', () => act('messages/delete', message)));
    }
    return node;
  }

  return { bar, reactions };
})();
