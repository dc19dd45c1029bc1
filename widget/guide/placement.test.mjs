// Where a card goes, for any page, control and card.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { area, centred, common, grown, place } from './placement.js';

const EPSILON = 1e-6;
const GAP = 16;
const number = (min, max) => fc.double({ min, max, noNaN: true });
const rect = (from, to, least, most) =>
  fc.record({ x: number(from, to), y: number(from, to), w: number(least, most), h: number(least, most) });
const card = fc.record({ w: number(120, 320), h: number(60, 500) });
const isIn = (outer, { x, y, w, h }) => x >= outer.x && y >= outer.y && x + w <= outer.x + outer.w && y + h <= outer.y + outer.h;
const WINDOW = { x: 0, y: 0, w: 1280, h: 800 };

test('g31 a card stays on the page and off its control, and its arrow on its edge', () => {
  const holds = (view, raw, size, rtl) => {
    const target = common(raw, view);
    for (const { side, box, arrow } of [place(target, size, view, rtl), centred(size, view)]) {
      assert(isIn(grown(view, EPSILON), box), `${side}: ${JSON.stringify(box)} is not in the page`);
      if (arrow === undefined) continue;
      assert(!area(target) || !area(common(box, grown(target, GAP - EPSILON))), `${side}: it is over its control`);
      assert(arrow >= 0 && arrow <= (/below|above/.test(side) ? box.w : box.h));
    }
  };
  fc.assert(fc.property(rect(-200, 200, 200, 1600), rect(-300, 1800, 1, 900), card, fc.boolean(), holds), { numRuns: 5000 });
});

test('g31 where there is room for a card on any side, it is beside the control', () => {
  const holds = (x, y, rtl) => assert.notEqual(place({ x, y, w: 100, h: 40 }, { w: 320, h: 160 }, WINDOW, rtl).arrow, undefined);
  fc.assert(fc.property(number(0, 1000), number(0, 700), fc.boolean(), holds));
});

test('a small move of the control moves the card little, unless it changes sides', () => {
  const holds = (x, y) => {
    const [one, two] = [x, x + 1].map((x) => place({ x, y, w: 100, h: 40 }, { w: 320, h: 160 }, WINDOW, false));
    assert(one.side != two.side || Math.abs(one.box.x - two.box.x) <= 1 + EPSILON);
  };
  fc.assert(fc.property(number(0, 1000), number(0, 700), holds));
});

test('a phone gets a sheet at the other end', () => {
  const view = { x: 0, y: 0, w: 360, h: 640 };
  const at = (y) => place({ x: 20, y, w: 100, h: 40 }, { w: 320, h: 160 }, view, false);
  assert.deepEqual([at(560).side, at(560).box.y], ['docked', 8]);
  assert.deepEqual([at(40).side, at(40).box.y], ['docked', 640 - 8 - 160]);
});

test('the reading direction picks the side', () => {
  const view = { ...WINDOW, h: 300 };
  const side = (rtl) => place({ x: 600, y: 100, w: 100, h: 100 }, { w: 320, h: 200 }, view, rtl).side;
  assert.deepEqual([side(false), side(true)], ['right', 'left']);
});

test('each side is taken when it alone has room', () => {
  const size = { w: 320, h: 160 };
  const side = (x, y, w, h) => place({ x, y, w, h }, size, WINDOW, false).side;
  assert.equal(side(0, 0, 1280, 400), 'below');
  assert.equal(side(0, 400, 1280, 400), 'above');
  assert.equal(side(0, 0, 800, 800), 'right');
  assert.equal(side(480, 0, 800, 800), 'left');
  assert.equal(side(0, 0, 1280, 800), 'docked');
});
