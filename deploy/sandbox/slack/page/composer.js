// SPDX-License-Identifier: Apache-2.0
// composer: the fields to type in, of the channel and of a thread: completion, the last lines, sending. Starts the page.
'use strict';
const Composer = (() => {
  const SHOWN = 8;

  // ---- what is offered while something is typed: {show, about, put: the field's text, at: where the caret goes}

  function commandOffers(typed) {
    if (typed.includes('\n') || !/^[./]/.test(typed)) return [];
    const low = typed.toLowerCase();
    return (typed[0] === '/' ? COMMANDS : WORDS).map(([word, rest, about]) => ({ word, rest, about, whole: `${word} ${rest}`.trimEnd() }))
      .filter(({ whole }) => whole.startsWith(low.trimEnd()) && whole !== low.trimEnd())
      .map(({ word, rest, about, whole }) => {
        const blank = rest.indexOf('<');
        return { show: whole, about, put: blank < 0 ? whole + (rest ? '' : ' ') : `${word} ${rest.slice(0, blank)}`.trimEnd() + ' ' };
      });
  }

  const people = () => [...state.users.values()].filter((user) => user.id !== 'USLACKBOT').map((user) => ['@' + user.name, user.real_name])
    .concat(Object.values(GROUPS).map((handle) => ['@' + handle, 'a group']), [['@here', 'who is in this channel']]);
  const rooms = () => [...state.channels.values()].filter((channel) => channel.name && !channel.is_im).map((channel) => ['#' + channel.name, channel.topic.value]);
  const emojis = (part) => Emoji.search(part).map((name) => [`:${name}:`, Emoji.one(name)]);

  // A mention, a channel or an emoji before the caret.
  function tokenOffers(input) {
    const before = input.value.slice(0, input.selectionStart);
    const match = /(?:^|[\s(])(@[\w-]*|#[\w-]*|:[a-z0-9_+-]{2,})$/.exec(before);
    if (!match) return [];
    const token = match[1].toLowerCase();
    const list = token[0] === '@' ? people() : token[0] === '#' ? rooms() : emojis(token.slice(1));
    const fits = ([word, about]) => word.startsWith(token) || (token[0] !== '#' && token.length > 1 && about.toLowerCase().includes(token.slice(1))) || token[0] === ':';
    if (list.some(([word]) => word === token)) return []; // it is complete, and Enter sends
    return list.filter(fits).slice(0, SHOWN).map(([word, about]) => {
      const start = before.slice(0, before.length - token.length) + word + ' ';
      return { show: word, about, put: start + input.value.slice(input.selectionStart).trimStart(), at: start.length };
    });
  }

  // ---- a field: composer({form, input, list, send(line), commands}) send() resolves to whether the line is gone

  function composer({ form, input, list, send, slash }) {
    const own = { past: [], at: 0, choice: -1, offers: [] };
    const button = form.querySelector('.send');

    function grow() {
      input.style.height = 'auto';
      input.style.height = input.scrollHeight + 'px';
      button.disabled = !input.value.trim();
    }

    function select(index) {
      const items = [...list.children];
      own.choice = items.length && index !== null ? (index + items.length) % items.length : -1;
      items.forEach((item, i) => item.setAttribute('aria-selected', String(i === own.choice)));
      if (own.choice < 0) return input.removeAttribute('aria-activedescendant');
      input.setAttribute('aria-activedescendant', items[own.choice].id);
      items[own.choice].scrollIntoView({ block: 'nearest' });
    }

    function hide() {
      list.hidden = true;
      list.replaceChildren();
      select(null);
    }

    function fill(offer) {
      input.value = offer.put;
      input.focus();
      input.setSelectionRange(offer.at ?? offer.put.length, offer.at ?? offer.put.length);
      grow();
      offer.at === undefined ? offerAll() : hide();
    }

    function offerAll() {
      own.offers = (slash || input.value[0] !== '/' ? commandOffers(input.value) : []);
      if (!own.offers.length) own.offers = tokenOffers(input);
      if (!own.offers.length) return hide();
      list.replaceChildren(...own.offers.map((offer, index) => {
        const item = make('li', '', make('b', '', offer.show), make('span', '', offer.about));
        item.id = `${list.id}-${index}`;
        item.setAttribute('role', 'option');
        item.addEventListener('mousedown', (event) => { event.preventDefault(); fill(offer); });
        return item;
      }));
      list.hidden = false;
      // Words are typed to their end and sent by Enter; a mention is completed by it.
      select(own.offers[0].at === undefined ? null : 0);
    }

    async function submit() {
      const line = input.value.trim();
      if (!line) return;
      hide();
      own.past = own.past.filter((old) => old !== line).concat(line).slice(-50);
      own.at = own.past.length;
      input.value = '';
      grow();
      if (!(await send(line)) && !input.value) {
        input.value = line;
        grow();
      }
    }

    function recall(step) {
      own.at = Math.max(0, Math.min(own.past.length, own.at + step));
      input.value = own.past[own.at] || '';
      grow();
      hide();
    }

    function onKey(event) {
      const open = !list.hidden;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (open && step) select(own.choice < 0 && step < 0 ? -1 : own.choice + step);
      else if (open && event.key === 'Escape') hide();
      else if (open && ((event.key === 'Tab' && !event.shiftKey) || (event.key === 'Enter' && own.choice >= 0))) fill(own.offers[Math.max(0, own.choice)]);
      else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) submit();
      else if (step && (!input.value ? step < 0 : own.past.includes(input.value))) recall(step);
      else return;
      event.preventDefault();
    }

    input.addEventListener('keydown', onKey);
    input.addEventListener('input', () => { grow(); offerAll(); });
    input.addEventListener('blur', () => setTimeout(hide, 100));
    form.addEventListener('submit', (event) => { event.preventDefault(); submit(); });
    return { grow, hide, fill: (text) => { input.value = text; input.focus(); grow(); hide(); } };
  }

  // ---- the two

  const HINT = $('hint').cloneNode(true);

  function say(text, failed) {
    if (text) $('hint').replaceChildren(Mrkdwn.render(text, names));
    else $('hint').replaceChildren(...HINT.cloneNode(true).childNodes);
    $('hint').className = failed ? 'failed' : '';
  }

  // What Slack's client does by itself: the change of the channel, and what it needs.
  const mentioned = (text) => text.match(/@[\w-]+/g) || [];
  const OWN = {
    '/invite': (text) => ({ change: 'invite', users: mentioned(text) }),
    '/remove': (text) => ({ change: 'kick', who: mentioned(text)[0] || '' }),
    '/topic': (text) => ({ change: 'topic', topic: text }),
    '/rename': (text) => ({ change: 'rename', name: text.replace(/^#/, '') }),
    '/join': (text) => ({ change: 'join', channel: text.replace(/^#/, '') || state.channel }),
    '/leave': () => ({ change: 'leave' }),
    '/archive': () => ({ change: 'archive' }),
  };

  async function sendOwn(command, text) {
    const error = await act('channels/change', { channel: state.channel, ...OWN[command](text) });
    say(error ? `\`${command}\`: ${error}` : '', Boolean(error));
    return !error;
  }

  async function sendCommand(line) {
    const [, command, text] = /^(\/\S+)\s*([\s\S]*)$/.exec(line);
    if (OWN[command]) return sendOwn(command, text.trim());
    say(`Sending \`${command}\` …`);
    const answer = await post('commands', { channel: state.channel, command, text: text.trim() });
    if (answer.ok) say(`Answered in ${answer.ms} ms.`);
    else say(`\`${command}\` failed: ${answer.error}`, true);
    return true;
  }

  async function sendText(line, more) {
    const answer = await post('messages', { channel: state.channel, text: line, typed: true, ...more });
    if (answer.ok) say('');
    else say(REFUSALS[answer.error] || answer.error, true);
    return answer.ok;
  }

  const away = () => { say('The simulator does not answer. Is it running?', true); return false; };

  function sendHere(line) {
    Messages.toEnd();
    return (/^\/\S/.test(line) ? sendCommand(line) : sendText(line)).catch(away);
  }

  function sendReply(line) {
    if (/^\/\S/.test(line)) {
      toast(`${line.split(/\s/)[0]} is not supported in threads. Sorry!`);
      return Promise.resolve(false);
    }
    return sendText(line, Side.place()).catch(away);
  }

  const main = composer({ form: $('composer'), input: $('input'), list: $('completion'), send: sendHere, slash: true });
  composer({ form: $('reply'), input: $('reply-input'), list: $('reply-completion'), send: sendReply, slash: false });

  function keepDraft() {
    if (state.channel) state.drafts.set(state.channel, $('input').value);
  }

  function takeDraft() {
    $('input').value = state.drafts.get(state.channel) || '';
    main.grow();
    main.hide();
    say('');
  }

  return { fill: main.fill, keepDraft, takeDraft };
})();

// "/archives/C.../p1700000000000001" is the permalink of a message, "/archives/C..." that of a channel.
function goTo(path) {
  const parts = /^\/archives\/([A-Z0-9]+)(?:\/p(\d{10})(\d{6}))?/.exec(path);
  if (!parts) return false;
  if (!state.channels.has(parts[1])) {
    toast('You do not see this channel.');
    return true;
  }
  Channel.open(parts[1]);
  if (parts[2]) Messages.find(`${parts[2]}.${parts[3]}`);
  return true;
}

function listen() {
  [Sidebar, Channel, Tools, Side, Views, Emoji].forEach((part) => part.listen());
  $('newer').addEventListener('click', Messages.toEnd);
  $('earlier').addEventListener('click', Messages.showEarlier);
  $('scroll').addEventListener('scroll', () => { if (Messages.atEnd()) $('newer').hidden = true; });
  $('form-cancel').addEventListener('click', () => $('form').close());
  for (const button of document.querySelectorAll('[data-fill]')) button.addEventListener('click', () => Composer.fill(button.dataset.fill));
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[href*="/archives/"]');
    if (link && !event.ctrlKey && !event.metaKey && goTo(new URL(link.href).pathname)) event.preventDefault();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') Sidebar.close();
    const typing = event.target.closest?.('input, textarea, select, dialog, button, a');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) $('input').focus();
  });
}

async function start() {
  const info = await (await fetch('/sandbox/v1/info')).json();
  info.users.forEach((user) => state.users.set(user.id, user));
  info.groups.forEach((group) => { GROUPS[group.id] = group.handle; });
  listen();
  const people = info.users.filter((user) => !user.is_bot && user.id !== 'USLACKBOT');
  state.channel = sessionStorage.getItem('channel') || info.channels.find((channel) => channel.is_general).id;
  state.afterFirst = () => { 
    if (!goTo(location.pathname) && !room() && state.channel !== APP_ROOM) Channel.open('');
    history.replaceState(null, '', '/'); // a reload comes back to the channel that is open then
  };
  becomeUser(people.some((user) => user.id === sessionStorage.getItem('user')) ? sessionStorage.getItem('user') : people[0].id);
  if (!isPhone()) $('input').focus();
}

start().catch(() => { $('live').textContent = 'the simulator does not answer'; });
