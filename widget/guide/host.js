// The host's page, as a guide looks at it. Nothing here changes it, but for `hold`, which puts what a
// blocking stop leaves out of reach and takes that back.

import { area } from './placement.js';

const own = new WeakSet();

/** Marks an element of ours: it is no part of the page. */
export function ours(element) {
  own.add(element);
}

// Up, through slots and shadow roots.
const parent = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host;
const within = (inner, outer) => {
  while (inner && inner !== outer) inner = parent(inner) ?? frameOf(inner);
  return !!inner;
};
const frameOf = (node) => (node.ownerDocument === document ? undefined : node.ownerDocument.defaultView?.frameElement);

const roots = () => {
  const all = [document];
  for (const root of all)
    for (const element of root.querySelectorAll('*')) {
      const inner = element.shadowRoot ?? element.contentDocument;
      if (inner && !own.has(element)) all.push(inner);
    }
  return all;
};

/** Every element that one of the selectors fits; deep goes into shadow roots and frames, too. */
export function candidates(selectors, deep) {
  const found = new Set();
  for (const root of deep ? roots() : [document])
    for (const selector of selectors)
      try {
        root.querySelectorAll(selector).forEach((element) => own.has(element) || found.add(element));
      } catch {
        // A selector that is none fits nothing.
      }
  return [...found];
}

const tidy = (text) => (text ?? '').replace(/\s+/g, ' ').trim();

/** A text as texts are compared: without case and doubled spaces. */
export const plain = (text) => tidy(text).toLocaleLowerCase();
const words = (node) =>
  node.nodeType == 3
    ? node.data
    : /^(select|textarea|script|style)$/.test(node.localName)
      ? ''
      : [...node.childNodes].map(words).join('');

/** What people call it, and the text of its label: [name, label]. Follows the steps of accname-1.2 that controls need. */
export function names(element) {
  const get = (name) => tidy(element.getAttribute(name));
  const by = get('aria-labelledby')
    .split(' ')
    .map((id) => id && element.getRootNode().getElementById?.(id));
  const texts = (list) => tidy(list.map((one) => (one ? words(one) : '')).join(' '));
  const label = texts(by) || get('aria-label') || texts([...(element.labels ?? [])]);
  const isField = /^(input|select|textarea)$/.test(element.localName);
  const inside = !isField ? words(element) : /^(button|submit|reset)$/.test(element.type) ? element.value : '';
  return [label || get('alt') || tidy(inside) || get('title') || get('placeholder'), label].map(plain);
}

/** What can be seen of the page, `{ x, y, w, h }`; smaller than the window under zoom or a keyboard. */
export function view() {
  const { offsetLeft = 0, offsetTop = 0, width = innerWidth, height = innerHeight } = visualViewport ?? {};
  return { x: offsetLeft, y: offsetTop, w: Math.min(width, document.documentElement.clientWidth || width), h: height };
}

