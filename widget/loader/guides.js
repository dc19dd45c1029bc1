// What the widget has of guides before one is asked for: the plan, the place where the person stands,
// and the way to the module that guides. The build puts in GUIDE_JS.
import { routes } from './routes.js';

export const guides = (page) => {
  let flow;
  let running;
  let last; // where the person stands, should the browser refuse to remember it
  let turn = 0;

  const key = () => 'tabiji:guide:' + page.owner;
  const place = () => {
    try {
      return JSON.parse(localStorage[key()]);
    } catch {
      return last;
    }
  };
  const planned = (id) => flow?.stage.flatMap((stage) => stage.step).find((step) => step.id == id && step.guide);

  const show = async (id, stop, wanted) => {
    const mine = ++turn;
    const { load } = await import(page.base + 'assets/' + GUIDE_JS);
    const Guide = await load(page);
    if (mine != turn || !page.host.isConnected) return;
    running?.replace();
    running = new Guide(page, planned(id), stop, wanted);
  };

  page.planned = (id) => !!planned(id);
  page.show = (id) => {
    const there = place();
    show(id, (there?.step == id && there.stop) || 1, true).catch((error) => console.warn('[tabiji] no guide: ' + error));
  };
  page.stand = (step, stop, path) => {
    last = { step, stop, path, at: Date.now() };
    try {
      localStorage[key()] = JSON.stringify(last);
    } catch {
      // `last` has to do.
    }
  };
  page.stoodAt = () => place()?.path;
  page.over = (focused) => {
    running = undefined;
    page.closed?.(focused);
  };

  // The collector said something: facts may be what a stop waits for, and a new page goes on where the
  // person stands, here or on whatever device was the last.
  page.heard = ({ flow: fresh, progress, guide }) => {
    flow = fresh ?? flow;
    page.facts = progress.facts ?? {};
    running?.news();
    if (!fresh || running) return;
    const here = place();
    const newest = (here?.at ?? 0) >= (guide?.at ?? 0) ? here : guide;
    const isOpen = progress.steps[newest?.step]?.status != 'done';
    if (newest?.stop && isOpen && planned(newest.step)) show(newest.step, newest.stop, false).catch(() => {});
  };
  page.unguide = () => {
    turn++;
    running?.free();
    running = undefined;
  };

  const stop = routes(() => page.routes());
  page.routes = () => {
    page.routed?.();
    running?.routed();
  };
  return () => {
    stop();
    page.unguide();
  };
};
