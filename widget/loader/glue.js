// Joins the loader to the module that wasm-bindgen made; the build bundles both into one file.
import { Widget, die, initSync, warm } from '../pkg-split/tabiji_widget.js';
import { bridge } from './bridge.js';
import { bury } from './life.js';

// Lets the page have the main thread between two steps, so that none is a long task.
const pause = () => new Promise((done) => setTimeout(done));

// Earlier pages seldom left anything, so what makes events of it lies beside the basic panel (early.js).
const takeEarlyCalls = async (site) =>
  Object.keys(localStorage).some((key) => key.startsWith(`tabiji:calls:${site}:`)) &&
  (await import(import.meta.url.replace(/widget(?=-\w+\.js)/, 'basic'))).takeEarlyCalls(site);

// Above whatever z-index the page has, unless it has a place for the widget or keeps it down.
const rise = ({ host, container, layer }) => {
  if (container || layer == 'page' || !host.showPopover) return;
  host.popover = 'manual';
  host.showPopover();
};

export const start = async (page) => {
  let joint;
  // A panic ends the instance. Says whether a fresh one may go on: not where the same part failed before.
  page.bury = (error) => {
    const part = /src\/(\w+)/.exec(error)?.[1] ?? 'core';
    const before = (page.crashes ??= []);
    const may = !before.includes(part) && before.length < 4;
    before.push(part);
    page.crash = { part, message: error.slice(0, 300) };
    die();
    bury();
    // What a guide left in the page.
    const layer = document.getElementById('tabiji-guide');
    layer?.held?.forEach((other) => (other.inert = false));
    layer?.remove();
    joint?.end();
    return may;
  };
  // As the loader left it, for the fresh one.
  page.clear = () => {
    page.wanted = !!page.root.querySelector('.panel:not(.asks)');
    page.root.adoptedStyleSheets = page.root.adoptedStyleSheets.slice(0, 1);
    page.root.replaceChildren(page.launcher);
    page.dead = page.loading = undefined;
  };
  await takeEarlyCalls(page.site).catch(() => {});
  const [module, css] = await Promise.all([WebAssembly.compileStreaming(page.wasm), page.css]);
  initSync({ module });
  await pause();
  warm();
  await pause();
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  page.root.adoptedStyleSheets = [...page.root.adoptedStyleSheets, sheet];
  await pause();
  const widget = new Widget(page, (joint = bridge()));
  await pause();
  widget.mount();
  rise(page);
  await pause();
  // For the tests of crashes; a build for shipping has none of it.
  if (DRILL) page.host.drill = (part) => widget.drill(part);
  return widget;
};
