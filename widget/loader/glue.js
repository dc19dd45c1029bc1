// Joins the loader to the module that wasm-bindgen made; the build bundles both into one file.
import init, { Widget, warm } from '../pkg/tabiji_widget.js';

// Lets the page have the main thread between two steps, so that none is a long task.
const pause = () => new Promise((done) => setTimeout(done));

export const start = async (page) => {
  const [, css] = await Promise.all([init({ module_or_path: page.wasm }), page.css]);
  await pause();
  warm();
  await pause();
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  page.root.adoptedStyleSheets = [...page.root.adoptedStyleSheets, sheet];
  await pause();
  const widget = new Widget(page);
  await pause();
  widget.mount();
  await pause();
  return widget;
};
