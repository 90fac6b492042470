// The overview: what needs a person, which versions run, how boards stand, and which rollouts are under way.
import {json} from '../lib/api.js';
import {remedy, tally} from '../lib/attention.js';
import {chart} from '../lib/chart.js';
import {h, refresh} from '../lib/dom.js';
import {live} from '../lib/live.js';
import {bar, rolloutLink, stateBadge} from '../lib/rollout-parts.js';
import {least} from '../lib/rollout-words.js';
import {most, table} from '../lib/series.js';
import {STATES, stateName} from '../lib/states.js';
import {brief, localised, now} from '../lib/time.js';
import {icon} from '../lib/ui.js';
import {count, plural, route, sentence} from '../lib/words.js';

const SPANS = {7: {text: '7 days', every: 'hour', step: 3600}, 90: {text: '90 days', every: 'day', step: 86_400}, 365: {text: 'A year', every: 'day', step: 86_400}};
const MOST_VERSIONS = 7;
const DAY_MILLIS = 86_400_000;
/** History is counted once an hour. */
const HISTORY_MILLIS = 60_000;

export function open(main, first) {
  document.title = 'Overview \u00b7 Fuota';
  let query = first;
  let historyAt = 0;
  let yesterday = null;

  const verdict = h('p', {class: 'verdict-line', role: 'status', id: 'verdict'});
  const attention = h('ul', {class: 'attention', id: 'attention'});
  const spans = h('div', {class: 'segments', id: 'spans'});
  const versions = h('div', {id: 'versions-over-time', class: 'chart-box'});
  const tiles = h('ul', {class: 'tiles', id: 'tiles'});
  const running = h('div', {id: 'under-way'});
  const versionsChart = chart(versions, {label: 'Boards by the version that they report, over time', height: 280, isStacked: true});
  const nothing = h('p', {class: 'none', hidden: true}, 'No board has polled yet: the chart begins with the first.');
  // All of it appears at once: nothing moves under the reader's hand.
  const content = h('div', {hidden: true},
    h('section', {class: 'panel', 'aria-labelledby': 'attention-title'}, h('h2', {id: 'attention-title', class: 'visually-hidden'}, 'What needs you'), verdict, attention),
    h('section', {class: 'panel', 'aria-labelledby': 'way-title'}, h('div', {class: 'panel-head'}, h('h2', {id: 'way-title'}, 'Rollouts under way'),
      h('a', {class: 'button may-change', href: route('new-rollout')}, 'Make a rollout')), running),
    h('div', {class: 'overview'},
      h('section', {'aria-labelledby': 'time-title'}, h('div', {class: 'panel-head'}, h('h2', {id: 'time-title'}, 'Versions over time'), spans), versions, nothing),
      h('section', {'aria-labelledby': 'states-title'}, h('h2', {id: 'states-title'}, 'Boards by state, and the change in a day'), tiles)));
  const loading = h('p', {class: 'loading'}, 'Loading\u2026');
  main.append(h('h1', {tabindex: '-1'}, 'Overview'), loading, content);

  function span() {
    return Object.hasOwn(SPANS, query.days ?? '') ? query.days : '7';
  }

  function showSpans() {
    refresh(spans, Object.entries(SPANS).map(([days, {text}]) =>
      h('a', {href: route('overview', {days: days === '7' ? '' : days}), 'aria-current': days === span() ? 'true' : null}, text)));
  }

  async function load(signal) {
    const [items, states, rollouts] = await Promise.all([json('attention', {}, signal), json('fleet', {by: 'state'}, signal), json('rollouts', {}, signal)]);
    const boards = states.reduce((sum, one) => sum + one.devices, 0);
    showAttention(items, boards);
    showStates(states, boards);
    await showRollouts(rollouts, signal);
    loading.hidden = true;
    content.hidden = false;
    if (now() - historyAt > HISTORY_MILLIS) {
      await showHistory(signal);
      historyAt = now();
      showStates(states, boards);
    }
  }

  function showAttention(items, boards) {
    const {bad, warn} = tally(items);
    document.title = `${bad + warn ? `(${bad + warn}) ` : ''}Overview \u00b7 Fuota`;
    verdict.className = `verdict-line ${bad ? 'bad' : warn ? 'warn' : 'good'}`;
    refresh(verdict, icon(bad || warn ? 'warning' : 'updated'), h('span', {}, boards === 0 && items.length === 0 ? ['No boards yet. ', h('a', {href: route('join')}, 'Join the first one'), '.']
      : items.length === 0 ? ['All is well: ', h('a', {href: route('fleet')}, plural(boards, 'board')), ', and nothing needs you.']
        : bad ? `${plural(bad, 'thing')} ${bad === 1 ? 'needs' : 'need'} you now${warn ? `, and ${count(warn)} more to look at` : ''}.` : `${plural(warn, 'thing')} to look at.`));
    refresh(attention, items.map(item => {
      const way = remedy(item);
      const text = [h('span', {}, localised(sentence(item.sentence))), item.since && !item.sentence.includes(item.since) ? h('span', {class: 'exact'}, 'since ', brief(item.since)) : null];
      return h('li', {class: item.level, 'data-kind': item.kind}, icon(item.level === 'bad' ? 'stuck' : 'info'),
        way ? h('a', {href: way.href}, text, h('span', {class: 'go'}, way.text)) : h('div', {}, text));
    }));
  }

  function showStates(states, boards) {
    const before = state => yesterday === null ? null : state === '' ? [...yesterday.values()].reduce((sum, one) => sum + one, 0) : yesterday.get(state) ?? 0;
    refresh(tiles, [{state: '', devices: boards}, ...states].map(one => {
      const was = before(one.state);
      const change = was === null ? 0 : one.devices - was;
      return h('li', {}, h('a', {
        class: `tile ${one.state ? STATES[one.state]?.tone : 'all'}${one.devices ? '' : ' zero'}`,
        href: route('fleet', {state: one.state}), title: STATES[one.state]?.says,
      }, h('span', {class: 'tile-count'}, count(one.devices),
        was === null || change === 0 ? null : h('span', {class: 'tile-change'}, `${change > 0 ? '+' : '\u2212'}${count(Math.abs(change))}`)),
      h('span', {class: 'tile-name'}, icon(one.state || 'all'), one.state ? stateName(one.state) : 'all')));
    }));
  }

  async function showRollouts(rollouts, signal) {
    const under = rollouts.filter(one => ['running', 'paused', 'scheduled'].includes(one.state)).toReversed();
    const all = await Promise.all(under.slice(0, 8).map(one => json(`rollouts/${encodeURIComponent(one.name)}`, {}, signal)));
    refresh(running, all.length === 0 ? h('p', {class: 'none'}, 'None. ', h('a', {href: route('rollouts')}, 'See those that are over'), '.')
      : h('ul', {class: 'under-way'}, all.map(one => h('li', {},
        h('div', {class: 'under-way-name'}, rolloutLink(one.name), ' ', stateBadge(one.state), one.reason ? h('span', {class: 'exact'}, localised(sentence(one.reason))) : null),
        h('a', {class: 'under-way-bar', href: route(`rollouts/${encodeURIComponent(one.name)}`), 'aria-label': `${one.name}: ${count(one.updated)} of ${count(one.offered)} that were offered it updated, ${count(one.failed)} failed`},
          bar(one), h('span', {class: 'exact'}, `${count(one.updated)} updated, ${count(one.failed)} failed, ${count(one.pending)} pending`)),
        h('div', {}, `Stage ${one.stage} of ${one.stages.length}`, h('span', {class: 'exact'}, localised(least(one))))))),
    under.length > all.length ? h('p', {}, h('a', {href: route('rollouts')}, `And ${count(under.length - all.length)} more`)) : null);
  }

  async function showHistory(signal) {
    const {every, step} = SPANS[span()];
    const from = at => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
    const [byVersion, present, byState] = await Promise.all([
      json('fleet/history', {by: 'version', every, from: from(now() - span() * DAY_MILLIS)}, signal),
      json('fleet', {by: 'version'}, signal),
      json('fleet/history', {by: 'state', from: from(now() - DAY_MILLIS), to: from(now() - DAY_MILLIS + 7_200_000)}, signal)]);
    yesterday = byState.length === 0 ? null : new Map(byState.filter(one => one.at === byState[0].at).map(one => [one.state, one.devices]));
    const {times, values} = table([...byVersion, ...present.map(row => ({...row, at: from(now())}))], row => row.app_version, row => row.devices, step);
    nothing.hidden = times.length > 0;
    versions.hidden = times.length === 0;
    if (times.length > 0) {
      versionsChart.show(times, seriesOf(values), [Math.floor(now() / 1000) - span() * DAY_MILLIS / 1000, Math.floor(now() / 1000)]);
    }
  }

  /** Those of which there were most, in whatever time, and the others in one. */
  function seriesOf(values) {
    const {shown, others, together} = most(values, MOST_VERSIONS);
    const series = shown.map(([version, numbers], i) => ({label: version ?? 'none reported', values: numbers, colour: i,
      href: version === null || version === '(others)' ? undefined : route('fleet', {version})}));
    return together === null ? series : [...series, {label: `${count(others)} others`, values: together, colour: MOST_VERSIONS, href: route('fleet')}];
  }

  showSpans();
  const refreshing = live(load);
  refreshing.run();
  return {
    show(changed) {
      query = changed;
      historyAt = 0;
      showSpans();
      refreshing.run();
    },
    close() {
      refreshing.close();
      versionsChart.close();
    },
  };
}
