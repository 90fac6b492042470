// The stop: one red button on every page, and a banner while no board is offered anything.
import {Problem, json, request} from './api.js';
import {ask} from './dialog.js';
import {byId, h, refresh} from './dom.js';
import {brief} from './time.js';
import {note, toast} from './ui.js';
import {sentence} from './words.js';

const GAP = 5000;
let timer = 0;

/** Looks now, and then again and again while somebody looks. */
export async function watch() {
  clearTimeout(timer);
  try {
    show(await json('stop'));
  } catch (e) {
    if (!(e instanceof Problem)) {
      throw e;
    }
    // What is wrong then is told by the page that is shown; and what was known stays.
  } finally {
    timer = setTimeout(() => document.hidden ? undefined : watch(), GAP);
  }
}

function show(stop) {
  const button = byId('halt');
  button.hidden = stop.stopped;
  refresh(byId('stopped'), !stop.stopped ? null : note('bad',
    h('p', {}, h('b', {}, 'All offers are stopped. '), `No board is offered anything, by assignment or by rollout. By ${stop.user}, `, brief(stop.since), stop.why ? [': ', h('q', {}, stop.why)] : '.'),
    h('p', {}, h('button', {type: 'button', id: 'go-on'}, 'Let offers go on\u2026'))));
}

async function change(method, why, done) {
  try {
    await request(method, 'stop', {body: why});
    toast(done);
  } catch (e) {
    if (!(e instanceof Problem)) {
      throw e;
    }
    toast(sentence(e.message), 'bad');
  }
  await watch();
}

async function halt() {
  const why = await ask('Stop all offers?', [
    h('p', {}, 'From now on no board is offered anything, by assignment or by rollout, on any server, until somebody lets offers go on. Downloads that have begun go on.')],
  'Stop all offers');
  if (why !== null) {
    await change('PUT', why, 'All offers are stopped.');
  }
}

async function goOn() {
  const why = await ask('Let offers go on?', [
    h('p', {}, 'Boards are offered again what their assignments and the rollouts have for them.')], 'Let offers go on', 'primary', false);
  if (why !== null) {
    await change('DELETE', undefined, 'Offers go on.');
  }
}

export function open() {
  byId('halt').addEventListener('click', halt);
  byId('stopped').addEventListener('click', event => event.target instanceof Element && event.target.id === 'go-on' ? goOn() : undefined);
  document.addEventListener('visibilitychange', () => document.hidden ? undefined : watch());
  watch();
}
