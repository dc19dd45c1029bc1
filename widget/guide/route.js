// Where the person is, where a stop is, and which stops need nothing any more.

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

/** Whether the person is where a stop is. */
export const isAt = ({ page }) => !page || fits(page);

/** Whether what a stop waits for is so already, by the page's address or the facts as the collector knows them. */
export const holds = ({ wait, to, fact, at_least }, facts) => {
  if (wait == 'navigation') return !!to && fits(to);
  const value = facts?.[fact];
  return wait == 'fact' && (at_least === undefined ? !!value : typeof value == 'number' && value >= at_least);
};

/** Where a stop's page is, when that can be told; `link` is the step's own. */
export const address = ({ page }, link) => {
  if (page && link && fits(page, link.split(/[?#]/)[0])) return link;
  return page?.includes('*') ? undefined : page;
};
