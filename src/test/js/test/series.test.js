import assert from 'node:assert/strict';
import {test} from 'node:test';
import {most, sampled, stacked, table} from '../console/lib/series.js';

const HOUR = 3600;
const row = (hour, version, devices) => ({at: new Date(hour * HOUR * 1000).toISOString(), version, devices});
const tabled = rows => table(rows, one => one.version, one => one.devices, HOUR);

test('a name that an hour lacks has none in it', () => {
  const {times, values} = tabled([row(1, 'a', 3), row(2, 'a', 1), row(2, 'b', 2)]);
  assert.deepEqual(times, [HOUR, 2 * HOUR]);
  assert.deepEqual([...values], [['a', [3, 1]], ['b', [0, 2]]]);
});

test('where no hour was counted, nothing is drawn', () => {
  const {times, values} = tabled([row(1, 'a', 3), row(5, 'a', 4)]);
  assert.deepEqual(times, [HOUR, 2 * HOUR, 5 * HOUR]);
  assert.deepEqual(values.get('a'), [3, null, 4]);
});

test('stacks from the bottom up, and leaves out what isn\u2019t known', () => {
  assert.deepEqual(stacked([[1, 2, null], [10, 20, null], [100, 0, 5]]), [[1, 2, null], [11, 22, null], [111, 22, 5]]);
});

test('a table of a year has some thirty rows, the last among them', () => {
  const times = Array.from({length: 365}, (_, i) => i);
  const rows = sampled(times);
  assert.ok(rows.length <= 31 && rows.length > 25, String(rows.length));
  assert.equal(rows.at(-1), 364);
});

test('tells apart what was most at any time, though nothing of it is left', () => {
  const {shown, others, together} = most(new Map([['new', [0, 9]], ['old', [8, 0]], ['lab', [1, 2]], ['own', [null, 1]]]), 2);
  assert.deepEqual(shown.map(([name]) => name), ['new', 'old']);
  assert.equal(others, 2);
  assert.deepEqual(together, [1, 3]);
  assert.equal(most(new Map([['new', [1]]]), 2).together, null);
  assert.deepEqual(most(new Map(), 2), {shown: [], others: 0, together: null});
});
