// Joins the loader to the module that wasm-bindgen made; the build bundles both into one file.
import init, { Widget, die, warm } from '../pkg-split/tabiji_widget.js';
import { bridge } from './bridge.js';
import { bury } from './life.js';

// Lets the page have the main thread between two steps, so that none is a long task.
const pause = () => new Promise((done) => setTimeout(done));

// Above whatever z-index the page has, unless it has a place for the widget or keeps it down.
const rise = ({ host, container, layer }) => {
  if (container || layer == 'page' || !host.showPopover) return;
  host.popover = 'manual';
  host.showPopover();
};

export const start = async (page) => {
  let joint;
  page.bury = () => {
    // Nothing may enter it from now on.
    die();
    bury();
    // What a guide left in the page.
    const layer = document.getElementById('tabiji-guide');
    layer?.held?.forEach((other) => (other.inert = false));
    layer?.remove();
    joint?.end();
  };
  const [, css] = await Promise.all([init({ module_or_path: page.wasm }), page.css]);
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
