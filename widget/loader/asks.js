// What the widget has of its questions before one is asked: the actions that the page declared, and the
// way to the module that asks, in the person's language, which takes over from here. The build puts in
// ASKS.
import { once } from './once.js';

const forget = () => {
  try {
    localStorage.removeItem('tabiji:device');
  } catch {}
};

export const asks = (page, widget) => {
  let ended;
  let wanted; // what was asked for while the module was on its way
  const bring = once(() => page.fetch(ASKS).then(({ attach }) => ended || attach(page)));

  page.ask = (...what) => {
    wanted = what;
    bring()
      .then(() => ended || (wanted && page.ask(...wanted)))
      .catch((error) => console.warn('[tabiji] cannot ask: ' + error));
  };
  // Opened or closed since: the person wants something else now.
  page.turned = () => (wanted = undefined);
  const { heard, leave } = page;
  page.heard = (reply) => {
    heard(reply);
    // The checklist comes first.
    (window.requestIdleCallback ?? setTimeout)(() => {
      if (!ended) bring().then(() => page.news()).catch(() => {});
    });
  };
  page.leave = () => {
    ended = true;
    leave();
    page.end?.();
  };

  // What the fetched parts tell the page of.
  const ears = {};
  page.emit = (name, detail) => ears[name]?.forEach((ear) => setTimeout(ear, 0, detail));
  const { call } = widget;
  page.call = (...what) => call.apply(widget, what);
  widget.call = (method, args, settle) => {
    if (/^o(n|ff)$/.test(method) && /^(chat|video)/.test(args[0])) (ears[args[0]] ??= new Set())[method == 'on' ? 'add' : 'delete'](args[1]);
    else if (method == 'action') page.actions[args[0]] = args[1];
    else if (method == 'open' && args[0] == 'chat') page.ask('chat');
    else {
      if (method == 'identify') page.renew = args[1]?.renew;
      // Whoever comes after somebody who signed out is somebody else.
      if (method == 'reset') forget();
      if (/^(open|close|start)$/.test(method)) page.shut?.();
      page.call(method, args, settle);
    }
  };
};
