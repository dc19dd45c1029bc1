// Joins the loader to the module that wasm-bindgen made; the build bundles both into one file.
import init, { Widget } from '../pkg/tabiji_widget.js';

export const start = async (page) => {
  const [, css] = await Promise.all([init({ module_or_path: page.wasm }), page.css]);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  page.root.adoptedStyleSheets = [...page.root.adoptedStyleSheets, sheet];
  return new Widget(page);
};
