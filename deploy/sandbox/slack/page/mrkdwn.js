// SPDX-License-Identifier: Apache-2.0
// mrkdwn: Slack's text markup as DOM nodes. Text arrives from outside, so it only ever becomes text nodes; an address
// becomes a link only when it is http, https or mailto.
'use strict';
const Mrkdwn = (() => {
  const EMOJI = {
    rocket: '🚀', white_check_mark: '✅', heavy_check_mark: '✔️', x: '❌', hourglass: '⌛', hourglass_flowing_sand: '⏳',
    warning: '⚠️', lock: '🔒', unlock: '🔓', fire: '🔥', octagonal_sign: '🛑', no_entry: '⛔', no_entry_sign: '🚫',
    arrows_counterclockwise: '🔄', raised_hand: '✋', hand: '✋', mega: '📣', ice_cube: '🧊', tada: '🎉', eyes: '👀',
    large_green_circle: '🟢', large_yellow_circle: '🟡', red_circle: '🔴', large_blue_circle: '🔵', white_circle: '⚪',
    black_circle: '⚫', clock1: '🕐', stopwatch: '⏱️', ship: '🚢', sailboat: '⛵', anchor: '⚓', gear: '⚙️', wrench: '🔧',
    information_source: 'ℹ️', question: '❓', exclamation: '❗', wave: '👋', '+1': '👍', thumbsup: '👍', '-1': '👎',
    white_small_square: '▫️', black_small_square: '▪️', white_large_square: '⬜', black_large_square: '⬛',
    rewind: '⏪', leftwards_arrow_with_hook: '↩️', fast_forward: '⏩', arrow_right: '➡️', bell: '🔔', bug: '🐛',
    package: '📦', link: '🔗', memo: '📝', mag: '🔍', construction: '🚧', skull: '💀', zap: '⚡', sparkles: '✨',
    double_vertical_bar: '⏸️', black_square_for_stop: '⏹️', arrow_forward: '▶️', heavy_minus_sign: '➖', robot_face: '🤖',
    speech_balloon: '💬', bust_in_silhouette: '👤', calendar: '📅', chart_with_upwards_trend: '📈', broken_heart: '💔',
    ok_hand: '👌', dart: '🎯', pushpin: '📌', round_pushpin: '📍', sunny: '☀️', adhesive_bandage: '🩹', compass: '🧭', jigsaw: '🧩',
    ambulance: '🚑', hammer_and_wrench: '🛠️', dash: '💨', rotating_light: '🚨', small_blue_diamond: '🔹', spiral_note_pad: '🗒️',
    card_file_box: '🗃️', anger: '💢', vertical_traffic_light: '🚦', twisted_rightwards_arrows: '🔀', heart: '❤️', zzz: '💤',
    heavy_multiplication_x: '✖️', busts_in_silhouette: '👥', boom: '💥', file_cabinet: '🗄️', clipboard: '📋', alarm_clock: '⏰', arrow_double_up: '⏫', book: '📖',
    page_facing_up: '📄', point_right: '👉', pencil: '📝', grey_question: '❔',
  };

  const decode = (text) => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');

  function make(tag, className, ...children) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...children);
    return node;
  }

  const emoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] || whole);

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

  function special(body, label) {
    const [name, ...rest] = body.slice(1).split('^');
    if (name === 'date') {
      const node = make('time', '', date(Number(rest[0]), rest[1] || '{date_num} {time}'));
      if (Number.isFinite(Number(rest[0]))) node.dateTime = new Date(Number(rest[0]) * 1000).toISOString();
      node.title = label || '';
      return rest[2] ? (() => { const a = link(rest[2], ' '); a.replaceChildren(node); return a; })() : node;
    }
    return make('span', 'mention', label || (name === 'subteam' ? '@' + rest[0] : '@' + name));
  }

  // What stands between < and >.
  function entity(inside, names) {
    const bar = inside.indexOf('|');
    const body = decode(bar < 0 ? inside : inside.slice(0, bar));
    const label = bar < 0 ? '' : decode(inside.slice(bar + 1));
    if (body[0] === '@') return make('span', 'mention', '@' + (names.user(body.slice(1)) || label || body.slice(1)));
    if (body[0] === '#') return make('span', 'mention', '#' + (names.channel(body.slice(1)) || label || body.slice(1)));
    if (body[0] === '!') return special(body, label);
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
