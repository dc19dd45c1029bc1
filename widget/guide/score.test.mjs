// Which control is meant.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { declared, judge } from './score.js';

const SIGNALS = ['hook', 'test_id', 'role', 'name', 'label', 'css'];
const signals = fc.subarray(SIGNALS);
const candidates = fc.array(signals, { maxLength: 6 });
const target = (names) => Object.fromEntries(names.map((name) => [name, 'x']));

test('where it stands in the page has no say in which control is meant', () => {
  const holds = (names, all) => {
    const there = judge(target(names), all);
    const back = judge(target(names), all.toReversed());
    assert.deepEqual(back, there && { ...there, at: all.length - 1 - there.at });
  };
  fc.assert(fc.property(signals, candidates, holds), { numRuns: 1000 });
});

test('what was not declared counts for nothing, and what agrees with nothing is never taken', () => {
  const holds = (names, one) => {
    const stripped = one.filter((name) => names.includes(name));
    assert.deepEqual(judge(target(names), [one]), judge(target(names), [stripped]));
    if (!stripped.length) assert.equal(judge(target(names), [one]), undefined);
  };
  fc.assert(fc.property(signals, signals, holds), { numRuns: 1000 });
});

test('two that agree alike are never told apart by chance', () => {
  const holds = (names, one, rest) => assert(!(judge(target(names), [one, one, ...rest])?.at < 2));
  fc.assert(fc.property(signals, signals, candidates, holds), { numRuns: 1000 });
});

test('a redesign that drops the hook is survived when name and role agree', () => {
  const of = ['hook', 'role', 'name', 'css'];
  assert.deepEqual(judge(target(of), [['role', 'name']]), { at: 0, whole: false });
  assert.deepEqual(judge(target(of), [['css'], of]), { at: 1, whole: true });
  assert.equal(judge(target(of), [['css', 'role']]), undefined, 'rather nothing than the wrong thing');
  assert.deepEqual(declared(target(of)), ['hook', 'role', 'name', 'css']);
});
