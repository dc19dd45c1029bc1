// The script tag's file. It keeps calls until the widget is there, shows the launcher from what was
// last known, and fetches the rest when the page has loaded and is idle, or at the first touch.
// Nothing here throws into the page, and `destroy` leaves the document as it was.
//
// The build puts in: LAUNCHER_CSS, TITLE_JA and TITLE_EN (texts), and HASH, which is in the name of every file.
import { attach, doc, draw, language, last, say } from './document.js';

(() => {
  const METHODS = 'init identify group track page open close start on off reset destroy ready action'.split(' ');
  // None where a bundler or an optimizer runs the text of the file; some keep the address beside it.
  const script = doc.currentScript || doc.querySelector('script[data-site],script[src*="/tabiji.js"]');
  const from = script?.src || script?.dataset.src;
  if (!from) return say('no data-site');
  const base = new URL('.', new URL(from, location)).href;
  const asset = (name, ending) => `${base}assets/${name}-${HASH}.${ending}`;
  const stub = window.tabiji;

  let page; // what the widget gets; none before `init` and after `destroy`
  let widget; // the running widget, or the basic panel
  let hurry; // whether the page itself wanted the panel at once
  const calls = []; // [method, args, settle], until the widget takes them
  let kept = []; // those of them that a fresh widget needs again

  const tabiji = (method, ...args) => {
    if (!METHODS.includes(method)) return say('unknown method ' + method);
    if (method == 'init') return begin({ ...script.dataset, site: args[0], ...args[1] });
    if (method == 'destroy') return end();
    let settle;
    const settled = method == 'ready' ? new Promise((resolve) => (settle = resolve)) : undefined;
    widget ? run([method, args, settle]) : calls.push([method, args, settle]);
    hurry ||= method == 'open' || method == 'start';
    if (hurry && page?.root) load(page);
    return settled;
  };

  const run = (call) => {
    if (/^(on|off|action|ready)$/.test(call[0])) kept.push(call);
    try {
      widget.call(...call);
    } catch (error) {
      // It is taken care of where it is known why.
      say(error);
    }
  };

  const begin = (options) => {
    if (page) return say('runs already');
    const { site } = options;
    if (!site) return say("no data-site; tabiji('init', 'pk_…') does the same");
    if (site.startsWith('sk_')) return say('secret_key_in_browser: use pk_…');
    const mine = (page = { ...options, base, tree: doc.documentElement, crashes: [], lives: 0 });
    mine.fallback = (tag, error) => fallback(mine, tag, error);
    // A task of its own: reading what was last known can wait for the disk.
    const later = () => setTimeout(() => page == mine && show(mine));
    doc.body ? later() : doc.addEventListener('DOMContentLoaded', later, { once: true });
  };

  const show = (mine) => {
    mine.locale = language(mine.locale || doc.documentElement.lang || navigator.language);
    const host = (mine.host = doc.createElement('div'));
    host.id = 'tabiji';
    host.dataset.host = '';
    for (const name of ['theme', 'position', 'launcher']) mine[name] && (host.dataset[name] = mine[name]);
    const root = (mine.root = host.attachShadow({ mode: 'open' }));
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(LAUNCHER_CSS);
    mine.sheets = root.adoptedStyleSheets = [sheet];
    const unknown = /^ja/.test(mine.locale) ? TITLE_JA : TITLE_EN;
    const { text = unknown, label = text, ratio = 0, folded } = last(mine.site);
    const launcher = (mine.launcher = draw(text, label, ratio, mine.locale, folded));
    root.append(launcher);
    launcher.onclick = () => {
      launcher.setAttribute('aria-busy', (mine.wanted = !mine.wanted));
      load(mine);
    };
    launcher.onpointerenter = launcher.onfocus = () => load(mine);
    mine.watch = new MutationObserver(() => attach(mine));
    attach(mine);
    // The page comes first: what takes the main thread longer waits until all of it is there, for a while.
    const idle = () => (window.requestIdleCallback || setTimeout)(() => page == mine && load(mine), { timeout: 2000 });
    if (hurry) load(mine);
    else if (doc.readyState == 'complete') idle();
    else {
      addEventListener('load', idle, { once: true });
      setTimeout(idle, 4000);
    }
  };

  const load = (mine) => (mine.loading ||= bring(mine).catch((error) => mine.dead || mine.fallback('load', error)));

  const bring = async (mine) => {
    try {
      new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    } catch (error) {
      return mine.fallback('wasm', error);
    }
    // The page may have the main thread: `setTimeout` calls back at once.
    await new Promise(setTimeout);
    mine.wasm = fetch(asset('widget', 'wasm'));
    mine.css = fetch(asset('widget', 'css')).then((answer) => answer.text());
    mine.wasm.catch(() => {});
    mine.css.catch(() => {});
    // A fragment makes another instance of the same file.
    const { start } = await import(asset('widget', 'js') + '#' + mine.lives);
    const started = await start(mine);
    page == mine ? hand(started) : started.destroy();
  };

  // Nobody may stand before a dead button: steps with links and the contact, without WebAssembly.
  const fallback = async (mine, tag, error) => {
    if (page != mine || mine.basic || (tag == 'crash' && restart(mine, error))) return;
    mine.basic = tag;
    say('basic panel: ' + (tag == 'wasm' ? "add 'wasm-unsafe-eval' to script-src" : error));
    try {
      const { start } = await import(asset('basic', 'js'));
      if (page == mine) hand(start(mine));
    } catch {
      // A widget that lacks a part is better than none.
      if (tag != 'part') end();
    }
  };

  // What a fresh widget needs: who is there, and what the page asked for once and for all.
  const recall = ({ identity }) => {
    const { user, account, ...traits } = identity ?? {};
    return [...(user ? [['identify', [user, traits]]] : []), ...(account ? [['group', [account]]] : []), ...kept];
  };

  // A panic has ended the instance: a fresh one goes on from what is on disk, unless the same part failed before.
  const restart = (mine, error) => {
    const part = /src\/(\w+)/.exec(error)?.[1] ?? 'core';
    const again = mine.crashes.includes(part) || mine.crashes.length > 3;
    mine.crashes.push(part);
    mine.crash = { part, message: error.slice(0, 300) };
    mine.dead = true;
    widget = undefined;
    mine.bury();
    if (again) return false;
    setTimeout(() => {
      if (page != mine) return;
      calls.unshift(...recall(mine));
      kept = [];
      mine.wanted = !!mine.root.querySelector('.panel:not(.asks)');
      mine.root.adoptedStyleSheets = mine.sheets;
      mine.root.replaceChildren(mine.launcher);
      mine.dead = mine.loading = undefined;
      mine.lives++;
      load(mine);
    });
    return true;
  };

  const hand = (started) => {
    widget = started;
    calls.splice(0).forEach(run);
    // The last call may have ended it.
    widget?.begin();
  };

  const end = () => {
    const { host, watch } = page ?? {};
    const old = widget;
    page = widget = undefined;
    kept = [];
    calls.splice(0).forEach(([, , settle]) => settle?.());
    watch?.disconnect();
    host?.remove();
    // Later, since the widget itself may be what calls.
    setTimeout(() => old?.destroy());
  };

  // The file runs again where a tag manager has it as well, and in each body that is put in the place of another.
  if (typeof stub == 'function' && stub.again) return stub.again(script.dataset);
  tabiji.again = (data) => {
    // Written from scratch, the page has dropped every listener, the widget's too.
    if (page && page.tree != doc.documentElement) {
      const known = recall(page);
      end();
      calls.push(...known);
    }
    if (!page) data.site && begin({ ...data });
    else if (page.host?.isConnected == false) attach(page);
    else say('runs already');
  };
  window.tabiji = tabiji;
  // A snapshot: what is pushed while draining goes through the function above. In a page, `<form id=tabiji>` is one too.
  if (typeof stub == 'function' && Array.isArray(stub.q)) [...stub.q].forEach((call) => tabiji(...call));
  if (!page)
    if (script.dataset.site) begin({ ...script.dataset });
    // Calls that nobody takes; `init` may come yet.
    else setTimeout(() => page || !calls.length || begin({}), 3000);
})();
