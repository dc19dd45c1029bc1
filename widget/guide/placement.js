// Where a card goes beside its control: pure geometry in CSS pixels of the visible part of the page. A
// rectangle is `{ x, y, w, h }`.

/** Between control and card: the cut-out's padding and the arrow. */
const GAP = 16;
/** Between card and the edge of what can be seen. */
const MARGIN = 8;
/** Narrower pages have no room beside anything. */
const PHONE = 480;
/** The part of the height that a docked card may take, so that its control has the other. */
const HALF = 0.5;
/** An arrow stays off the card's round corners by so much. */
const CORNER = 20;

const right = ({ x, w }) => x + w;
const bottom = ({ y, h }) => y + h;
const between = (value, low, high) => Math.max(low, Math.min(value, high));

/** The same rectangle, larger by `by` on every side. */
export const grown = ({ x, y, w, h }, by) => ({ x: x - by, y: y - by, w: w + 2 * by, h: h + 2 * by });

/** The part that both have; without area when there is none. */
export const common = (a, b) => {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  return { x, y, w: Math.max(0, Math.min(right(a), right(b)) - x), h: Math.max(0, Math.min(bottom(a), bottom(b)) - y) };
};

/** Its area. */
export const area = ({ w, h }) => w * h;

// A place on an edge that is off its corners; the middle of an edge that is all corner.
const onEdge = (at, length) => (length < 2 * CORNER ? length / 2 : between(at, CORNER, length - CORNER));

const docked = (top, card, view) => {
  const h = Math.max(0, Math.min(card.h, view.h * HALF - MARGIN));
  const w = Math.min(Math.max(card.w, Math.min(view.w, PHONE) - 2 * MARGIN), view.w - 2 * MARGIN);
  return { side: 'docked', box: { x: view.x + (view.w - w) / 2, y: top ? view.y + MARGIN : bottom(view) - MARGIN - h, w, h } };
};

/** In the middle, or along the lower edge of a phone: there is no control. */
export const centred = (card, view) => {
  if (view.w < PHONE) return docked(false, card, view);
  const [w, h] = [Math.min(card.w, view.w - 2 * MARGIN), Math.min(card.h, view.h - 2 * MARGIN)];
  return { side: 'centred', box: { x: view.x + (view.w - w) / 2, y: view.y + (view.h - h) / 2, w, h } };
};

/**
 * Finds the place of a card `{ w, h }`: `{ side, box, arrow }`. Below the control, else on a side that has
 * room, else along the edge of the page that the control is farther from. The card never leaves `view`,
 * and it covers the control only where the control leaves no room at all. `arrow` is how far along the
 * card's edge the control's middle is, when the card is beside it.
 *
 * `target` is the control's visible part, and nothing is beside what cannot be seen; `rtl` prefers the left
 * side to the right.
 */
export const place = (target, card, view, rtl) => {
  const { w, h } = card;
  const edge = docked(target.y + target.h / 2 > view.y + view.h / 2, card, view);
  if (!area(common(target, view)) || view.w < PHONE || w + 2 * MARGIN > view.w || h + 2 * MARGIN > view.h) return edge;
  const inner = grown(view, -MARGIN);
  const [middleX, middleY] = [target.x + target.w / 2, target.y + target.h / 2];
  const alongX = between(middleX - w / 2, inner.x, right(inner) - w);
  const alongY = between(middleY - h / 2, inner.y, bottom(inner) - h);
  const along = { x: onEdge(middleX - alongX, w), y: onEdge(middleY - alongY, h) };
  const sides = [
    ['below', alongX, bottom(target) + GAP, along.x],
    ['above', alongX, target.y - GAP - h, along.x],
    ['right', right(target) + GAP, alongY, along.y],
    ['left', target.x - GAP - w, alongY, along.y],
  ];
  if (rtl) sides.push(...sides.splice(2, 1));
  const there = sides.find(([, x, y]) => x >= inner.x && y >= inner.y && x + w <= right(inner) && y + h <= bottom(inner));
  if (!there) return edge;
  const [side, x, y, arrow] = there;
  return { side, box: { x, y, w, h }, arrow };
};
