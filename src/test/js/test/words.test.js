import assert from 'node:assert/strict';
import {test} from 'node:test';
import {count, idText, plural, route, said, sentence, size, visible} from '../console/lib/words.js';

const SAID = [
  [visible('a\u202eb'), 'a\u27e8U+202E\u27e9b'],
  [visible('plain'), 'plain'],
  [count(1234567), '1,234,567'],
  [plural(1, 'board'), '1 board'],
  [plural(0, 'board'), '0 boards'],
  [size(1023), '1023 B'],
  [size(1024), '1.0 KiB'],
  [size(1024 * 1024), '1.0 MiB'],
  [said('device 7 polls; ?force=true does it anyway'), 'board 7 polls.'],
  [sentence('the path is empty'), 'The path is empty.'],
  [sentence('app.bin isn\u2019t there'), 'app.bin isn\u2019t there.'],
  [idText(' a '), '\u2423a\u2423'],
  [idText(''), '\u27e8empty\u27e9'],
  [route('fleet', {state: 'stuck', search: '', file: undefined}), '#/fleet?state=stuck'],
  [route('fleet', {search: 'a b&c'}), '#/fleet?search=a%20b%26c'],
];

for (const [is, wanted] of SAID) {
  test(`says ${wanted}`, () => assert.equal(is, wanted));
}
