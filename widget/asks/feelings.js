// How it feels, asked once at a stage's end: five faces, or the scale of another question; a press
// answers, a comment may follow. It never takes the focus and never asks twice.
import { button, field, isOver, show, shut } from './card.js';
import { make } from '../shared/dom.js';
import { fill } from '../shared/words.js';
import { recall, remember as keep } from '../src/browser.js';

const DAY = 24 * 60 * 60 * 1000;
/** A moment to enjoy that something is done, in milliseconds. */
const PAUSE = 1200;
const BOUNDS = { mood: [1, 5], ces: [1, 7], nps: [0, 10] };
// Mouths from sad to glad, as curves.
const MOUTHS = ['M8 17q4-5 8 0', 'M8 16.5q4-2.5 8 0', 'M8 16h8', 'M8 15q4 3 8 0', 'M7.5 14.5q4.5 6 9 0'];

const face = (at) =>
  make(
    'svg',
    { viewBox: '0 0 24 24', 'aria-hidden': true },
    make('circle', { cx: 12, cy: 12, r: 10 }),
    make('circle', { class: 'eye', cx: 9, cy: 10, r: 1.25 }),
    make('circle', { class: 'eye', cx: 15, cy: 10, r: 1.25 }),
    make('path', { d: MOUTHS[at] }),
  );

export const feelings = (page) => {
  let waiting;
  let asked; // one question a visit is enough
  const key = () => 'tabiji:asked:' + page.owner;
  const here = () => {
    try {
      return [JSON.parse(recall(key()) ?? '[]')].flat();
    } catch {
      return [];
    }
  };
  const remember = (id) => {
    page.answered = [...(page.answered ?? []), id];
    // Where storage is refused `answered` has to do until the page goes.
    keep(key(), JSON.stringify([...here(), id]));
  };

  // The first question of a stage that was finished within a day and that this person was not asked.
  const next = () => {
    const known = [...(page.answered ?? []), ...here()];
    const since = Date.now() - DAY;
    for (const stage of page.plan?.stage ?? []) {
      const must = stage.step.filter((step) => step.need != 'can-wait').map((step) => page.progress.steps[step.id]);
      const done = must.length && must.every((step) => step?.status == 'done');
      if (!done || !must.some((step) => step.done_at > since)) continue;
      const all = [{ id: 'mood-' + stage.id, scale: 'mood' }, ...(stage.ask ?? [])];
      const question = all.find(({ id }) => !known.includes(id));
      if (question) return { stage, ...question };
    }
  };

  const ask = ({ stage, id, scale, text }) => {
    const { words } = page;
    asked = true;
    // Shown is asked: it comes back on no other page and in no other tab.
    remember(id);
    const title = text ?? fill(words[scale], { stage: stage.title });
    const told = { question: id, scale, stage: stage.id };
    const comment = make('textarea', { rows: 3, maxlength: 1000 });
    let score;
    // What was written is kept, however the card goes; no answer is an answer only when they say so.
    const gone = (person) => {
      const said = comment.value.trim();
      if (score !== undefined && said) page.tell('survey.answered', '', { ...told, score, comment: said });
      if (score === undefined && person) page.tell('survey.answered', '', told);
    };
    const [low, high] = BOUNDS[scale];
    const answers = [];
    for (let at = low; at <= high; at++) {
      const press = () => {
        score = at;
        page.tell('survey.answered', '', { ...told, score });
        thank();
      };
      const label = scale == 'mood' ? words.faces[at - 1] : at;
      const inner = scale == 'mood' ? [face(at - 1), make('span', {}, label)] : [String(at)];
      answers.push(make('button', { type: 'button', part: 'answer', onclick: press }, ...inner));
    }
    const ends = scale != 'mood' && make('p', { class: 'ends' }, make('span', {}, words[scale + '_low']), make('span', {}, words[scale + '_high']));
    const group = make('div', { class: 'answers ' + scale, role: 'group', 'aria-labelledby': 'asks-title' }, ...answers);
    const card = show(page, { title, quiet: true, gone }, group, ends, make('div', { class: 'actions' }, button('quiet', words.no_answer, () => shut(page, true))));
    const thank = () =>
      card.turn(
        words.thanks,
        make('p', {}, words.thanks),
        field(words.comment, comment),
        make('div', { class: 'actions' }, button('action', words.send, () => shut(page, true)), button('quiet', words.close, () => shut(page, true))),
      );
  };

  // Nothing else is going on: no panel, no card, no guide.
  const free = () => !document.hidden && page.root.host.isConnected && !page.asked && !page.guiding() && !isOver(page);
  return {
    /** Asks after a moment, when there is something to ask and nothing in the way. */
    look() {
      if (asked || waiting || !next()) return;
      waiting = setTimeout(() => {
        waiting = undefined;
        const question = next();
        if (question && free()) ask(question);
      }, PAUSE);
    },
    forget() {
      clearTimeout(waiting);
      waiting = asked = undefined;
    },
  };
};
