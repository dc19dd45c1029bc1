// What is drawn over the page: the cut-out around the control, and the card beside it.
import { dress, make } from '../shared/dom.js';
import { home, ours, raise, view } from './host.js';
import { centred, grown, place } from './placement.js';

/** Between the control's edge and the cut-out's, in pixels. */
const PADDING = 8;

/** A layer that is not in the page yet. The build puts in GUIDE_CSS. */
export const layer = (page) => {
  const dim = make('path', { class: 'dim' });
  const ring = make('rect', { class: 'outline' });
  const shade = make('svg', { class: 'shade off', 'aria-hidden': 'true' }, dim, ring);
  const live = make('p', { class: 'unseen', role: 'status' });
  const host = make('div', { id: 'tabiji-guide', lang: page.locale, 'data-theme': page.theme, 'data-layer': page.layer });
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = page.root.adoptedStyleSheets;
  dress(root, GUIDE_CSS);
  root.append(shade, live);
  ours(host);
  let card;
  // What was drawn last: drawing the same again would only cost.
  let drawn;
  const size = () => ({ w: card.offsetWidth, h: card.offsetHeight });
  const set = (element, attributes) => Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));

  const cut = (hole, radius, blocking) => {
    set(shade, { class: hole ? (blocking ? 'shade blocking' : 'shade') : 'shade off' });
    if (!hole) return;
    const { x, y, w, h } = hole;
    const r = Math.min(radius, w / 2, h / 2);
    const arc = (right, down) => `a${r} ${r} 0 0 1 ${right * r} ${down * r}`;
    const sides = `h${w - 2 * r}${arc(1, 1)}v${h - 2 * r}${arc(-1, 1)}h${2 * r - w}${arc(-1, -1)}v${2 * r - h}${arc(1, -1)}z`;
    // The whole page but for a hole with round corners, for the even-odd rule.
    set(dim, { d: `M-9999-9999H99999V99999H-9999ZM${x + r} ${y}${sides}` });
    set(ring, { x, y, width: w, height: h, rx: r });
  };

  return {
    host,
    isOpen: () => host.isConnected,
    hasFocus: () => !!root.activeElement,

    /** Comes up where the control is, or at the end of the page, above everything else. */
    open(near, rtl) {
      const there = home(near);
      if (host.parentNode !== there) there.append(host);
      set(host, { dir: rtl ? 'rtl' : 'ltr' });
      raise(host);
    },

    /** Shows nothing for now; it stays in the page, so that what is said next is heard. */
    close() {
      set(shade, { class: 'shade off' });
      live.textContent = '';
      card?.remove();
      card = undefined;
    },

    /** Shows a card in the place of the one before. */
    show(next) {
      root.append(next);
      card?.remove();
      card = next;
      drawn = undefined;
    },

    /** Says something politely, once. */
    say(text) {
      if (live.textContent != text) live.textContent = text;
    },

    /** Draws around the control and puts the card beside it; without a control the card alone. */
    draw(sight, blocking, rtl) {
      if (!card) return;
      const sees = view();
      const now = () => JSON.stringify([sight, sees, size()]);
      if (drawn == now()) return;
      const seen = sight?.reachable && sight.seen;
      cut(seen && grown(seen, PADDING), sight && sight.radius + PADDING, blocking);
      // What it was held to is not its own size.
      card.style.width = card.style.maxHeight = '';
      const { side, box, arrow } = sight ? place(seen || { x: 0, y: 0, w: 0, h: 0 }, size(), sees, rtl) : centred(size(), sees);
      set(card, { 'data-side': side });
      const put = (name, value) => card.style.setProperty(name, Math.round(value) + 'px');
      put('left', box.x);
      put('top', box.y);
      put('max-height', box.h);
      arrow === undefined ? put('width', box.w) : put('--arrow', arrow);
      drawn = now();
    },

    remove: () => host.remove(),
  };
};
