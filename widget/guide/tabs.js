// The tabs of one browser: a guide is shown in one of them.

// How long a lock takes when nobody has it, and a write to get to another tab, at most; milliseconds.
const HELD = 300;

/**
 * Runs `show` when no other tab of this browser shows a guide to this person; with `now` the other tab
 * gives way. `lost` hears that another tab took over. Gives the function that lets go.
 */
export function alone(name, now, show, lost) {
  let free;
  let began = false;
  const held = new Promise((resolve) => (free = resolve));
  const stop = new AbortController();
  const options = now ? { steal: true } : { signal: stop.signal };
  const asked = Date.now();
  const begin = () => stop.signal.aborted || show();
  // A tab that nobody sees leaves it to the one that loads its next page.
  const seen = async () => {
    while (!now && document.hidden)
      await new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true, signal: stop.signal }));
  };
  const take = async () => {
    await seen();
    if (!stop.signal.aborted) await navigator.locks.request('tabiji:' + name, options, run);
  };
  const run = () => {
    if (!now && document.hidden) return void take().catch(without);
    began = true;
    // What the other tab remembered last may come later than its lock.
    Date.now() - asked < HELD ? begin() : setTimeout(begin, HELD);
    return held;
  };
  // Where a browser has no locks, or gives none to this page, there is nobody to share with.
  const without = () => stop.signal.aborted || (began ? lost() : run());
  take().catch(without);
  return () => {
    stop.abort();
    free();
  };
}
