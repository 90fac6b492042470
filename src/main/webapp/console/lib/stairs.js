// The stages of a rollout as a staircase whose steps can be dragged; the same numbers can be typed beside it.
import {h, put, svg} from './dom.js';
import {stageName} from './rollout-words.js';

const WIDTH = 600;
const HEIGHT = 150;
const FOOT = 22;

/** Where a percentage is drawn, as a share of the height: small ones need room, so that it is the fourth root. */
export function heightOf(percent) {
  return (percent / 100) ** 0.25;
}

/** The percentage at a share of the height, as round as a person would have it. */
export function percentAt(share) {
  const exact = 100 * Math.min(1, Math.max(0.1, share)) ** 4;
  const digits = exact < 1 ? 2 : exact < 10 ? 1 : 0;
  return Number(exact.toFixed(digits));
}

/** Between its neighbours, whatever the hand does. */
export function between(stages, index, percent) {
  const below = stages.slice(0, index).findLast(one => typeof one === 'number') ?? 0;
  const above = stages.slice(index + 1).find(one => typeof one === 'number') ?? 100.01;
  const step = percent < 1 ? 0.01 : percent < 10 ? 0.1 : 1;
  return percent <= below ? Number((below + step).toFixed(2)) : percent >= above ? Number((above - step).toFixed(2)) : percent;
}

/** Draws stages into a parent; counts are how many boards each adds, where that is known. */
export function stairs(parent, stages, onChange, counts = null) {
  const each = WIDTH / stages.length;
  const drawing = svg('svg', {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'stairs', role: 'img', 'aria-label': `Stages: ${stages.map(stageName).join(', then ')}`});
  let reached = 0;
  stages.forEach((of, i) => {
    const isGroup = typeof of !== 'number';
    reached = isGroup ? reached : of;
    const tall = (HEIGHT - 2 * FOOT) * (isGroup ? Math.max(0.12, heightOf(reached)) : heightOf(of));
    const top = HEIGHT - FOOT - tall;
    const name = counts?.[i] === undefined ? stageName(of) : `${stageName(of)}: ${counts[i]}`;
    drawing.append(
      svg('rect', {x: i * each + 2, y: top, width: each - 4, height: tall, class: isGroup ? 'step-group' : 'step-share'}),
      svg('text', {x: (i + 0.5) * each, y: top - 10, 'text-anchor': 'middle'}, name),
      svg('text', {x: (i + 0.5) * each, y: HEIGHT - 6, 'text-anchor': 'middle', class: 'muted'}, `${i + 1}`));
    if (!isGroup) {
      drawing.append(svg('rect', {x: i * each + 2, y: top - 5, width: each - 4, height: 10, class: 'step-handle', 'data-stage': i}));
    }
  });
  drawing.addEventListener('pointerdown', event => {
    const handle = event.target instanceof Element ? event.target.closest('[data-stage]') : null;
    if (!handle) {
      return;
    }
    const index = Number(handle.getAttribute('data-stage'));
    event.preventDefault();
    const box = drawing.getBoundingClientRect();
    const move = moved => {
      const y = (moved.clientY - box.top) / box.height * HEIGHT;
      onChange(stages.map((of, i) => i === index ? between(stages, i, percentAt((HEIGHT - FOOT - y) / (HEIGHT - 2 * FOOT))) : of), false);
    };
    const end = () => {
      window.removeEventListener('pointermove', move);
      onChange(null, true);
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', end, {once: true});
  });
  put(parent, drawing, h('p', {class: 'hint'}, 'Drag a step by its top edge, or type the stages below.'));
}
