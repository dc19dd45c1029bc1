import assert from 'node:assert';
import test from 'node:test';
import fc from 'fast-check';
import { log, shown, unread } from './log.js';

const line = (seq) => ({ seq, mid: 'm' + seq, kind: 'message', author: { side: seq % 2 ? 'visitor' : 'agent' } });

test('c20: lost, doubled and late lines come once and in order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.array(fc.nat(29), { maxLength: 90 }), (n, order) => {
      const all = log();
      const out = order.flatMap((pick) => all.take(line((pick % n) + 1)));
      out.push(...all.take(line(n)));
      for (let gap; (gap = all.missing()); ) for (let seq = gap[1]; seq >= gap[0]; seq--) out.push(...all.take(line(seq)));
      assert.deepEqual(out.map(({ seq }) => seq), Array.from({ length: n }, (_, k) => k + 1));
    }),
  );
});

test('what is on its way is shown after what is said, and once', () => {
  const waiting = [{ mid: 'm2' }, { mid: 'x' }];
  assert.deepEqual(shown([line(1), line(2)], waiting).map(({ mid }) => mid), ['m1', 'm2', 'x']);
});

test('only what the other side wrote is unread', () => {
  assert.equal(unread([line(1), line(2), line(3), line(4)], 2), 1);
});
