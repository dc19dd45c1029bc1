// What was watched.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { passed, percent, read, union, write } from './time_ranges.js';

const stretch = fc
  .tuple(fc.integer({ min: 0, max: 280 }), fc.integer({ min: 1, max: 40 }))
  .map(([from, long]) => [from, from + long]);
const stretches = fc.array(stretch, { maxLength: 12 });

test('a union has every second once, whatever the order and however often', () => {
  const holds = (all) => {
    const once = union(all);
    assert.deepEqual(union([...all.toReversed(), ...all]), once);
    const seconds = Array.from({ length: 400 }, (_, at) => all.some(([from, to]) => from <= at && at < to)).filter(
      Boolean,
    ).length;
    assert.equal(percent(all, 100), seconds);
    assert.deepEqual(read(write(all)), once);
  };
  fc.assert(fc.property(stretches, holds), { numRuns: 500 });
});

test('v9 whoever skips to the end has not watched half of it', () => {
  assert.deepEqual(
    passed(
      [],
      [
        [0, 5],
        [75, 80],
      ],
      80,
    ),
    [],
  );
  assert.deepEqual(passed([], [[0, 41]], 80), [25, 50]);
  assert.deepEqual(
    passed(
      [[0, 41]],
      [
        [0, 41],
        [30, 77],
      ],
      80,
    ),
    [75, 95],
  );
  assert.deepEqual(passed([[0, 80]], [[0, 80]], 80), [], 'once for each person');
});

test('somebody who jumps about a lot still makes a report that the collector takes', () => {
  const jumps = Array.from({ length: 120 }, (_, n) => [n * 3, n * 3 + 1 + (n % 2)]);
  const written = read(write(jumps));
  assert.equal(written.length, 50);
  assert(
    written.every(([from, to]) => to - from == 2),
    'the longest are kept',
  );
});
