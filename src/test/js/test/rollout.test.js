import assert from 'node:assert/strict';
import {test} from 'node:test';
import {NUMBERS, definition, parseStages, suggestName} from '../console/lib/rollout-form.js';
import {duration, least, seconds, stageName, untilNow, untouched} from '../console/lib/rollout-words.js';
import {between, heightOf, percentAt} from '../console/lib/stairs.js';

const USUAL = {file: 'app.bin', replaces: ['1.0'], stages: '1, 10, 100', soak: '1', soakUnit: '3600', group: '', except: '', prefix: '', starts: '', from: '', to: '', zone: 'UTC', anyImage: false,
  ...Object.fromEntries(Object.entries(NUMBERS).map(([name, {usual}]) => [name, String(usual)]))};

const STAGES = [
  ['1, 10,100', [1, 10, 100]],
  ['canary 0.5% 100', ['canary', 0.5, 100]],
  ['', 'It needs a stage at least.'],
  ['10, 1', 'The percentages must rise from stage to stage.'],
  ['10, canary, 10', 'The percentages must rise from stage to stage.'],
  ['101', 'A percentage is from 0.01 to 100.'],
  ['0', 'A percentage is from 0.01 to 100.'],
];
for (const [text, stages] of STAGES) {
  test(`stages "${text}"`, () => assert.deepEqual(parseStages(text), stages));
}

const MADE = [
  [{}, {file: 'app.bin', replaces: ['1.0'], stages: [1, 10, 100]}],
  [{group: 'hall', prefix: 'a-', anyImage: true}, {file: 'app.bin', replaces: ['1.0'], stages: [1, 10, 100], group: 'hall', prefix: 'a-', any_image: true}],
  [{soak: '1.5', max_failed_percent: '2'}, {file: 'app.bin', replaces: ['1.0'], stages: [1, 10, 100], max_failed_percent: 2, soak: 'PT1H30M'}],
  [{soak: '0'}, {file: 'app.bin', replaces: ['1.0'], stages: [1, 10, 100], soak: 'PT0S'}],
  [{from: '22:00', to: '05:00', zone: 'Europe/Dublin'}, {file: 'app.bin', replaces: ['1.0'], stages: [1, 10, 100], hours: '22:00-05:00', zone: 'Europe/Dublin'}],
  [{file: ''}, 'Choose an update file.'],
  [{replaces: []}, 'Choose the versions that boards report now, one at least.'],
  [{from: '22:00'}, 'Hours need both their begin and their end.'],
  [{min_boards: '1.5'}, 'Judged at least: a whole number is needed.'],
  [{soak: ''}, 'How long does a stage last? 0 is not at all.'],
];
for (const [change, wanted] of MADE) {
  test(`makes of ${JSON.stringify(change)}`, () => assert.deepEqual(definition({...USUAL, ...change}), wanted));
}

test('names a rollout by its version, unlike those that exist', () => {
  assert.equal(suggestName({version: '2.0.0', path: 'x'}, []), '2.0.0');
  assert.equal(suggestName({version: '2.0.0', path: 'x'}, ['2.0.0', '2.0.0-2']), '2.0.0-3');
  assert.equal(suggestName({version: null, path: 'hall/app bin'}, []), 'hall-app-bin');
  assert.equal(suggestName(undefined, []), '');
});

for (const [iso, all] of [['PT1H', 3600], ['P1DT2H', 93_600], ['PT0S', 0], ['PT1M30S', 90]]) {
  test(`${iso} is ${all} s`, () => assert.equal(seconds(iso), all));
}
for (const [all, iso] of [[0, 'PT0S'], [3600, 'PT1H'], [90, 'PT1M30S'], [93_600, 'PT26H']]) {
  test(`${all} s is ${iso}`, () => assert.equal(duration(all), iso));
}

test('tells when the last stage begins at the earliest', () => {
  const rollout = {state: 'running', stage: 1, stages: [1, 10, 100], gate: {opens: '2026-12-01T20:00:00Z'}, definition: {soak: 'PT1H'}};
  assert.equal(least(rollout), 'Its last stage begins not before 2026-12-01T21:00:00.000Z.');
  assert.equal(least({...rollout, stage: 2}), 'Its last stage begins not before 2026-12-01T20:00:00.000Z.');
  assert.equal(least({...rollout, stage: 3}), 'It is at its last stage.');
  assert.equal(least({...rollout, gate: null}), '');
  assert.equal(stageName('canary'), 'group canary');
});

test('a step that is dragged stays between its neighbours', () => {
  assert.equal(between([1, 10, 100], 1, 0.5), 1.01);
  assert.equal(between([1, 10, 100], 1, 150), 99);
  assert.equal(between([1, 'canary', 100], 0, 50), 50);
  assert.equal(percentAt(heightOf(10)), 10);
  assert.equal(percentAt(heightOf(1)), 1);
});

test('the curve of one that is under way reaches the present, that of another its last change', () => {
  const now = Date.parse('2026-12-01T20:10:30Z');
  const progress = [{at: '2026-12-01T20:00:00Z', offered: 60, updated: 56, failed: 4}];
  const paused = {state: 'paused', progress, offered: 60, updated: 43, failed: 17};
  assert.deepEqual(untilNow(paused, now), [...progress, {at: '2026-12-01T20:10:00.000Z', offered: 60, updated: 43, failed: 17}]);
  assert.deepEqual(untilNow({...paused, state: 'completed'}, now), progress);
  assert.deepEqual(untilNow({...paused, progress: [{...progress[0], at: '2026-12-01T20:10:20Z'}]}, now).length, 1);
});

test('who was offered it isn\u2019t among those that weren\u2019t', () => {
  assert.equal(untouched({match: 300, offered: 60}), 240);
  assert.equal(untouched({match: 60, offered: 61}), 0);
});
