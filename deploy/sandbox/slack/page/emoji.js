// SPDX-License-Identifier: Apache-2.0
// emoji: names as Slack has them, and the window to pick one from. An unknown name is shown as it is written.
'use strict';
const Emoji = (() => {
  const TABLE = {
    '+1': '👍', '-1': '👎', ok_hand: '👌', eyes: '👀', white_check_mark: '✅', raised_hands: '🙌', pray: '🙏', clap: '👏', tada: '🎉',
    heart: '❤️', joy: '😂', smile: '😄', slightly_smiling_face: '🙂', thinking_face: '🤔', sob: '😭', scream: '😱', sweat_smile: '😅',
    cry: '😢', rage: '😡', sleeping: '😴', face_with_monocle: '🧐', facepalm: '🤦', shrug: '🤷', muscle: '💪', point_up: '☝️',
    point_right: '👉', point_left: '👈', point_down: '👇', wave: '👋', raised_hand: '✋', hand: '✋', handshake: '🤝', writing_hand: '✍️',
    rocket: '🚀', ship: '🚢', sailboat: '⛵', anchor: '⚓', package: '📦', fire: '🔥', fire_engine: '🚒', ambulance: '🚑',
    rotating_light: '🚨', warning: '⚠️', octagonal_sign: '🛑', no_entry: '⛔', no_entry_sign: '🚫', x: '❌', heavy_check_mark: '✔️',
    heavy_multiplication_x: '✖️', heavy_plus_sign: '➕', heavy_minus_sign: '➖', question: '❓', exclamation: '❗', grey_question: '❔',
    bangbang: '‼️', information_source: 'ℹ️', hourglass: '⌛', hourglass_flowing_sand: '⏳', stopwatch: '⏱️', alarm_clock: '⏰',
    clock1: '🕐', clock3: '🕒', calendar: '📅', date: '📅', lock: '🔒', unlock: '🔓', key: '🔑', gear: '⚙️', wrench: '🔧', hammer: '🔨',
    hammer_and_wrench: '🛠️', adhesive_bandage: '🩹', bug: '🐛', construction: '🚧', zap: '⚡', sparkles: '✨', boom: '💥', skull: '💀',
    ghost: '👻', robot_face: '🤖', ice_cube: '🧊', sunny: '☀️', cloud: '☁️', umbrella: '☔', rainbow: '🌈', snowflake: '❄️',
    large_green_circle: '🟢', large_yellow_circle: '🟡', large_orange_circle: '🟠', red_circle: '🔴', large_blue_circle: '🔵',
    white_circle: '⚪', black_circle: '⚫', white_small_square: '▫️', black_small_square: '▪️', white_large_square: '⬜',
    black_large_square: '⬛', arrows_counterclockwise: '🔄', leftwards_arrow_with_hook: '↩️', arrow_right: '➡️', arrow_double_up: '⏫',
    arrow_up: '⬆️', arrow_down: '⬇️', rewind: '⏪', fast_forward: '⏩', arrow_forward: '▶️', double_vertical_bar: '⏸️',
    black_square_for_stop: '⏹️', repeat: '🔁', mega: '📣', loudspeaker: '📢', bell: '🔔', no_bell: '🔕', speech_balloon: '💬',
    thought_balloon: '💭', memo: '📝', pencil2: '✏️', book: '📖', books: '📚', page_facing_up: '📄', clipboard: '📋',
    card_file_box: '🗃️', file_folder: '📁', wastebasket: '🗑️', link: '🔗', mag: '🔍', bulb: '💡', pushpin: '📌', round_pushpin: '📍',
    paperclip: '📎', email: '✉️', inbox_tray: '📥', outbox_tray: '📤', telephone_receiver: '📞', computer: '💻', chart_with_upwards_trend: '📈',
    chart_with_downwards_trend: '📉', bar_chart: '📊', bust_in_silhouette: '👤', busts_in_silhouette: '👥', broken_heart: '💔',
    dart: '🎯', compass: '🧭', jigsaw: '🧩', dash: '💨', anger: '💢', zzz: '💤', small_blue_diamond: '🔹', spiral_note_pad: '🗒️',
    vertical_traffic_light: '🚦', twisted_rightwards_arrows: '🔀', file_cabinet: '🗄️', pencil: '📝',
    trophy: '🏆', checkered_flag: '🏁', coffee: '☕', beers: '🍻', pizza: '🍕', cake: '🍰', dog: '🐶', cat: '🐱', thumbsup: '👍', thumbsdown: '👎',
  };
  const ALIASES = new Set(['thumbsup', 'thumbsdown', 'hand', 'date', 'pencil']);
  const COLUMNS = 8;
  let done = null;

  const one = (name) => TABLE[name.replace(/::skin-tone-\d$/, '')] || `:${name}:`;
  const inText = (text) => text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => TABLE[name] || whole);
  const search = (part) => Object.keys(TABLE).filter((name) => !ALIASES.has(name) && name.includes(part))
    .sort((a, b) => b.startsWith(part) - a.startsWith(part));

  function show(part) {
    const found = search(part);
    document.getElementById('picker-grid').replaceChildren(...found.map((name) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.dataset.name = name;
      button.title = `:${name}:`;
      button.tabIndex = -1;
      button.setAttribute('aria-label', name.replace(/_/g, ' '));
      button.append(TABLE[name]);
      return button;
    }));
    const first = document.querySelector('#picker-grid button');
    if (first) first.tabIndex = 0;
    document.getElementById('picker-none').hidden = found.length > 0;
  }

  function move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
    const buttons = [...document.querySelectorAll('#picker-grid button')];
    const at = buttons.indexOf(document.activeElement);
    if (at < 0 && event.key === 'Enter' && buttons.length) return finish(buttons[0].dataset.name, event);
    if (!step || (at < 0 && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    if (at >= 0 && at + step < 0) return document.getElementById('picker-search').focus();
    (at < 0 ? buttons[0] : buttons[Math.min(at + step, buttons.length - 1)])?.focus();
  }

  function finish(name, event) {
    event?.preventDefault();
    const call = done;
    done = null;
    document.getElementById('picker').close();
    if (name) call?.(name);
  }

  // Near the anchor, within the window. choose(name) when one was picked.
  function pick(anchor, choose) {
    const dialog = document.getElementById('picker');
    const box = anchor.getBoundingClientRect();
    done = choose;
    document.getElementById('picker-search').value = '';
    show('');
    dialog.showModal();
    dialog.style.left = Math.max(8, Math.min(box.right - dialog.offsetWidth, innerWidth - dialog.offsetWidth - 8)) + 'px';
    dialog.style.top = Math.max(8, Math.min(box.bottom + 6, innerHeight - dialog.offsetHeight - 8)) + 'px';
    document.getElementById('picker-search').focus();
  }

  function listen() {
    const dialog = document.getElementById('picker');
    dialog.addEventListener('keydown', move);
    dialog.addEventListener('click', (event) => {
      if (event.target === dialog) finish('');
      else if (event.target.closest('#picker-grid button')) finish(event.target.closest('button').dataset.name);
    });
    document.getElementById('picker-search').addEventListener('input', (event) => show(event.target.value.trim().toLowerCase().replace(/ /g, '_')));
  }

  return { one, inText, search, pick, listen };
})();
