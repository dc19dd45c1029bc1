// The page that the script tag stands in: its document, its language, and the widget's place and launcher in it. No state.

export const say = (text) => console.warn('[tabiji] ' + text);

// The document's own: `<img name=body>` in a page would answer to `document.body`.
export const doc = new Proxy(Document.prototype, {
  get: (own, name) => {
    const value = Reflect.get(own, name, document);
    return typeof value == 'function' ? value.bind(document) : value;
  },
});

// As servers print it (`ja_JP.UTF-8`), or the country in the language's place (`jp`).
const language = (name) => {
  try {
    return Intl.getCanonicalLocales(name.trim().replace(/[.@].*/, '').replace(/_/g, '-').replace(/^jp\b/i, 'ja'))[0];
  } catch {
    say('unknown language ' + name);
    return 'en';
  }
};

// Puts the widget where it belongs. A product may put another body in the place of its own (Turbo), and keeps copies that are no widget.
export const attach = ({ host, watch, container }) => {
  watch.observe(document, { childList: true });
  watch.observe(doc.documentElement, { childList: true });
  // Between two bodies there is none.
  if (!doc.body) return;
  if (!host.isConnected) {
    let place;
    try {
      place = doc.querySelector(container);
    } catch (error) {
      say(error);
    }
    doc.querySelectorAll('[data-host]#tabiji,#tabiji-guide').forEach((copy) => copy.remove());
    (place || doc.body).append(host);
    host.popover && host.showPopover();
  }
  watch.observe(doc.body, { childList: true, subtree: !!container });
};

export const make = (name, attributes, ...inner) => {
  const element = doc.createElement(name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  element.append(...inner);
  return element;
};

// Makes the widget's place, and in it the launcher as it was last known.
export const draw = (mine, last) => {
  const locale = (mine.locale = language(mine.locale || doc.documentElement.lang || navigator.language));
  const unknown = /^ja/.test(locale) ? TITLE_JA : TITLE_EN;
  const { text = unknown, label = text, ratio = 0, folded } = last;
  const host = (mine.host = make('div', { id: 'tabiji', 'data-host': '' }));
  for (const name of ['theme', 'position', 'launcher', 'layer']) mine[name] && (host.dataset[name] = mine[name]);
  mine.root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(LAUNCHER_CSS);
  mine.root.adoptedStyleSheets = [sheet];
  const ring = make('i', { class: 'ring', 'aria-hidden': true });
  ring.style.setProperty('--done', ratio + '%');
  const name = folded ? 'launcher folded' : 'launcher';
  const attributes = { class: name, part: 'launcher', type: 'button', lang: locale, 'aria-expanded': false, 'aria-label': label };
  mine.root.append((mine.launcher = make('button', attributes, ring, make('span', {}, text))));
};
