// What is said, to read, search and copy, and the chapters: each line leads to its moment.
import { button } from '../shared/card.js';
import { make } from '../shared/dom.js';
import { clock, fill, words } from '../shared/i18n.js';
import { plain } from '../shared/search.js';

const part = (title, open, ...inner) => make('details', { class: 'part', open }, make('summary', {}, title), ...inner);

const flat = (text) => text.replace(/\n/g, ' ');

/** A list of cues, each a button; `seek` hears the second where a press leads. */
export const lines = (cues, seek) => {
  const line = ({ from, text }) =>
    make('button', { class: 'line', type: 'button', onclick: () => seek(from) }, make('small', {}, clock(from)), flat(text));
  return make('ol', { class: 'lines' }, ...cues.map((cue) => make('li', {}, line(cue))));
};

/** Chapters and transcript of a script; `seek` hears where a press leads. Gives `{ parts, move }`: `move` marks the line of a moment. */
export const transcript = ({ cues = [], chapters = [] } = {}, seek) => {
  const said = lines(cues, seek);
  const heads = lines(chapters, seek);
  const state = make('small', { role: 'status' });
  const find = make('input', { type: 'search', 'aria-label': words.search, placeholder: words.search });
  find.addEventListener('input', () => {
    const wanted = plain(find.value);
    let found = 0;
    cues.forEach(({ text }, n) => {
      const fits = plain(text).includes(wanted);
      said.children[n].hidden = !fits;
      found += fits;
    });
    state.textContent = wanted ? fill(words.found, { n: found }) : '';
  });
  const copy = button('quiet', words.copy, async () => {
    await navigator.clipboard.writeText(cues.map(({ from, text }) => clock(from) + ' ' + flat(text)).join('\n')).catch(() => {});
    state.textContent = words.copied;
  });
  const mark = (all, element, at) => {
    const now = all.findLastIndex(({ from }) => from <= at);
    [...element.children].forEach((child, n) => child.firstChild.toggleAttribute('aria-current', n == now));
  };
  return {
    parts: [
      chapters.length > 0 && part(words.chapters, true, heads),
      cues.length > 0 && part(words.transcript, false, make('div', { class: 'find' }, find, copy, state), said),
    ],
    move(at) {
      mark(chapters, heads, at);
      mark(cues, said, at);
    },
  };
};
