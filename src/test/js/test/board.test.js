import assert from 'node:assert/strict';
import {test} from 'node:test';
import {why} from '../console/lib/board-advice.js';
import {bare, offers, spans} from '../console/lib/history.js';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-12-01T10:00:00Z');
const event = (hoursAgo, name, before, after) => ({at: new Date(NOW - hoursAgo * HOUR).toISOString(), event: name, before, after});

test('a board\u2019s versions follow each other', () => {
  const events = [event(1, 'reverted', '2', '1'), event(2, 'updated', '1', '2'), event(3, 'offered', null, 'two.bin'), event(10, 'seen', null, '1')];
  assert.deepEqual(spans(events, '1', NOW).map(one => [one.version, (NOW - one.from) / HOUR, (NOW - one.to) / HOUR]), [['1', 10, 2], ['2', 2, 1], ['1', 1, 0]]);
  assert.deepEqual(offers(events).map(one => one.what), ['two.bin']);
});

test('of what was before its history only the end is known', () => {
  const [first, second] = spans([event(1, 'version', '1', '2')], '2', NOW);
  assert.equal(first.version, '1');
  assert.equal(first.to, NOW - HOUR);
  assert.ok(first.from < first.to);
  assert.equal(second.version, '2');
});

test('without history there is what it reports now', () => {
  assert.deepEqual(spans([], '7', NOW).map(one => one.version), ['7']);
  assert.deepEqual(spans([], null, NOW), []);
});

test('says why, by what it reports now', () => {
  const next = (version, status, reason) => ({app_version: version, status, reason});
  assert.equal(why({app_version: '2', next_poll: [next('1', 200, 'a'), next('2', 204, 'b')]}), 'Its next poll is offered nothing: b.');
  assert.equal(why({app_version: '1', next_poll: [next('1', 200, 'a')]}), 'Its next poll is offered an update: a.');
  assert.equal(why({app_version: null, next_poll: []}), 'No board can poll with such an id.');
});

for (const [id, same] of [['24:6F:28', '246f28'], ['24-6f-28', '246f28'], ['hall_7', 'hall7']]) {
  test(`${id} is ${same}`, () => assert.equal(bare(id), same));
}
