// Joins the loader to the module that wasm-bindgen made; the build bundles both into one file.
import init, { Widget, warm } from '../pkg/tabiji_widget.js';
import { dress } from '../shared/dom.js';
import { asks } from './asks.js';
import { guides } from './guides.js';

// Lets the page have the main thread between two steps, so that none is a long task.
const pause = () => new Promise((done) => setTimeout(done));

// Above whatever z-index the page has, unless it has a place for the widget or keeps it down.
const rise = ({ host, container, layer }) => {
  if (container || layer == 'page' || !host.showPopover) return;
  host.popover = 'manual';
  host.showPopover();
};

export const start = async (page) => {
  const [, css] = await Promise.all([init({ module_or_path: page.wasm }), page.css]);
  await pause();
  warm();
  await pause();
  dress(page.root, css);
  await pause();
  guides(page);
  page.actions = {};
  page.turned = () => {};
  const widget = new Widget(page);
  await pause();
  asks(page, widget);
  widget.mount();
  rise(page);
  await pause();
  const { destroy } = widget;
  widget.destroy = () => {
    page.leave();
    destroy.call(widget);
  };
  return widget;
};
