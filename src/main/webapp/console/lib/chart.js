// Charts of time, drawn by uPlot on a canvas; beside it the same as links, which say what the pointer is at, and as a table for whoever can't see it.
import {h, put} from './dom.js';
import {sampled, stacked, tone} from './series.js';
import {brief, now} from './time.js';
import {count} from './words.js';

/** What is so young is called now. */
const NOW_MILLIS = 150_000;

const dark = matchMedia('(prefers-color-scheme: dark)');

function style(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The variable that has the colour of a series, by its place or by its name, such as "good". */
function variable(name) {
  return `--${typeof name === 'number' ? tone(name) : name}`;
}

function colour(name) {
  return style(variable(name));
}

/**
 * A chart in a parent. Each series: label, values at the times (null where not known), colour, and a link. Stacked they must be given from the
 * bottom up; as steps, each value lasts until the next.
 */
export function chart(parent, {label, height = 220, isStacked = false, isSteps = false}) {
  const canvas = h('div', {class: 'plot', role: 'img', 'aria-label': label});
  const legend = h('ul', {class: 'legend'});
  const at = h('p', {class: 'legend-at exact'});
  const asTable = h('table', {class: 'plain'});
  put(parent, canvas, at, legend, h('details', {class: 'as-table'}, h('summary', {}, 'As a table'), h('div', {class: 'scroll'}, asTable)));
  let plot = null;
  let shown = null;
  let numbers = [];

  function draw() {
    const {times, series, span} = shown;
    plot?.destroy();
    const values = isStacked ? stacked(series.map(one => one.values)) : series.map(one => one.values);
    const axis = {stroke: style('--muted'), grid: {stroke: style('--line'), width: 1}, ticks: {stroke: style('--line'), width: 1},
      font: '12px system-ui, sans-serif'};
    // The topmost first: each covers what is above it down to the ground.
    const order = series.map((_, i) => isStacked ? series.length - 1 - i : i);
    plot = new uPlot({
      width: Math.max(200, canvas.clientWidth), height,
      legend: {show: false}, cursor: {y: false, drag: {setScale: false, x: false}},
      scales: {x: {range: (_, least, most) => span ?? [least, Math.max(most, least + 60)]}, y: {range: (_, least, most) => [0, Math.max(1, most * 1.05)]}},
      axes: [axis, {...axis, size: 56, values: (_, ticks) => ticks.map(tick => Number.isInteger(tick) ? count(tick) : '')}],
      series: [{}, ...order.map(i => ({label: series[i].label, stroke: colour(series[i].colour), width: isStacked ? 1 : 2,
        fill: isStacked ? colour(series[i].colour) : undefined, points: {show: times.length < 3}, paths: isSteps ? uPlot.paths.stepped({align: 1}) : undefined, dash: series[i].dash}))],
      hooks: {setCursor: [own => tell(own.cursor.idx ?? null)]},
    }, [times, ...order.map(i => values[i])], canvas);
  }

  function tell(index) {
    const {times, series} = shown;
    const i = index ?? times.length - 1;
    put(at, index === null && now() - times[i] * 1000 < NOW_MILLIS ? 'Now' : brief(new Date(times[i] * 1000).toISOString()));
    series.forEach((one, n) => {
      const value = one.values[i];
      put(numbers[n], value === null || value === undefined ? '\u2013' : count(value));
    });
  }

  const resized = new ResizeObserver(() => {
    if (plot && canvas.clientWidth > 0 && canvas.clientWidth !== plot.width) {
      plot.setSize({width: canvas.clientWidth, height});
    }
  });
  resized.observe(canvas);
  const recolour = () => shown && draw();
  dark.addEventListener('change', recolour);

  return {
    /** @param {[number, number]} [span] the first and last second of the axis; without it, those of the times */
    show(times, series, span) {
      const key = JSON.stringify([times, series, span]);
      if (shown?.key === key) {
        return;
      }
      shown = {key, times, series, span};
      numbers = series.map(() => h('b'));
      put(legend, series.map((one, n) => {
        const swatch = h('span', {class: 'swatch'});
        swatch.style.background = `var(${variable(one.colour)})`;
        const inner = [swatch, h('span', {class: 'legend-name'}, one.label), ' ', numbers[n]];
        return h('li', {}, one.href ? h('a', {href: one.href}, inner) : h('span', {}, inner));
      }));
      put(asTable, h('thead', {}, h('tr', {}, h('th', {scope: 'col'}, 'Time'), series.map(one => h('th', {scope: 'col'}, one.label)))),
        h('tbody', {}, sampled(times).map(i => h('tr', {}, h('td', {}, brief(new Date(times[i] * 1000).toISOString())),
          series.map(one => h('td', {}, one.values[i] === null ? '\u2013' : count(one.values[i])))))));
      draw();
      tell(null);
    },
    close() {
      resized.disconnect();
      dark.removeEventListener('change', recolour);
      plot?.destroy();
    },
  };
}
