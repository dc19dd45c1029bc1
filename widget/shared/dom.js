// Making elements, without a word of HTML: pages with Trusted Types allow nothing else.

const SVG = 'http://www.w3.org/2000/svg';

/** An element with attributes and children; what begins with `on` is a listener. */
export const make = (name, attributes = {}, ...inner) => {
  const svg = /^(svg|path|circle|rect)$/.test(name);
  const element = svg ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...inner.filter((child) => child !== undefined && child !== false));
  return element;
};

/** Adds styles to a shadow root. */
export const dress = (root, text) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
};

const dressed = new WeakSet();

/** Adds the styles of a part that is fetched on demand to a page, once: each part has its own copy of this. */
export const dressOnce = (page, text) => {
  if (dressed.has(page)) return;
  dressed.add(page);
  dress(page.root, text);
};

/** Whether keys pressed there belong to somebody's typing. */
export const isTyping = (event) => {
  const node = event.composedPath()[0];
  return event.isComposing || event.keyCode == 229 || /^(input|textarea|select)$/i.test(node.localName) || !!node.isContentEditable;
};
