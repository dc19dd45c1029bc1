// Notices when somebody struggles with a step on the page where it is done, and offers help. What they
// do is judged here and stays here: only the name of the signal leaves, once for each step and day.
import { button, isOver, show, shut } from './card.js';
import { make } from '../shared/dom.js';
import { isDone, steps } from '../shared/plan.js';
import { fill } from '../shared/words.js';
import { remember } from '../src/browser.js';

const DAY = 24 * 60 * 60 * 1000;
/** Presses of one spot, within milliseconds and pixels, after which nothing in the page changes. */
const RAGE = { presses: 4, within: 1500, apart: 24 };
/** Refused attempts to send a form; the fields refused within `apart` are one attempt. Milliseconds. */
const REFUSALS = { attempts: 3, apart: 500, within: 120_000 };
/** Comings back to the step's page. */
const RETURNS = { times: 3, within: 120_000 };
/** A step that takes so many times its usual minutes while somebody is looking. */
const DWELL = 3;
const LOOK = 5_000;
/** Offers in one visit. */
const MOST = 2;

export const struggle = (page, signal) => {
  const { words } = page;
  let offers = 0;
  let presses = [];
  let refusals = [];
  let returns = [];
  let dwelt = 0;
  let sent = -REFUSALS.apart; // when a form was last sent
  let on = location.pathname;

  const key = (id) => 'tabiji:helped:' + page.owner + ':' + id;
  const wasHelped = (id) => {
    try {
      return Number(localStorage.getItem(key(id))) > Date.now() - DAY;
    } catch {
      return offers > 0;
    }
  };
  const isHere = (link) => {
    try {
      const url = new URL(link, document.baseURI);
      return url.origin == location.origin && url.pathname == location.pathname;
    } catch {
      return false;
    }
  };
  // The step that is done on this page, if it can be done now.
  const atHand = () =>
    steps(page).find(({ id, link, after = [] }) => link && !isDone(page, id) && after.every((first) => isDone(page, first)) && isHere(link));

  const notice = (name) => {
    presses = [];
    refusals = [];
    returns = [];
    dwelt = 0;
    const step = atHand();
    const busy = page.asked || page.guiding() || isOver(page);
    if (!step || busy || offers >= MOST || wasHelped(step.id)) return;
    offers++;
    remember(key(step.id), Date.now());
    page.tell('struggle.noticed', step.id, { signal: name });
    const guide = step.guide && button('action', words.struggle_show, () => (shut(page), page.show(step.id)));
    const watch = step.video && button(guide ? 'plain' : 'action', words.struggle_watch, () => (shut(page), page.ask('clip', step.id)));
    const { contact } = page.plan;
    const ask = contact && make('a', { class: guide || watch ? 'plain' : 'action', part: 'action', href: contact }, words.struggle_ask);
    // Nothing to offer is no help.
    if (!guide && !watch && !ask) return;
    show(
      page,
      { title: words.struggle, quiet: true },
      make('p', {}, fill(words.struggle_text, { step: step.title })),
      make('div', { class: 'actions' }, guide, watch, ask, button('quiet', words.struggle_no, () => shut(page, true))),
    );
  };

  // Something happened after all: a counter that goes up, a month that turns.
  const tree = new MutationObserver(() => (presses = []));
  let watching;
  const pressed = (event) => {
    // Neither the widget's own controls nor what keys and scripts press.
    if (!event.isTrusted || !event.detail || event.composedPath().includes(page.host)) return;
    const { clientX: x, clientY: y, timeStamp: at, target } = event;
    if (target.closest?.('[type=submit], button:not([type])')) sent = at;
    const near = (one) => at - one.at < RAGE.within && Math.hypot(one.x - x, one.y - y) < RAGE.apart;
    presses = [...presses.filter(near), { x, y, at }];
    tree.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    clearTimeout(watching);
    watching = setTimeout(() => tree.disconnect(), RAGE.within);
    // In a field, many presses select a text.
    const types = target.closest?.('input, textarea, select, [contenteditable]');
    if (!types && presses.length >= RAGE.presses) notice('rage');
  };
  const typed = (event) => event.isTrusted && event.key == 'Enter' && !event.isComposing && (sent = event.timeStamp);
  const refused = ({ timeStamp: at }) => {
    // A page may ask its fields at any time; only an attempt to send counts, and once.
    if (at - sent > REFUSALS.apart || at - (refusals.at(-1) ?? -REFUSALS.apart) < REFUSALS.apart) return;
    refusals = [...refusals.filter((one) => at - one < REFUSALS.within), at];
    if (refusals.length >= REFUSALS.attempts) notice('errors');
  };
  const watch = () => {
    const now = performance.now();
    const step = atHand();
    if (location.pathname != on) {
      on = location.pathname;
      dwelt = 0;
      if (step) returns = [...returns.filter((at) => now - at < RETURNS.within), now];
      if (returns.length >= RETURNS.times) return notice('back_and_forth');
    }
    if (!step || document.hidden) return;
    dwelt += LOOK;
    if (dwelt > step.minutes * DWELL * 60_000) notice('dwell');
  };
  const options = { capture: true, passive: true, signal };
  addEventListener('click', pressed, options);
  addEventListener('keydown', typed, options);
  addEventListener('invalid', refused, options);
  const timer = setInterval(watch, LOOK);
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    clearTimeout(watching);
    tree.disconnect();
  });
  return {
    forget() {
      offers = dwelt = 0;
      presses = [];
      refusals = [];
      returns = [];
    },
  };
};
