// Between what a person did and what the host's backend vouches for: "checking…", then the truth.
import { show, shut } from './card.js';
import { make } from '../shared/dom.js';
import { isDone } from '../shared/plan.js';

/** How long the backend may take before more is said, in milliseconds. */
const PATIENCE = 15_000;
/** How long good news stays. */
const STAYS = 2_500;

// Whether a fact of the backend decides, and nothing that a person must say.
const isVerified = (step) => /"fact"/.test(JSON.stringify(step.done)) && !/"confirmed"/.test(JSON.stringify(step.done));

/** Says in `state` what is known of a step until it is known; `sure` hears that it is done. */
export const vouched = (page, step, state, sure) => {
  const { words } = page;
  let late = false;
  const look = () => {
    if (!state.isConnected) return stop();
    const done = isDone(page, step.id);
    const text = done ? words.verified : late ? words.not_yet : words.checking;
    if (state.textContent != text) state.textContent = text;
    if (done) sure?.();
  };
  const patience = setTimeout(() => ((late = true), look()), PATIENCE);
  const stop = () => {
    clearTimeout(patience);
    if (page.moved == look) page.moved = undefined;
  };
  page.moved = look;
  look();
  return stop;
};

/** After a guide: the step is done when the backend says so, not when the last control was pressed. */
export const check = (page, step) => {
  if (!isVerified(step) || isDone(page, step.id) || page.asked) return;
  const state = make('p', { class: 'hint', role: 'status' });
  let stop;
  let leaving;
  const gone = () => {
    stop?.();
    clearTimeout(leaving);
  };
  show(page, { title: step.title, quiet: true, left: gone }, state);
  stop = vouched(page, step, state, () => (leaving ??= setTimeout(() => shut(page), STAYS)));
};