const box = (element) => {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return [left, top, right, bottom];
};
const clip = (a, b) => [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
const move = (a, x, y) => [a[0] + x, a[1] + y, a[2] + x, a[3] + y];
const VISIBLE = { visibilityProperty: true, opacityProperty: true };

// The whole box and its visible part in this window's coordinates; nothing for what is not drawn.
const measure = (element) => {
  let whole = box(element);
  let seen = whole;
  for (let node = element; ; ) {
    if (!node.isConnected || !node.checkVisibility(VISIBLE)) return;
    let isFixed = false;
    for (let up = node; up; up = parent(up)) {
      const style = getComputedStyle(up);
      if (up !== node && style.overflow != 'visible' && !isFixed && !/^(html|body)$/.test(up.localName))
        seen = clip(seen, box(up));
      isFixed ||= style.position == 'fixed';
    }
    const frame = frameOf(node);
    const { clientWidth, clientHeight } = node.ownerDocument.documentElement;
    const view = node.ownerDocument.defaultView;
    seen = clip(seen, [0, 0, view.innerWidth || clientWidth, view.innerHeight || clientHeight]);
    if (!frame) return [whole, seen];
    const [x, y] = box(frame);
    whole = move(whole, x + frame.clientLeft, y + frame.clientTop);
    seen = move(seen, x + frame.clientLeft, y + frame.clientTop);
    node = frame;
  }
};

// The innermost element at a point, through shadow roots and frames; ours are looked through.
const at = (x, y) => {
  let hit = document.elementsFromPoint(x, y).find((element) => !own.has(element));
  for (;;) {
    const frame = hit?.contentDocument;
    const [left, top] = frame ? box(hit) : [];
    if (frame) [x, y] = [x - left - hit.clientLeft, y - top - hit.clientTop];
    const inner = (frame ?? hit?.shadowRoot)?.elementFromPoint(x, y);
    if (!inner || inner === hit) return hit;
    hit = inner;
  }
};

/** Whether it is drawn at all; cheap, for choosing among many. */
export function isDrawn(element) {
  return element.checkVisibility(VISIBLE) && element.getClientRects().length > 0;
}

/**
 * How an element can be seen: nothing when it is not drawn or has no size; else its box `whole`, the part
 * `seen` that is not cut off, its corner's `radius`, and whether a person can see and reach it, all of it
 * can be seen, and it is a frame of another origin.
 */
export function sight(element) {
  const both = measure(element);
  if (!both) return;
  const [whole, seen] = both;
  const rect = ([x, y, right, bottom]) => ({ x, y, w: Math.max(0, right - x), h: Math.max(0, bottom - y) });
  const { x, y, w, h } = rect(seen);
  if (!area(rect(whole))) return;
  const points = [
    [0.5, 0.5],
    [0.2, 0.5],
    [0.8, 0.5],
  ];
  const isHit = ([a, b]) => {
    const hit = at(x + w * a, y + h * b);
    return hit && (within(hit, element) || within(element, hit));
  };
  const frame = element.localName == 'iframe' && !element.contentDocument;
  const radius = parseFloat(getComputedStyle(element).borderTopLeftRadius) || 0;
  const complete = seen.every((edge, n) => Math.abs(edge - whole[n]) < 1);
  return { whole: rect(whole), seen: { x, y, w, h }, reachable: w > 0 && h > 0 && points.some(isHit), radius, complete, frame };
}

/** Brings it into view, its start first when it is taller than the window. */
export function reveal(element) {
  const tall = element.getBoundingClientRect().height > innerHeight * 0.8;
  for (let node = element; node; node = frameOf(node))
    node.scrollIntoView({ block: tall ? 'start' : 'center', inline: 'nearest', behavior: 'instant' });
}

/**
 * Calls `moved` whenever the element may have moved, and on every frame until it stands still. Costs
 * nothing while nothing moves. Gives the function that ends it.
 */
export function follow(element, moved) {
  const stop = new AbortController();
  const options = { signal: stop.signal, capture: true, passive: true };
  let frame = 0;
  let still = 0;
  let last = '';
  let silent;
  const step = () => {
    frame = 0;
    moved();
    // That may have ended it.
    if (stop.signal.aborted) return;
    const now = String(box(element));
    still = now === last ? still + 1 : 0;
    last = now;
    if (still < 10) frame = requestAnimationFrame(step);
    else aim();
  };
  const wake = () => {
    if (stop.signal.aborted) return;
    still = 0;
    moved();
    if (!stop.signal.aborted) frame ||= requestAnimationFrame(step);
  };
  // Tells of a move that nothing else tells of: the window is cut to exactly the element's box.
  const aim = () => {
    silent?.disconnect();
    const [left, top, right, bottom] = box(element).map(Math.round);
    const { clientWidth, clientHeight } = element.ownerDocument.documentElement;
    const margin = [top, clientWidth - right, clientHeight - bottom, left].map((edge) => -edge + 'px').join(' ');
    let first = true;
    const tell = () => (first ? (first = false) : wake());
    try {
      silent = new IntersectionObserver(tell, { root: element.ownerDocument, rootMargin: margin, threshold: [0, 0.99, 1] });
      silent.observe(element);
    } catch {
      // An old browser: everything else still tells.
    }
  };
  const size = new ResizeObserver(wake);
  const tree = new MutationObserver(wake);
  for (const root of new Set([document, element.ownerDocument, element.getRootNode()])) {
    tree.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
    for (const name of [
      'scroll',
      'load',
      'toggle',
      'transitionrun',
      'transitionend',
      'animationstart',
      'animationend',
      'fullscreenchange',
    ])
      root.addEventListener(name, wake, options);
  }
  for (let up = element; up; up = parent(up)) size.observe(up);
  addEventListener('resize', wake, options);
  for (const name of ['resize', 'scroll']) visualViewport?.addEventListener(name, wake, options);
  frame = requestAnimationFrame(step);
  return () => {
    stop.abort();
    cancelAnimationFrame(frame);
    silent?.disconnect();
    size.disconnect();
    tree.disconnect();
  };
}

/**
 * Calls `changed`, at most every 60 ms, while the page changes, and now and then for what changes where
 * nobody tells: inside shadow roots and frames. Gives the function that ends it.
 */
export function watch(changed) {
  const stop = new AbortController();
  const options = { signal: stop.signal, capture: true, passive: true };
  let timer;
  const soon = () => (timer ??= setTimeout(() => ((timer = undefined), changed()), 60));
  const tree = new MutationObserver(soon);
  tree.observe(document, { subtree: true, childList: true, attributes: true });
  for (const name of ['load', 'transitionend', 'animationend', 'toggle', 'scroll'])
    document.addEventListener(name, soon, options);
  addEventListener('resize', soon, options);
  visualViewport?.addEventListener('resize', soon, options);
  const poll = setInterval(soon, 300);
  return () => {
    stop.abort();
    clearTimeout(timer);
    clearInterval(poll);
    tree.disconnect();
  };
}

/** Calls `done` with the kind and the control's value for what people do to the element. */
export function hear(element, done) {
  const stop = new AbortController();
  let edited = false;
  const tell = (event) => {
    const path = event.composedPath();
    if (!path.includes(element)) return;
    edited ||= event.type == 'input';
    // Who only passed by, or went to another window, has not entered anything.
    if (event.type == 'focusout' && !(edited && document.hasFocus())) return;
    const { type, checked, value, textContent } = path[0];
    done(event.type, String(/^(checkbox|radio)$/.test(type) ? (checked ? value : '') : (value ?? textContent ?? '')));
  };
  // Some events do not leave a shadow root.
  for (const name of ['click', 'input', 'change', 'focusout'])
    element.getRootNode().addEventListener(name, tell, { signal: stop.signal, capture: true });
  return () => stop.abort();
}

/** The first or the last thing in the element that takes the focus; the element itself when it does. */
export function focusable(element, last) {
  const can =
    'a[href],button:not(:disabled),input:not(:disabled),select:not(:disabled),textarea:not(:disabled),[tabindex]:not([tabindex="-1"]),[contenteditable]';
  return element.matches(can) ? element : [...element.querySelectorAll(can)].at(last ? -1 : 0);
}

/** Whether the page is read from right to left. */
export const isRtl = () => getComputedStyle(document.documentElement).direction == 'rtl';

/** Whether the focus is nowhere that a person could miss it. */
export const nobodyIsBusy = () => !document.activeElement || document.activeElement === document.body;

/** Puts everything but the element and what holds it out of reach. Gives the function that takes that back. */
export function hold(element, layer) {
  const held = [];
  for (let node = element; node; node = parent(node) ?? frameOf(node))
    for (const other of node.parentNode?.children ?? [])
      if (
        other !== node &&
        other !== layer &&
        !other.contains(layer) &&
        !other.inert &&
        !/^(script|style|link|head)$/.test(other.localName)
      ) {
        other.inert = true;
        held.push(other);
      }
  return () => held.forEach((other) => (other.inert = false));
}

/** Where our layer belongs: inside a modal dialog that has the element, else at the end of the page. */
export function home(element) {
  if (!element) return [...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body;
  for (let node = element; node; node = parent(node) ?? frameOf(node))
    if (node.localName == 'dialog' && node.matches(':modal')) return node.ownerDocument === document ? node : document.body;
  return document.body;
}

/** Above everything: opened last, the layer is on top of what the page opened before. */
export function raise(layer) {
  // What a dialog of the page put on everything else.
  layer.inert = false;
  layer.removeAttribute('aria-hidden');
  if (layer.dataset.layer == 'page') return;
  try {
    layer.popover = 'manual';
    if (layer.matches(':popover-open')) layer.hidePopover();
    layer.showPopover();
  } catch {
    // Without popovers the z-index has to do.
  }
}
