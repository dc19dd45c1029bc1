// What Rust has no short form for: properties, calls, lists and JSON by few imports. No state.

// In a document and in a form, an element of that name (`<img name=body>`) comes before what is their own.
const own = (target, name) =>
  target == document || target instanceof HTMLFormElement
    ? Reflect.get(Object.getPrototypeOf(target), name, target)
    : target[name];

// Undefined when there is none, or its getter throws.
export function property(target, name) {
  try {
    return own(target, name);
  } catch {}
}

// What refuses the value stays as it is.
export function assign(target, name, value) {
  try {
    target[name] = value;
  } catch {}
}

export function apply(target, name, given) {
  return Reflect.apply(own(target, name), target, given);
}

// The items of a list; nothing for anything else.
export function items(value) {
  return Array.isArray(value) ? value : undefined;
}

// The names and values of an object in turns.
export function fields(value) {
  return value instanceof Object ? Object.entries(value).flat() : [];
}

export function parse(text) {
  try {
    return JSON.parse(text);
  } catch {}
}

export function print(value) {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

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
