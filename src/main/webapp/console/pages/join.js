// The first board: code to paste, for this server; and then the page waits for the board's first poll.
import {Problem, isReachable, json, segment} from '../lib/api.js';
import {h, put, refresh} from '../lib/dom.js';
import {KINDS, certificateCommand, code} from '../lib/join-code.js';
import {live} from '../lib/live.js';
import {certificate} from '../lib/session.js';
import {ago} from '../lib/time.js';
import {boardLink, icon, note, toast} from '../lib/ui.js';
import {idText, route} from '../lib/words.js';

const GAP_MILLIS = 2000;

export function open(main, first) {
  document.title = 'Join a board \u00b7 Fuota';
  let query = first;
  const input = (id, value, properties = {}) => h('input', {id, value, autocomplete: 'off', spellcheck: 'false', onchange: changed, ...properties});
  const kinds = h('div', {class: 'ways', role: 'radiogroup', 'aria-labelledby': 'kind-title'}, Object.entries(KINDS).map(([one, {name}]) =>
    h('label', {class: 'radio'}, h('input', {type: 'radio', name: 'kind', id: `kind-${one}`, value: one, checked: one === (query.kind ?? 'idf'), onchange: changed}), h('span', {}, name))));
  const id = input('join-id', query.id ?? 'board-1', {maxlength: '128'});
  const user = input('join-user', query.user ?? 'device', {pattern: '[A-Za-z0-9._~\\-]+'});
  const version = input('join-version', query.version ?? '1.0.0');
  const says = h('p', {});
  const text = h('pre', {id: 'code', tabindex: '0', 'aria-label': 'Code'});
  const pem = h('pre', {id: 'pem', tabindex: '0', 'aria-label': 'server.pem'});
  const waiting = h('div', {id: 'waiting', role: 'status'});
  const copy = (what, from) => h('button', {type: 'button', onclick: async () => {
    try {
      await navigator.clipboard.writeText(from.textContent ?? '');
      toast(`${what} is copied.`);
    } catch {
      toast('This browser doesn\u2019t let it be copied: select it instead.', 'bad');
    }
  }}, icon('copy'), `Copy ${what.toLowerCase()}`);
  const field = (forId, label, control, hint) => h('div', {class: 'field'}, h('label', {for: forId}, label), control, hint ? h('p', {class: 'hint'}, hint) : null);
  main.append(h('h1', {tabindex: '-1'}, 'Join a board'),
    h('div', {class: 'steps'},
      h('section', {class: 'panel step', 'aria-labelledby': 'kind-title'}, h('h2', {id: 'kind-title'}, 'What does it run?'), kinds,
        h('div', {class: 'fields'}, field('join-id', 'Its id', id, 'Any name of its own, often its MAC address.'), field('join-version', 'Version that it reports', version, 'What its firmware calls itself.'),
          field('join-user', 'Its user', user, 'The one of role fuota-device. Its password was shown when the server was set up; it isn\u2019t shown here.'))),
      h('section', {class: 'panel step', 'aria-labelledby': 'code-title'}, h('h2', {id: 'code-title'}, 'Paste this'), says, text, h('p', {}, copy('The code', text)),
        h('p', {}, h('b', {}, 'server.pem'), ' is the certificate that the board trusts:'), pem, h('p', {}, copy('The certificate', pem))),
      h('section', {class: 'panel step', 'aria-labelledby': 'wait-title'}, h('h2', {id: 'wait-title'}, 'Start it'), waiting)));

  function kind() {
    return kinds.querySelector('input:checked')?.getAttribute('value') ?? 'idf';
  }

  function changed() {
    query = {kind: kind(), id: id.value.trim(), user: user.value.trim(), version: version.value.trim()};
    history.replaceState(null, '', route('join', query));
    show();
    refreshing.run();
  }

  function show() {
    const url = new URL('.', location.origin + location.pathname).href.replace(/\/$/, '');
    const chosen = KINDS[kind()];
    put(says, h('span', {class: 'path'}, chosen.file), ': ', chosen.says);
    // As it is, with its line ends, which would be shown as marks elsewhere.
    text.textContent = code(kind(), {url, id: encodeURIComponent(id.value.trim()), user: user.value.trim(), version: encodeURIComponent(version.value.trim())});
    pem.textContent = certificate() ?? certificateCommand(location.hostname, location.port || '443');
  }

  async function load(signal) {
    show();
    const name = id.value.trim();
    if (!isReachable(name)) {
      put(waiting, note('warn', h('p', {}, 'No board can have such an id: it has a slash, or is empty.')));
      return;
    }
    try {
      const board = await json(`fleet/${segment(name)}`, {}, signal);
      if (board.last_seen !== null) {
        celebrate(board);
        return;
      }
    } catch (e) {
      if (!(e instanceof Problem) || e.status !== 404) {
        throw e;
      }
    }
    refresh(waiting, h('p', {class: 'waiting'}, h('span', {class: 'waiting-dot'}), h('span', {}, 'Waiting for the first poll of ', h('b', {}, idText(name)), '. Nothing comes? Check the network, the address, the user and its password.')));
  }

  function celebrate(board) {
    refresh(waiting, h('div', {class: 'celebrate'}, icon('updated'), h('p', {}, h('b', {}, 'It is here. '), boardLink(board.device_id), ' reports version ', h('span', {class: 'version'}, board.app_version ?? 'none'), ', ', ago(board.last_seen), '.'),
      h('p', {}, 'Next: ', h('a', {href: route('files')}, 'upload an update file'), ', then ', h('a', {href: route('new-rollout', {replaces: board.app_version ?? ''})}, 'roll it out'), '.')));
  }

  const refreshing = live(load, GAP_MILLIS);
  show();
  refreshing.run();
  return {close: refreshing.close};
}
