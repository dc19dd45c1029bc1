// What an instance of the widget starts in the page, so that all of it ends when the instance does, even by a panic,
// after which no code of its own can run. The build puts these in the place of the browser's own in the glue and in
// what is bundled with it.

const held = new Set();
const life = new AbortController();
const keep = (end) => (held.add(end), end);

/** Ends everything; called when the instance is dead. */
export const bury = () => {
  life.abort();
  held.forEach((end) => end());
  held.clear();
};

/** `target.addEventListener`, for as long as the instance lives. */
export const listen = (target, name, run, options) =>
  target.addEventListener(name, run, { ...(options === true ? { capture: true } : options), signal: options?.signal ?? life.signal });

const intervals = new Map();
export const setInterval = (...given) => {
  const id = window.setInterval(...given);
  intervals.set(id, keep(() => window.clearInterval(id)));
  return id;
};
export const clearInterval = (id) => {
  held.delete(intervals.get(id));
  intervals.delete(id);
  window.clearInterval(id);
};

// Weakly, since they come and go.
const weakly = (thing, end) => {
  const reference = new WeakRef(thing);
  keep(() => reference.deref()?.[end]());
};
export class MutationObserver extends window.MutationObserver {
  constructor(run) {
    super(run);
    weakly(this, 'disconnect');
  }
}
export class WebSocket extends window.WebSocket {
  constructor(...given) {
    super(...given);
    weakly(this, 'close');
  }
}
export class BroadcastChannel extends window.BroadcastChannel {
  constructor(name) {
    super(name);
    weakly(this, 'close');
  }
}
