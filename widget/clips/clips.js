// How-to clips: one beside the step that it helps with, and the library with all of them. Loaded when
// a person wants to watch. The build puts in CLIPS_CSS.
import { button, show } from '../shared/card.js';
import { dressOnce, make } from '../shared/dom.js';
import { isDone, steps } from '../shared/flow.js';
import { words } from '../shared/i18n.js';
import { films, forget } from './videos.js';
import { player } from './player.js';
import { shelf } from './library.js';

/** Shows the clip of a step; the shelf when there is no step. */
export const open = (page, step) => {
  dressOnce(page, CLIPS_CSS);
  return step?.video ? watch(page, step.video, step) : all(page);
};

const title = (page, clip) => page.flow?.clip?.find(({ id }) => id == clip)?.title ?? clip;

// A card that says what it waits for, and tries again.
const when = async (page, name, ready) => {
  let end;
  const card = show(page, { title: name, left: () => end?.() }, make('p', { class: 'hint', role: 'status' }, words.loading));
  try {
    const found = await films(page);
    if (card.isOpen()) end = ready(card, found);
  } catch (error) {
    console.warn('[tabiji] ' + error);
    const again = button('action', words.retry, () => when(page, name, ready));
    card.turn(words.failed, make('p', { class: 'hint' }, words.failed), make('div', { class: 'actions' }, again));
  }
};

const watch = (page, { clip, from = 0 }, its) =>
  when(page, title(page, clip), (card, { films, watched }) => {
    const film = films[clip];
    if (!film) {
      forget();
      throw new Error('no clip ' + clip);
    }
    const helped = steps(page).filter(({ video }) => video?.clip == clip);
    const step = its ?? helped.find(({ id }) => !isDone(page, id)) ?? helped[0];
    return player(page, card, film, watched, { from, step, shelf: () => all(page) });
  });

const all = (page) =>
  when(page, words.shelf, (card, known) => {
    const shown = (page.flow?.clip ?? []).filter(({ id }) => known.films[id]);
    shelf(page, card, shown, known, (clip, from) => watch(page, { clip, from }));
  });
