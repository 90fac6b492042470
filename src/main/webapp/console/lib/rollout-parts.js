// What all that shows rollouts is made of.
import {h, svg} from './dom.js';
import {icon} from './ui.js';
import {route} from './words.js';

const TONES = {scheduled: 'quiet', running: 'busy', paused: 'bad', completed: 'good', stopped: 'quiet'};
const ICONS = {scheduled: 'waiting', running: 'offered', paused: 'stuck', completed: 'updated', stopped: 'close'};

export function stateBadge(state) {
  return h('span', {class: `badge ${TONES[state] ?? 'quiet'}`}, icon(ICONS[state]), state);
}

export function rolloutLink(name) {
  return h('a', {href: route(`rollouts/${encodeURIComponent(name)}`), class: 'id'}, name);
}

/** Updated, failed and pending beside each other. */
export function bar({offered, updated, failed}) {
  let from = 0;
  const part = (boards, tone) => {
    const width = offered === 0 ? 0 : 100 * boards / offered;
    from += width;
    return svg('rect', {x: `${from - width}%`, width: `${width}%`, height: '100%', class: tone});
  };
  return h('div', {class: 'stack'}, svg('svg', {'aria-hidden': 'true', focusable: 'false'}, part(updated, 'good'), part(failed, 'bad'), part(offered - updated - failed, 'busy')));
}
