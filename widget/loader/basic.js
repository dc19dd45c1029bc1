// The panel for pages where WebAssembly may not run: the steps with links, and the contact for questions.
// It asks the collector once, and reports that it had to stand in. The build puts in BASIC_CSS and WORDS.
import { fresh } from './id.js';

export const start = (page) => {
  const words = /^ja/.test(page.locale) ? WORDS.ja : WORDS.en;
  const make = (name, attributes, ...inner) => {
    const element = document.createElement(name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    element.append(...inner);
    return element;
  };
  // Who is there: what the widget knew when it had to stop, then what the page says.
  const who = { user: 'unknown', ...page.identity };
  const identity = () => (who.token ? { token: who.token } : { who: { user: who.user, account: who.account } });
  // Asynchronous, so that a page that broke `fetch` fails where failures are handled.
  const post = async (path, body) =>
    fetch(page.base + path, { method: 'POST', body: JSON.stringify({ site: page.site, ...identity(), ...body }) });

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
    const answer = await post('v1/session', { locale: page.locale });
    const { flow, progress } = await answer.json();
    heading.textContent = flow.title;
    for (const step of flow.stage.flatMap((stage) => stage.step)) {
      const done = progress.steps[step.id]?.status == 'done';
      const name = step.link && !done ? make('a', { href: step.link }, step.title) : step.title;
      list.append(make('li', {}, done ? '✓ ' : '', name, make('small', {}, done ? words.done : step.why)));
    }
    if (flow.contact) panel?.append(make('a', { href: flow.contact }, words.contact));
  };

  try {
    page.leave?.();
  } catch {
    // The module that would have to help is the one that failed.
  }
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
      if (method == 'reset') {
        [who.user, who.token, who.account] = ['unknown'];
        if (panel) toggle(false);
      }
      if (method == 'open' || method == 'start') toggle(true);
      if (method == 'close' && panel) toggle(false);
      settle?.();
    },
    begin: () => {
      if (page.wanted) toggle(true);
      const now = Date.now();
      const event = { id: fresh(), at: now, session: fresh(), n: 1, kind: 'widget.error', data: { tag: 'basic_panel', cause: page.basic, ...page.crash } };
      post('v1/events', { sent_at: now, events: [event] }).catch(() => {});
    },
    destroy: () => panel?.remove(),
  };
};
