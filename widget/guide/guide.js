// Guides: which one runs, and where the person stands, on this device and on others. Loaded when a person
// asks to be shown, or was in a guide when the page was left; loader/bridge.js fetches it.
import { isDone, steps } from '../shared/flow.js';
import { recall, remember } from '../src/browser.js';
import { Guide } from './tour.js';

/** Takes over from the loader; the build puts in GUIDE_CSS. */
export const attach = (page) => {
  let running;
  let last; // where the person stands, should the browser refuse to remember it

  // A guide that fails takes nothing along: not the page's own call, and not the widget.
  const safely = (run) => {
    try {
      return run();
    } catch (error) {
      running = undefined;
      console.warn('[tabiji] no guide: ' + error);
    }
  };
  const key = () => 'tabiji:guide:' + page.owner;
  const place = () => {
    let kept;
    try {
      kept = JSON.parse(recall(key()) ?? 'null');
    } catch {
      // Not our words.
    }
    const mine = last?.owner == page.owner ? last : undefined;
    return (mine?.at ?? 0) > (kept?.at ?? 0) ? mine : kept;
  };
  const stand = (step, stop, path, at) => {
    last = { owner: page.owner, step, stop, path, at };
    remember(key(), JSON.stringify(last));
  };
  const standing = (step) => {
    const there = place();
    return there && there.step == step ? there.stop : 0;
  };
  const begin = (step, stop, wanted) => {
    if (!page.host.isConnected) return;
    if (!step?.guide) return wanted && page.onGuideEnd(true);
    running?.end('replaced');
    running = undefined;
    running = new Guide(mine, step, stop, wanted);
  };

  // What a tour has of the page, and where the person stands.
  const mine = {
    __proto__: page,
    stand: (step, stop, path) => stand(step, stop, path, Date.now() + page.skew),
    standing,
    stoodAt: () => place()?.path,
  };
  page.on('guide', () => (running = undefined));

  return {
    guiding: () => running,
    show: (step) => begin(step, standing(step.id) || 1, true),
    routed: () => safely(() => running?.routed()),
    forget() {
      safely(() => running?.end());
      running = undefined;
    },
    // The collector said something: facts may be what a stop waits for, and a new page goes on where the
    // person stands, here or on whatever device was the last.
    onSession({ flow, guide }) {
      safely(() => running?.news());
      if (!flow || running) return;
      if (guide && guide.at > (place()?.at ?? 0)) stand(guide.step, guide.stop, undefined, guide.at);
      const { step, stop } = place() ?? {};
      if (stop && !isDone(page, step))
        safely(() =>
          begin(
            steps(page).find(({ id }) => id == step),
            stop,
            false,
          ),
        );
    },
  };
};
