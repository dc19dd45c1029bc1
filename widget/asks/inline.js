// `<tabiji-checklist>`: a place in the host's own page where the checklist stands instead of floating.

export const inline = (page) => {
  const { host, root } = page;
  const home = host.parentNode;
  const floats = host.popover;
  let within;

  const places = document.getElementsByTagName('tabiji-checklist');
  const settle = () => {
    const place = [...places].find((one) => one.checkVisibility());
    if (place == within) return open();
    if (!home.isConnected && !place) return;
    within = place;
    if (floats && host.isConnected && host.matches(':popover-open')) host.hidePopover();
    host.toggleAttribute('data-inline', !!place);
    if (floats) host.popover = place ? null : 'manual';
    (place ?? home).append(host);
    if (floats && !place) host.showPopover();
    open();
  };
  // The panel stands where it was put: there is nothing to close.
  const open = () => within && !root.querySelector('.panel:not(.asks)') && page.call('open', ['inline']);

  // Looks once a frame at most, whatever the page does.
  let due;
  const tree = new MutationObserver(() => {
    if (places.length || within) due ??= requestAnimationFrame(() => {
      due = undefined;
      settle();
    });
  });
  tree.observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ['hidden', 'class', 'style'] });
  settle();
  return {
    settle,
    end() {
      tree.disconnect();
      cancelAnimationFrame(due);
    },
  };
};
