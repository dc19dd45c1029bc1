// What the widget has of guides and clips before one is asked for: what the collector said last, and the
// way to the modules that are fetched on demand, each in the person's language. The build puts in STEPS,
// the name of the module that guides less its language.
import { steps } from '../shared/plan.js';
import { once } from './once.js';
import { routes } from './routes.js';

export const guides = (page) => {
  let hub; // the module that guides, once it is there
  const bring = once(() => page.fetch(STEPS).then(({ attach }) => (hub = attach(page))));
  const planned = (id) => steps(page).find((step) => step.id == id) ?? {};
  // Whether this person stood in a guide when they were here last.
  const stood = () => {
    try {
      return /"stop":[1-9]/.test(localStorage.getItem('tabiji:guide:' + page.owner));
    } catch {}
  };

  page.fetch = (name) => import(page.base + 'assets/' + name + (/^ja/.test(page.locale) ? 'ja.js' : 'en.js'));
  // As in browser.rs: a guide, rows to enter, one press, a clip.
  page.ways = (id) => {
    const { guide, here, video } = planned(id);
    return (guide ? 1 : 0) + (here ? (here.column ? 2 : 4) : 0) + (video ? 8 : 0);
  };
  // Who brought which part of a number, to be added: " · 佐藤 2 · 鈴木 1".
  page.parts = (fact) => {
    const sums = new Map();
    for (const { user, from, to } of page.progress?.raised?.[fact] ?? []) sums.set(user, (sums.get(user) ?? 0) + to - from);
    return [...sums].filter(([user]) => Object.hasOwn(page.people, user)).map(([user, n]) => ` · ${page.people[user]} ${+n.toFixed(2)}`).join('');
  };
  page.guiding = () => !!hub?.guiding();
  page.show = (id) => {
    const { owner } = page;
    bring()
      // Somebody else may have come meanwhile.
      .then(() => page.owner == owner && hub.show(planned(id)))
      .catch((error) => {
        console.warn('[tabiji] no guide: ' + error);
        page.host.isConnected && page.closed(true);
      });
  };
  page.over = (focused) => page.closed?.(focused);

  page.heard = (reply) => {
    const { flow, progress, people = {}, guide, user, name, answered = [] } = reply;
    Object.assign(page, { progress, people, facts: progress.facts ?? {} });
    // How far this device's clock is behind the collector's.
    if (flow) Object.assign(page, { plan: flow, answered, talk: reply.talk, me: { user, name }, skew: reply.server_time - Date.now() });
    if (hub) hub.heard(reply);
    else if (guide?.stop || stood()) bring().then(() => page.plan == flow && hub.heard(reply)).catch(() => {});
  };
  page.unguide = () => {
    page.plan = undefined;
    hub?.forget();
  };
  page.routes = () => {
    page.routed?.();
    hub?.routed();
  };
  const stop = routes(() => page.routes());
  page.leave = () => {
    stop();
    page.unguide();
  };
};
