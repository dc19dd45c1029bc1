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

/** `fetch`, of a living instance alone. What is under way ends with it, unless it has a signal and the browser (Firefox
 * before 124) cannot join two. */
export const fetch = async (url, options) => {
  life.signal.throwIfAborted();
  const signals = [life.signal, options?.signal].filter(Boolean);
  return window.fetch(url, { ...options, signal: AbortSignal.any?.(signals) ?? options?.signal ?? life.signal });
};

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
const mortal = (Lasting, end) =>
  class extends Lasting {
    constructor(...given) {
      super(...given);
      const reference = new WeakRef(this);
      keep(() => reference.deref()?.[end]());
    }
  };
export const MutationObserver = mortal(window.MutationObserver, 'disconnect');
export const WebSocket = mortal(window.WebSocket, 'close');
export const BroadcastChannel = mortal(window.BroadcastChannel, 'close');
