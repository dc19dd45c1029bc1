// `<tabiji-checklist>`: a place in the host's own page where the checklist stands instead of floating.

/** Moves within a time, in milliseconds, after which a page that takes the checklist out again is let. */
const PATIENCE = { moves: 8, within: 5_000 };

export const inline = (page, signal) => {
  const { host, root } = page;
  const floats = host.popover;
  const places = document.getElementsByTagName('tabiji-checklist');
  let home = host.parentNode;
  let within;
  let moves = [];
  let waiting;

  const put = (place) => {
    const active = root.activeElement;
    if (floats && host.isConnected && host.matches(':popover-open')) host.hidePopover();
    host.toggleAttribute('data-inline', !!place);
    if (floats) host.popover = place ? null : 'manual';
    if (!home?.isConnected) home = document.body;
    (place ?? home).append(host);
    if (floats && !place) host.showPopover();
    active?.focus({ preventScroll: true });
  };
  const settle = () => {
    // A page that was written anew has a widget of its own.
    if (signal.aborted || (!within && !host.isConnected) || (document.getElementById(host.id) ?? host) != host) return;
    // Without a parent somebody took it out. When that was its end, that is known in a moment.
    if (!host.parentNode && !waiting) {
      waiting = setTimeout(settle);
      return;
    }
    waiting = undefined;
    const now = performance.now();
    moves = moves.filter((at) => now - at < PATIENCE.within);
    const place = moves.length < PATIENCE.moves ? [...places].find((one) => one.checkVisibility()) : undefined;
    if (place != within || (within && host.parentNode != within)) {
      moves.push(now);
      within = place;
      put(place);
    }
    open();
  };
  // The panel stands where it was put: there is nothing to close.
  const open = () => within && !root.querySelector('.panel:not(.asks)') && page.call('open', ['inline']);
  const escape = (event) => within && !page.asked && event.key == 'Escape' && event.stopPropagation();
  root.addEventListener('keydown', escape, { capture: true, signal });

  // Looks once a frame at most, and at what hides only where there is something to hide.
  let due;
  const watch = () => {
    const attributeFilter = places.length ? ['hidden', 'class', 'style', 'open'] : undefined;
    tree.observe(document.documentElement, { childList: true, subtree: true, ...(attributeFilter && { attributeFilter }) });
  };
  const tree = new MutationObserver(() => {
    if (!places.length && !within) return;
    due ??= requestAnimationFrame(() => {
      due = undefined;
      watch();
      settle();
    });
  });
  watch();
  settle();
  signal.addEventListener('abort', () => {
    tree.disconnect();
    cancelAnimationFrame(due);
    // What comes in its place, if anything does, floats.
    if (within && host.isConnected) put();
  });
  return { settle };
};
