// Where the person is, and whether that is where a stop is.

/** The page's address as stops see it: path and fragment. */
export const here = () => location.pathname + location.hash;

/**
 * Whether an address, else the page's, fits a pattern in which `*` stands for any run of characters. What
 * comes after `#` counts only where the pattern names it.
 */
export const fits = (pattern, address = here()) => {
  const path = pattern.includes('#') ? address : address.split('#')[0];
  const [first, ...others] = pattern.split('*');
  if (!others.length) return path == first;
  if (!path.startsWith(first)) return false;
  const last = others.pop();
  let at = first.length;
  for (const part of others) {
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return path.length >= at + last.length && path.endsWith(last);
};
