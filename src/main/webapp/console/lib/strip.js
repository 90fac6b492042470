// A board's versions over time as a strip, with marks where it was offered something.
import {h, put, svg} from './dom.js';
import {offers, spans} from './history.js';
import {tone} from './series.js';
import {brief, now} from './time.js';
import {plural} from './words.js';

export function strip(parent, board) {
  const all = spans(board.history, board.app_version, now());
  if (all.length === 0) {
    put(parent, h('p', {class: 'none'}, 'It has reported no version yet.'));
    return;
  }
  const begin = all[0].from;
  const length = Math.max(1, now() - begin);
  const share = at => 100 * Math.min(1, Math.max(0, (at - begin) / length));
  const names = [...new Set(all.map(one => one.version))];
  const toneOf = version => tone(names.indexOf(version));
  const marks = offers(board.history).filter(one => one.at >= begin);
  const time = at => brief(new Date(at).toISOString());
  put(parent,
    h('div', {class: 'strip', role: 'img', 'aria-label': `Versions over time: ${all.map(one => one.version).join(', then ')}; offered ${plural(marks.length, 'update')}`},
      svg('svg', {focusable: 'false'}, all.map(one => svg('rect', {x: `${share(one.from)}%`, width: `${Math.max(0.4, share(one.to) - share(one.from))}%`, height: '22', class: toneOf(one.version)}, svg('title', {}, one.version))),
        marks.map(one => svg('circle', {cx: `${share(one.at)}%`, cy: '30', r: '4', class: 'mark'}, svg('title', {}, `offered ${one.what}`))))),
    h('p', {class: 'strip-ends exact'}, h('span', {}, time(begin)), h('span', {}, 'now')),
    h('ul', {class: 'legend'}, names.map(version => h('li', {}, h('span', {class: `swatch ${toneOf(version)}`}), h('span', {class: 'version'}, version))),
      marks.length ? h('li', {}, h('span', {class: 'swatch round'}), `offered for the first time: ${plural(marks.length, 'update')}`) : null));
}
