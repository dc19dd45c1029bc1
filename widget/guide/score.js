// Which control is meant: several signals for each candidate, and a floor under which none is taken.

/** How far each signal is to be trusted: made for this, made for tests, what people read, where it stands. */
const TRUST = { hook: 1, test_id: 0.9, role: 0.2, name: 0.6, label: 0.6, css: 0.4 };

/**
 * The least share of what was declared that must agree. With hook, role and name declared, role and name
 * are enough (0.44) when a redesign dropped the hook, and a selector beside them is not (0.18).
 */
const FLOOR = 0.35;
/** How much better than the next the best must be. */
const CLEAR = 0.05;

/** The signals that a target declares, as a report names them. */
export const declared = (target) => Object.keys(TRUST).filter((name) => target[name]);

/**
 * Chooses among candidates, each the list of the signals that it agrees with: `{ at, whole }`, its number
 * and whether it agrees with everything that was declared. Nothing when none is good enough, or when two
 * are equally good.
 */
export const judge = (target, candidates) => {
  const names = declared(target);
  const weigh = (agreed) => names.reduce((sum, name) => sum + (agreed.includes(name) ? TRUST[name] : 0), 0);
  const scores = candidates.map((agreed) => weigh(agreed) / weigh(names));
  const best = Math.max(...scores);
  const at = scores.indexOf(best);
  const second = Math.max(0, ...scores.filter((_, other) => other != at));
  if (!(best >= FLOOR && best - second >= CLEAR)) return;
  return { at, whole: names.every((name) => candidates[at].includes(name)) };
};
