// What Rust has no short form for: properties, calls, lists and JSON by few imports. No state.

// In a document and in a form, an element of that name (`<img name=body>`) comes before what is their own.
const own = (target, name) =>
  target == document || target instanceof HTMLFormElement
    ? Reflect.get(Object.getPrototypeOf(target), name, target)
    : target[name];

export const attempt = (run) => {
  try {
    return run();
  } catch {}
};

// Undefined when there is none, or its getter throws.
export const property = (target, name) => attempt(() => own(target, name));

// What refuses the value stays as it is.
export const assign = (target, name, value) => attempt(() => (target[name] = value));

export const apply = (target, name, given) => Reflect.apply(own(target, name), target, given);

// The items of a list; nothing for anything else.
export const items = (value) => Array.isArray(value) ? value : undefined;

// The names and values of an object in turns.
export const fields = (value) => value instanceof Object ? Object.entries(value).flat() : [];

export const parse = (text) => attempt(() => JSON.parse(text));
export const print = (value) => attempt(() => JSON.stringify(value)) ?? '';

// By these names the build puts in what ends with the instance (loader/life.js).
const MORTAL = { BroadcastChannel, MutationObserver, WebSocket };

export function construct(name, first, second) {
  const Made = MORTAL[name] ?? window[name];
  // A date of one number is not a date of a year and no month.
  return second === undefined ? new Made(first) : new Made(first, second);
}

export function dress(root, css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
