// What the widget has of guides before one is asked for: the plan, the place where the person stands,
// and the way to the modules that are fetched on demand, each in the person's language. The build puts in
// STEPS, the name of the module that guides less its language.
import { routes } from './routes.js';

export const guides = (page) => {
  let running;
  let last; // where the person stands, should the browser refuse to remember it
  let turn = 0;
  let skew = 0; // how far this device's clock is behind the collector's

  const key = () => 'tabiji:guide:' + page.owner;
  const place = () => {
    let kept;
    try {
      kept = JSON.parse(localStorage.getItem(key()));
    } catch {
      // `last` has to do.
    }
    const mine = last?.owner == page.owner ? last : undefined;
    return (mine?.at ?? 0) > (kept?.at ?? 0) ? mine : kept;
  };
  const stand = (step, stop, path, at) => {
    last = { owner: page.owner, step, stop, path, at };
    try {
      localStorage.setItem(key(), JSON.stringify(last));
    } catch {
      // As above.
    }
  };
  const planned = (id) => page.plan?.stage.flatMap((stage) => stage.step).find((step) => step.id == id);
  // A guide that fails takes nothing along.
  const safely = (run) => {
    try {
      return running && run(running);
    } catch (error) {
      running = undefined;
      console.warn('[tabiji] no guide: ' + error);
    }
  };

  const show = async (id, stop, wanted) => {
    const mine = ++turn;
    const { Guide } = await page.fetch(STEPS);
    const step = planned(id);
    if (mine != turn || !step?.guide || !page.host.isConnected) return;
    safely((guide) => guide.end('replaced'));
    running = undefined;
    running = new Guide(page, step, stop, wanted);
  };

  page.fetch = (name) => import(page.base + 'assets/' + name + (/^ja/.test(page.locale) ? 'ja.js' : 'en.js'));
  // As in browser.rs: a guide, rows to enter, one press.
  page.ways = (id) => {
    const { guide, here } = planned(id) ?? {};
    return (guide ? 1 : 0) + (here ? (here.column ? 2 : 4) : 0);
  };
  // Who brought which part of a number, to be added: " · 佐藤 2 · 鈴木 1".
  page.parts = (fact) => {
    const sums = {};
    for (const { user, from, to } of page.progress?.raised?.[fact] ?? []) sums[user] = (sums[user] ?? 0) + to - from;
    return Object.keys(sums).filter((user) => page.people[user]).map((user) => ` · ${page.people[user]} ${sums[user]}`).join('');
  };
  page.guiding = () => !!running;
  page.show = (id) => {
    show(id, page.standing(id) || 1, true).catch((error) => {
      console.warn('[tabiji] no guide: ' + error);
      page.host.isConnected && page.closed(true);
    });
  };
  page.stand = (step, stop, path) => stand(step, stop, path, Date.now() + skew);
  page.standing = (step) => {
    const there = place();
    return there?.step == step ? there.stop : 0;
  };
  page.stoodAt = () => place()?.path;
  page.over = (focused) => {
    running = undefined;
    page.closed?.(focused);
  };

  // The collector said something: facts may be what a stop waits for, and a new page goes on where the
  // person stands, here or on whatever device was the last.
  page.heard = ({ flow: fresh, progress, people = {}, guide, user, name, answered = [], server_time: now }) => {
    Object.assign(page, { progress, people });
    if (fresh) Object.assign(page, { plan: fresh, answered, me: { user, name } });
    page.facts = progress.facts ?? {};
    safely((guide) => guide.news());
    if (!fresh || running) return;
    skew = now - Date.now();
    const here = place();
    if (guide && guide.at > (here?.at ?? 0)) stand(guide.step, guide.stop, undefined, guide.at);
    const { step, stop } = place() ?? {};
    if (stop && progress.steps[step]?.status != 'done' && planned(step)?.guide) show(step, stop, false).catch(() => {});
  };
  page.unguide = () => {
    turn++;
    page.plan = undefined;
    safely((guide) => guide.end());
    running = undefined;
  };

  page.routes = () => {
    page.routed?.();
    safely((guide) => guide.routed());
  };
  const stop = routes(() => page.routes());
  page.leave = () => {
    stop();
    page.unguide();
  };
};
