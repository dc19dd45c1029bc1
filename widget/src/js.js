// What Rust has no short form for: a property by its name, `new`, and a list that is extended. No state.

export function property(target, name) {
  return target[name];
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
