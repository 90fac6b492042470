import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parse} from '../console/lib/router.js';

const HASHES = [
  ['', 'overview', '', {}],
  ['#/', 'overview', '', {}],
  ['#/fleet', 'fleet', '', {}],
  ['#fleet?state=stuck&search=', 'fleet', '', {state: 'stuck', search: ''}],
  ['#/board/a%2Fb', 'board', 'a/b', {}],
  ['#/board/%E0%A4', 'board', '%E0%A4', {}],
  ['#/watch/hall/app.bin?x', 'watch', 'hall/app.bin', {x: ''}],
  ['#/new-rollout?replaces=1.0%0A1.1', 'new-rollout', '', {replaces: '1.0\n1.1'}],
];

for (const [hash, name, rest, query] of HASHES) {
  test(`${hash} is the page ${name}`, () => assert.deepEqual(parse(hash), {name, rest, query}));
}
