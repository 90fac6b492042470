// Watch an update go out: how many of the boards that are assigned a file have it by now.
import {json} from '../lib/api.js';
import {h, put, refresh, svg} from '../lib/dom.js';
import {live} from '../lib/live.js';
import {STATES, stateName} from '../lib/states.js';
import {fileLink, icon, note} from '../lib/ui.js';
import {withdrawFromAll} from '../lib/withdraw.js';
import {count, plural, route} from '../lib/words.js';

const WATCHED = ['updated', 'offered', 'waiting', 'unseen', 'stuck', 'reverted', 'updated_silent', 'silent', 'unavailable'];
/** Also when they are none. */
const ALWAYS = ['updated', 'stuck', 'updated_silent', 'silent'];
const SAYS = {
  updated: 'have it: they report another version since the offer',
  offered: 'were offered it, and still report the old version',
  waiting: 'will be offered it at their next poll, or report another version',
  unseen: 'have never polled',
  stuck: 'were offered it again and again, and nothing changes: look at their logs',
  reverted: 'have rolled back: look at the new firmware',
  updated_silent: 'have updated, and don\u2019t poll any more: a bad image looks like this',
  silent: 'don\u2019t poll any more, and haven\u2019t updated',
  unavailable: 'are assigned it, and the file isn\u2019t there: upload it',
};

export function open(main, query, file) {
  document.title = `Shipping ${file} \u00b7 Fuota`;
  const lead = h('p', {class: 'lead', id: 'watch-lead', role: 'status'}, 'Loading\u2026');
  const bar = h('div', {class: 'stack', 'aria-hidden': 'true'});
  const states = h('ul', {class: 'watch', id: 'watch'});
  const told = h('div', {role: 'status'});
  const alarm = h('div', {role: 'status', id: 'watch-alarm'});
  const stop = h('div', {class: 'buttons', hidden: true}, h('button', {type: 'button', class: 'danger', id: 'withdraw-all', onclick: async () => {
    put(told, await withdrawFromAll(file));
    refreshing.run();
  }}, 'Withdraw from all boards\u2026'));
  const loading = h('p', {class: 'loading'}, 'Loading\u2026');
  const content = h('div', {hidden: true}, h('section', {class: 'panel', 'aria-label': 'Progress'}, told, alarm, lead, bar, states, stop),
    h('p', {class: 'hint'}, 'It goes on whether you look or not. All boards that are assigned this file are counted: ', fileLink(file), '.'));
  main.append(h('p', {class: 'crumb'}, h('a', {href: route('ship')}, 'Ship')),
    h('h1', {tabindex: '-1'}, 'Shipping ', h('span', {class: 'path'}, file)), loading, content);

  async function load(signal) {
    const counts = Object.fromEntries((await json('fleet', {file, by: 'state'}, signal)).map(one => [one.state, one.devices]));
    loading.remove();
    content.hidden = false;
    const all = WATCHED.reduce((sum, state) => sum + counts[state], 0);
    stop.hidden = all === 0;
    if (all === 0) {
      refresh(lead, 'No board is assigned this file.');
      refresh(alarm);
      refresh(bar);
      refresh(states);
      return;
    }
    refresh(lead, h('b', {}, count(counts.updated)), ` of ${plural(all, 'board')} updated`, counts.updated === all ? '. All done.' : ` (${Math.floor(100 * counts.updated / all)} %)`);
    refresh(alarm, counts.updated_silent === 0 ? null : note('bad', h('p', {}, h('b', {}, `${plural(counts.updated_silent, 'board')} updated, and ${counts.updated_silent === 1 ? 'doesn\u2019t' : 'don\u2019t'} poll any more. `),
      'Look at one before more boards take this image; to stop it meanwhile, withdraw it from all boards.')));
    let from = 0;
    refresh(bar, svg('svg', {focusable: 'false'}, WATCHED.filter(state => counts[state] > 0).map(state => {
      const share = 100 * counts[state] / all;
      from += share;
      return svg('rect', {class: STATES[state].tone, x: `${from - share}%`, width: `${share}%`, height: '100%'});
    })));
    refresh(states, WATCHED.filter(state => counts[state] > 0 || ALWAYS.includes(state)).map(state => h('li', {},
      h('a', {class: `watch-row ${STATES[state].tone}${counts[state] ? '' : ' zero'}`, href: route('fleet', {file, state}), id: `watch-${state}`},
        h('span', {class: 'watch-count'}, count(counts[state])), h('span', {class: `badge ${STATES[state].tone}`}, icon(state), stateName(state)),
        h('span', {class: 'watch-says'}, SAYS[state])))));
  }

  const refreshing = live(load, 2000);
  refreshing.run();
  return {close: refreshing.close};
}
