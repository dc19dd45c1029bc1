// Notices when somebody struggles with a step on the page where it is done, and offers help. What they
// do is judged here and stays here: only the name of the signal leaves, once for each step and day.
import { button, make, show, shut } from './card.js';
import { fill } from './words.js';

const DAY = 24 * 60 * 60 * 1000;
/** Presses of one spot within a time, in milliseconds, that look like anger. */
const RAGE = { presses: 4, within: 1500, apart: 24 };
/** Refused attempts at a form; fields refused within a moment are one attempt. */
const REFUSALS = { attempts: 3, apart: 500 };
/** Comings back to the step's page within a time, in milliseconds. */
const RETURNS = { times: 3, within: 120_000 };
/** A step that takes so many times its usual minutes while somebody is looking. */
const DWELL = 3;
const LOOK = 5_000;
/** Offers in one visit. */
const MOST = 2;

export const struggle = (page) => {
  const { words } = page;
  const ending = new AbortController();
  const { signal } = ending;
  let offers = 0;
  let presses = [];
  let refusals = [];
  let returns = [];
  let dwelt = 0;
  let on = location.pathname;

  const key = (id) => 'tabiji:helped:' + page.owner + ':' + id;
  const wasHelped = (id) => {
    try {
      return Number(localStorage.getItem(key(id))) > Date.now() - DAY;
    } catch {
      return offers > 0;
    }
  };
  const noteHelped = (id) => {
    try {
      localStorage.setItem(key(id), Date.now());
    } catch {
      // `offers` has to do.
    }
  };
  const path = (link) => new URL(link, location.href).pathname;
  const isOpen = (step) => page.progress?.steps[step.id]?.status != 'done';
  const atHand = () =>
    page.plan?.stage.flatMap((stage) => stage.step).find((step) => step.link && isOpen(step) && path(step.link) == location.pathname);
  const isOurs = (event) => event.composedPath().includes(page.host);

  const notice = (name) => {
    presses = [];
    refusals = [];
    returns = [];
    dwelt = 0;
    const step = atHand();
    const busy = page.asked || page.guiding() || page.root.querySelector('.panel');
    if (!step || busy || offers >= MOST || wasHelped(step.id)) return;
    offers++;
    noteHelped(step.id);
    page.tell('struggle.noticed', step.id, { signal: name });
    const guide = page.ways(step.id) & 1 ? button('action', words.struggle_show, () => (shut(page), page.show(step.id))) : undefined;
    const { contact } = page.plan;
    const ask = contact && make('a', { class: guide ? 'plain' : 'action', part: 'action', href: contact }, words.struggle_ask);
    show(
      page,
      { title: words.struggle, quiet: true },
      make('p', {}, fill(words.struggle_text, { step: step.title })),
      make('div', { class: 'actions' }, guide, ask, button('plain', words.struggle_no, () => shut(page))),
    );
  };

  const pressed = (event) => {
    if (isOurs(event)) return;
    const { clientX: x, clientY: y, timeStamp: at } = event;
    const near = (one) => at - one.at < RAGE.within && Math.hypot(one.x - x, one.y - y) < RAGE.apart;
    presses = [...presses.filter(near), { x, y, at }];
    // In a field, many presses select a text.
    const types = event.target.closest?.('input, textarea, select, [contenteditable]');
    if (!types && presses.length >= RAGE.presses) notice('rage');
  };
  const refused = ({ timeStamp: at }) => {
    if (at - (refusals.at(-1) ?? -REFUSALS.apart) >= REFUSALS.apart) refusals.push(at);
    if (refusals.length >= REFUSALS.attempts) notice('errors');
  };
  const watch = () => {
    const now = performance.now();
    if (location.pathname != on) {
      on = location.pathname;
      dwelt = 0;
      if (atHand()) returns = [...returns.filter((at) => now - at < RETURNS.within), now];
      if (returns.length >= RETURNS.times) notice('back_and_forth');
    }
    const step = atHand();
    if (!step || document.hidden) return;
    dwelt += LOOK;
    if (dwelt > step.minutes * DWELL * 60_000) notice('dwell');
  };
  addEventListener('click', pressed, { capture: true, passive: true, signal });
  addEventListener('invalid', refused, { capture: true, passive: true, signal });
  const timer = setInterval(watch, LOOK);
  return () => {
    ending.abort();
    clearInterval(timer);
  };
};
