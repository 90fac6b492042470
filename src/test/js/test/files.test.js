import assert from 'node:assert/strict';
import {test} from 'node:test';
import {byProject, newerFirst} from '../console/lib/file-groups.js';

const ORDERS = [
  ['1.10.0', '1.9.0'], ['2.0.0', '2.0.0-rc1'], ['2.0.0-rc2', '2.0.0-rc1'], ['1.0.1', '1.0'], ['v2', 'v1'], ['1.0', null],
];
for (const [newer, older] of ORDERS) {
  test(`${newer} is newer than ${older}`, () => {
    assert.ok(newerFirst(newer, older) < 0);
    assert.ok(newerFirst(older, newer) > 0);
  });
}

test('files stand by project, the newest first, and what is no application last', () => {
  const file = (project, version, uploaded = '2026-01-01') => ({project, version, uploaded, path: `${project}-${version}`});
  const groups = byProject([file(null, null), file('b', '1.0'), file('a', '1.9'), file('a', '1.10')]);
  assert.deepEqual(groups.map(one => [one.project, one.files.map(own => own.version)]), [['a', ['1.10', '1.9']], ['b', ['1.0']], ['', [null]]]);
});
