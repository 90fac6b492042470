import assert from 'node:assert/strict';
import {test} from 'node:test';
import {KINDS, code} from '../console/lib/join-code.js';

const BOARD = {url: 'https://updates.example:50000/fuota', id: 'hall%207', user: 'device', version: '1.0.0'};

for (const kind of Object.keys(KINDS)) {
  test(`the code for ${kind} has the address, the id and the user, and no password`, () => {
    const text = code(kind, BOARD);
    assert.match(text, /updates\.example/);
    assert.match(text, /50000/);
    assert.match(text, /hall%207/);
    assert.match(text, /device/);
    assert.doesNotMatch(text, /undefined|null/);
  });
}
