import assert from 'node:assert/strict';
import test from 'node:test';
import { plain } from './search.js';

test('width, case and spaces are no difference', () => {
  assert.equal(plain('　ＣＳＶ  File '), 'csv file');
});
