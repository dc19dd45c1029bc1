// Joins the widget to the module that guides; the build bundles both into one file and puts in
// GUIDE_WASM and GUIDE_CSS.
import init, { Guide } from '../guide/pkg/tabiji_guide.js';

let ready;

export const load = (page) => {
  const asset = (name) => fetch(page.base + 'assets/' + name);
  const bring = async () => {
    const [answer] = await Promise.all([asset(GUIDE_CSS), init({ module_or_path: asset(GUIDE_WASM) })]);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(await answer.text());
    return sheet;
  };
  // What failed once may work the next time.
  ready ??= bring().catch((error) => ((ready = undefined), Promise.reject(error)));
  return ready.then((sheet) => {
    page.sheets = [...page.root.adoptedStyleSheets, sheet];
    return Guide;
  });
};
