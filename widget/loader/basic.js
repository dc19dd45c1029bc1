// The panel where WebAssembly may not run: steps with links, the contact, and a report. The build puts in BASIC_CSS and WORDS.
export { takeEarlyCalls } from './early.js';
import { remember } from '../src/browser.js';
import { attempt } from '../src/js.js';
import { make, say } from './document.js';
import { MOST, device, keep, kept, prefix, takeEarlyCalls, tracked, visit } from './early.js';

// Asynchronous, so that a page that broke `fetch` fails where failures are handled. What is not large outlives the page.
const post = async ({ base, site }, { token, user, account }, path, given) => {
  const body = JSON.stringify({ site, ...(token ? { token } : { who: { user, account } }), ...given });
  return fetch(base + path, { method: 'POST', body, keepalive: body.length < 2e4 });
};

export const start = (page, error) => {
  const message = page.basic == 'wasm' ? "add 'wasm-unsafe-eval' to script-src" : String(error);
  say('basic panel: ' + message);
  const words = /^ja/.test(page.locale) ? WORDS.ja : WORDS.en;
  // Who is there: what the widget knew when it had to stop, then what the page says.
  const who = { user: device(), ...page.identity };
  const event = visit();
  let left = MOST;
  const mine = () => prefix(page.site, who.user, who.account);
  const send = async (events, owner = mine()) => {
    const answer = events[0] && (await post(page, who, 'v1/events', { sent_at: Date.now(), events }).catch(() => {}));
    const reply = answer?.ok && (await answer.json().catch(() => {}));
    // Otherwise they wait for another page. What stands in between, a firewall, has no results.
    for (const { id, outcome } of reply?.results ?? []) if (outcome != 'retry') remember(owner + id);
  };
  const report = (kind, data) => send([keep(mine(), event(kind, data))]);
  // Some of what earlier pages left of who is there; an id that is on its way already is stored once.
  const resume = () => send(kept(mine()).slice(0, 50));

  let panel;
  const toggle = async (open = !panel) => {
    page.launcher.setAttribute('aria-expanded', open);
    page.launcher.setAttribute('aria-busy', false);
    panel?.remove();
    panel = undefined;
    if (!open) return page.launcher.focus();
    const list = make('ol', {});
    const close = make('button', { type: 'button', class: 'plain' }, words.close);
    close.onclick = () => toggle(false);
    const heading = make('h2', { tabindex: -1 }, page.launcher.textContent);
    panel = make('section', { class: 'basic', part: 'panel', role: 'dialog', 'aria-label': page.launcher.textContent, lang: page.locale }, heading, list, close);
    panel.onkeydown = (event) => event.key == 'Escape' && toggle(false);
    page.root.append(panel);
    heading.focus({ preventScroll: true });
    fill(heading, list).catch(() => list.append(make('li', {}, words.none)));
  };

  const fill = async (heading, list) => {
    const answer = await post(page, who, 'v1/session', { locale: page.locale });
    const { flow, progress } = await answer.json();
    heading.textContent = flow.title;
    for (const step of flow.stage.flatMap((stage) => stage.step)) {
      const done = progress.steps[step.id]?.status == 'done';
      const name = step.link && !done ? make('a', { href: step.link }, step.title) : step.title;
      list.append(make('li', {}, done ? '✓ ' : '', name, make('small', {}, done ? words.done : step.why)));
    }
    if (flow.contact) panel?.append(make('a', { href: flow.contact }, words.contact));
  };

  // The module that would have to help may be the one that failed.
  attempt(() => page.leave?.());
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(BASIC_CSS);
  page.root.adoptedStyleSheets = [...page.root.adoptedStyleSheets, sheet];
  // After a crash this is all that stays.
  page.root.replaceChildren(page.launcher);
  page.launcher.onclick = () => toggle();
  return {
    call: (method, args, settle) => {
      if (method == 'identify') [who.user, who.token] = [args[0], args[1]?.token];
      if (method == 'group') who.account = args[0];
      if (method == 'track' && left-- > 0) report('custom', tracked(...args));
      // Once, since nothing else will fail that the page can do something about.
      if (method == 'on' && args[0] == 'error') setTimeout(args[1], 0, { tag: 'basic_panel', message });
      if (method == 'reset') {
        [who.user, who.token, who.account] = [device()];
        if (panel) toggle(false);
      }
      if (/^(identify|group|reset)$/.test(method)) resume();
      if (method == 'open' || method == 'start') toggle(true);
      if (method == 'close' && panel) toggle(false);
      settle?.();
    },
    begin: () => {
      if (page.wanted) toggle(true);
      takeEarlyCalls(page.site);
      resume();
      report('widget.error', { tag: 'basic_panel', cause: page.basic, ...page.crash });
    },
    destroy: () => panel?.remove(),
  };
};
