// SPDX-License-Identifier: Apache-2.0
// mrkdwn: Slack's text markup as DOM nodes. Text arrives from outside, so it only ever becomes text nodes; an address
// becomes a link only when it is http, https or mailto.
'use strict';
const Mrkdwn = (() => {
  const decode = (text) => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');

  function make(tag, className, ...children) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...children);
    return node;
  }

  const emoji = Emoji.inText;

  function ago(seconds) {
    const past = Math.max(0, Date.now() / 1000 - seconds);
    if (past < 60) return 'just now';
    if (past < 3600) return `${Math.floor(past / 60)} minutes ago`;
    return past < 86400 ? `${Math.floor(past / 3600)} hours ago` : `${Math.floor(past / 86400)} days ago`;
  }

  function date(seconds, format) {
    const at = new Date(seconds * 1000);
    const day = (options) => at.toLocaleDateString(undefined, options);
    const relative = () => {
      const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86400000);
      return { 0: 'today', 1: 'yesterday', '-1': 'tomorrow' }[days];
    };
    const long = { year: 'numeric', month: 'long', day: 'numeric' };
    const short = { year: 'numeric', month: 'short', day: 'numeric' };
    const tokens = {
      date_num: () => at.toISOString().slice(0, 10), date: () => day(long), date_short: () => day(short),
      date_long: () => day({ weekday: 'long', ...long }), date_pretty: () => relative() || day(long),
      date_short_pretty: () => relative() || day(short), date_long_pretty: () => relative() || day({ weekday: 'long', ...long }),
      time: () => at.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' }),
      time_secs: () => at.toLocaleTimeString(), ago: () => ago(seconds),
    };
    return format.replace(/\{(\w+)\}/g, (whole, name) => (tokens[name] ? tokens[name]() : whole));
  }

  function link(url, label) {
    if (!/^(https?:|mailto:)/i.test(url)) return document.createTextNode(label || url);
    const node = make('a', '', label || url.replace(/^mailto:/, ''));
    node.href = url;
    node.target = '_blank';
    node.rel = 'noopener noreferrer';
    return node;
  }

  function special(body, label, names) {
    const [name, ...rest] = body.slice(1).split('^');
    if (name === 'date') {
      const node = make('time', '', date(Number(rest[0]), rest[1] || '{date_num} {time}'));
      if (Number.isFinite(Number(rest[0]))) node.dateTime = new Date(Number(rest[0]) * 1000).toISOString();
      node.title = label || '';
      return rest[2] ? (() => { const a = link(rest[2], ' '); a.replaceChildren(node); return a; })() : node;
    }
    const everybody = ['here', 'channel', 'everyone'].includes(name);
    return make('span', everybody ? 'mention me' : 'mention', label || '@' + (name === 'subteam' ? names.group?.(rest[0]) || rest[0] : name));
  }

  // A channel that this person does not see has no name here.
  function room(id, label, names) {
    const name = names.channel(id) || label;
    if (!name) return make('span', 'mention', '🔒 private channel');
    const node = make('a', 'mention', '#' + name);
    node.href = '/archives/' + id;
    return node;
  }

  // What stands between < and >.
  function entity(inside, names) {
    const bar = inside.indexOf('|');
    const body = decode(bar < 0 ? inside : inside.slice(0, bar));
    const label = bar < 0 ? '' : decode(inside.slice(bar + 1));
    if (body[0] === '@') return make('span', names.me?.(body.slice(1)) ? 'mention me' : 'mention', '@' + (names.user(body.slice(1)) || label || body.slice(1)));
    if (body[0] === '#') return room(body.slice(1), label, names);
    if (body[0] === '!') return special(body, label, names);
    return link(body, label);
  }

  const STYLES = { '*': 'strong', _: 'em', '~': 's' };
  const TOKEN = /<([^<>\n]+)>|`([^`\n]+)`|(^|[^A-Za-z0-9*_~])([*_~])(?=\S)((?:<[^<>\n]*>|[^\n])*?\S)\4(?![A-Za-z0-9])/;

  function inline(parent, text, names) {
    for (let match; text && (match = TOKEN.exec(text)); text = text.slice(match.index + match[0].length)) {
      parent.append(emoji(decode(text.slice(0, match.index))));
      if (match[1] !== undefined) {
        parent.append(entity(match[1], names));
      } else if (match[2] !== undefined) {
        parent.append(make('code', '', decode(match[2].replace(/<([^|>]*\|)?([^>]*)>/g, '$2'))));
      } else {
        parent.append(emoji(decode(match[3])));
        const styled = make(STYLES[match[4]], '');
        inline(styled, match[5], names);
        parent.append(styled);
      }
    }
    parent.append(emoji(decode(text || '')));
  }

  function lines(parent, text, names) {
    let quote = null;
    text.split('\n').forEach((line, index) => {
      const quoted = /^(?:&gt;|>)\s?/.exec(line);
      if (quoted) {
        if (quote) quote.append(document.createElement('br'));
        else parent.append((quote = document.createElement('blockquote')));
        inline(quote, line.slice(quoted[0].length), names);
        return;
      }
      if (index > 0 && !quote) parent.append(document.createElement('br'));
      quote = null;
      inline(parent, line, names);
    });
  }

  // names: {user(id), channel(id)} give a name or nothing.
  function render(text, names) {
    const parent = document.createDocumentFragment();
    text.split('```').forEach((part, index, all) => {
      const closed = index % 2 === 1 && index < all.length - 1;
      if (closed) parent.append(make('pre', '', decode(part.replace(/^\n|\n$/g, ''))));
      else lines(parent, index % 2 === 1 ? '```' + part : index > 0 ? part.replace(/^\n/, '') : part, names);
    });
    return parent;
  }

  return { render, emoji, make };
})();
