// What the widget has of its questions before one is asked: the actions that the page declared, and the
// way to the module that asks. The build puts in ASKS_JS.

export const asks = (page, widget) => {
  let asking;
  let ended;
  const bring = () =>
    (asking ??= import(page.base + 'assets/' + ASKS_JS).then(
      ({ attach }) => attach(page),
      // What failed once may work the next time.
      (error) => ((asking = undefined), Promise.reject(error)),
    ));
  const tell = (what, ...rest) => asking?.then((asks) => asks[what](...rest)).catch(() => {});

  page.ask = (kind, step) => {
    bring()
      .then((asks) => ended || asks.ask(kind, step))
      .catch((error) => {
        console.warn('[tabiji] cannot ask: ' + error);
        page.closed(true);
      });
  };
  const { heard, over, unguide, leave } = page;
  const idle = window.requestIdleCallback ?? setTimeout;
  page.heard = (reply) => {
    heard(reply);
    // The checklist comes first.
    idle(() => ended || bring().then((asks) => ended || asks.news(), () => {}));
  };
  page.over = (focused) => {
    over(focused);
    tell('news');
  };
  // Somebody else is there now.
  page.unguide = () => {
    unguide();
    tell('shut');
  };
  page.leave = () => {
    ended = true;
    leave();
    tell('end');
  };

  // A step that somebody was sent to.
  const url = new URL(location.href);
  const wanted = url.searchParams.get('tabiji-step');
  if (wanted) {
    url.searchParams.delete('tabiji-step');
    history.replaceState(history.state, '', url);
    widget.call('start', [wanted]);
  }
  // The panel was opened or closed: it is what the person wants to see now.
  page.turned = () => {
    tell('shut');
    tell('news');
  };
  const { call } = widget;
  widget.call = (method, args, settle) => {
    if (method == 'action') page.actions[args[0]] = args[1];
    else call.call(widget, method, args, settle);
  };
};
