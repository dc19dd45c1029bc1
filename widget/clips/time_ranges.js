// What was watched, as a union of stretches in seconds: never where the clip stands, always what was played.

/** Parts of a clip after which a quarter, a half, three quarters and all of it were watched. */
const MARKS = [25, 50, 75, 95];
/** Stretches that one report names at most. */
const MOST = 50;

/** The union of stretches `[from, to]`, in order and apart. */
export const union = (stretches) => {
  const all = [];
  for (const [from, to] of stretches.toSorted((a, b) => a[0] - b[0])) {
    const last = all.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else if (to > from) all.push([from, to]);
  }
  return all;
};

/** Reads `0-12,40-55`. */
export const read = (text) => (text ? text.split(',').map((part) => part.split('-').map(Number)) : []);

/** Writes stretches in whole seconds, as the collector reads them; the longest when there are too many. */
export const write = (stretches) => {
  const whole = union(stretches.map(([from, to]) => [Math.round(from), Math.round(to)]));
  const kept = whole.length > MOST ? whole.toSorted((a, b) => b[1] - b[0] - (a[1] - a[0])).slice(0, MOST) : whole;
  return union(kept)
    .map((part) => part.join('-'))
    .join();
};

/** How much of a clip of so many seconds was watched, in per cent. */
export const percent = (stretches, seconds) => (union(stretches).reduce((sum, [from, to]) => sum + to - from, 0) * 100) / seconds;

/** The marks that are passed with `now` and were not with `before`. */
export const passed = (before, now, seconds) => {
  const [from, to] = [percent(before, seconds), percent(now, seconds)];
  return MARKS.filter((mark) => from < mark && to >= mark);
};
