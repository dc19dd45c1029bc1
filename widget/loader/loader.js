// The script tag's file. It keeps calls until the widget is there, shows the launcher from what was
// last known, and fetches the rest when the page has loaded and is idle, or at the first touch.
// Nothing here throws into the page, and `destroy` leaves the document as it was.
// The build puts in: LAUNCHER_CSS, TITLE_JA and TITLE_EN (texts), and HASH, which is in the name of every file.
import { attach, doc, draw, say } from './document.js';
import { erase, keep, last } from './device.js';

// Who was there, as calls.
const whoIs = ({ user, account, ...traits } = {}) =>
  [['identify', [user, traits]], ['group', [account]]].filter(([, [id]]) => id);

(() => {
  // None where a bundler or an optimizer runs the text of the file; some keep the address beside it.
  const script = doc.currentScript || doc.querySelector('script[data-site^=pk_],script[src*="/tabiji.js"]');
  const from = script?.src || script?.dataset.src;
  if (!from) return say('no data-site');
  const base = new URL('.', new URL(from, location)).href;
  const asset = (name, ending) => `${base}assets/${name}-${HASH}.${ending}`;
  const stub = window.tabiji;

  let page; // what the widget gets; none before `init` and after `destroy`
  let widget; // the running widget, or the basic panel
  let hurry; // whether the page itself wanted the panel at once
  let options; // of the page
  let consent; // whether there is; none while it is open
  let calls = []; // [method, args, settle, when], until the widget takes them
  let deaths = 0; // of instances; none is used again
  let kept = []; // those of them that a fresh widget needs again

  const tabiji = (method, ...args) => {
    if (method == 'init') return begin({ ...script.dataset, site: args[0], ...args[1] });
    if (method == 'consent') return agree(!!args[0]);
    if (method == 'destroy') return end();
    let settle;
    const settled = method == 'ready' ? new Promise((resolve) => (settle = resolve)) : undefined;
    const call = [method, args, settle, Date.now()];
    if (widget) run(call);
    else if (consent != false || method != 'track') calls.push(call);
    hurry ||= /^(open|start)$/.test(method);
    if (hurry && page?.root) load(page);
    return settled;
  };

  const run = (call) => {
    if (/^(on|off|action|ready)$/.test(call[0])) kept.push(call);
    try {
      widget.call(...call);
    } catch (error) {
      say(error);
    }
  };

  const begin = (given) => {
    if (page) return say('runs already');
    if (!given.site) return say("no data-site or tabiji('init')");
    options = given;
    // Global Privacy Control, or the older Do Not Track, unless the page knows better.
    consent ??= (given.consent ?? (navigator.globalPrivacyControl || navigator.doNotTrack == 1 || 'granted')) == 'granted' || consent;
    if (!consent) return;
    addEventListener('pagehide', leave);
    const mine = (page = { ...given, base, tree: doc.documentElement });
    mine.fallback = (tag, error) => fallback(mine, tag, error);
    // A task of its own: reading what was last known can wait for the disk.
    const later = () => setTimeout(() => page == mine && show(mine));
    doc.body ? later() : doc.addEventListener('DOMContentLoaded', later, { once: true });
  };

  // Without consent nothing is asked of the network, and nothing is stored. What is called meanwhile waits.
  const agree = (given) => {
    const before = consent;
    consent = given;
    if (given) return before || (options && begin(options));
    // At once: the widget would go on until it is destroyed.
    die(page, '');
    pause();
    erase();
  };

  // The page goes before the widget is there, or where it cannot be fetched.
  const leave = () => (calls = keep(page, calls));

  const show = (mine) => {
    draw(mine, last(mine.site));
    const launcher = mine.launcher;
    launcher.onclick = () => {
      launcher.setAttribute('aria-busy', (mine.wanted = !mine.wanted));
      load(mine);
    };
    launcher.onpointerenter = launcher.onfocus = () => load(mine);
    mine.watch = new MutationObserver(() => attach(mine));
    attach(mine);
    // The page comes first: what takes the main thread longer waits until all of it is there, for a while.
    const idle = () => (window.requestIdleCallback || setTimeout)(() => load(mine), { timeout: 2000 });
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
    if (page != mine) return;
    mine.wasm = fetch(asset('widget', 'wasm'));
    mine.css = fetch(asset('widget', 'css')).then((answer) => answer.text());
    mine.wasm.catch(() => {});
    mine.css.catch(() => {});
    // A fragment makes another instance of the same file.
    const { start } = await import(asset('widget', 'js') + '#' + deaths);
    if (page != mine) return;
    const started = await start(mine);
    page == mine ? hand(started) : started.destroy();
  };

  // Nobody may stand before a dead button: steps with links and the contact, without WebAssembly.
  const fallback = async (mine, tag, error) => {
    if (page != mine || mine.basic || (tag == 'crash' && restart(mine, error))) return;
    mine.basic = tag;
    try {
      const { start } = await import(asset('basic', 'js'));
      if (page == mine) hand(start(mine, error));
    } catch {
      // A widget that lacks a part is better than none.
      if (tag != 'part') end();
    }
  };

  // What a fresh widget needs: who is there, and what the page asked for once and for all.
  const recall = ({ identity }) => [...whoIs(identity), ...kept];

  const die = (mine, error) => {
    widget = undefined;
    deaths++;
    return mine?.bury?.(error);
  };

  // A panic has ended the instance: a fresh one goes on from what is on disk, where glue.js allows it.
  const restart = (mine, error) => {
    mine.dead = true;
    return die(mine, error) && setTimeout(() => {
      if (page != mine) return;
      calls.unshift(...recall(mine));
      kept = [];
      mine.clear();
      load(mine);
    });
  };

  const hand = (started) => {
    widget = started;
    calls.splice(0).forEach(run);
    // The last call may have ended it.
    widget?.begin();
  };

  const end = () => {
    const old = widget;
    leave();
    page?.watch?.disconnect();
    page?.host?.remove();
    page = widget = undefined;
    removeEventListener('pagehide', leave);
    kept = [];
    calls.splice(0).forEach(([, , settle]) => settle?.());
    // Later, since the widget itself may be what calls.
    setTimeout(() => old?.destroy());
  };

  // Ends, and knows who is there for when it begins again.
  const pause = () => {
    const known = page ? recall(page) : [];
    end();
    calls.push(...known);
  };

  tabiji.again = (data) => {
    // Written from scratch, the page has dropped every listener, the widget's too.
    if (page && page.tree != doc.documentElement) pause();
    if (page?.host?.isConnected == false) attach(page);
    else if (page || data.site) begin({ ...data });
  };
  // The file may run again, when a stub stands for the function that runs; no name in the page stands for the navigator.
  const running = (window.tabiji = navigator.tabiji ||= tabiji);
  // A snapshot: what is pushed while draining goes through the function above. In a page, `<form id=tabiji>` is one too.
  if (Array.isArray(stub?.q)) [...stub.q].forEach((call) => running(...call));
  if (running != tabiji) return running.again(script.dataset);
  if (!options)
    if (script.dataset.site) begin({ ...script.dataset });
    // Calls that nobody takes; `init` may come yet.
    else setTimeout(() => options || !calls.length || begin({}), 3000);
})();
