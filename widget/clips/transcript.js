// What is said, to read, search and copy, and the chapters: each line leads to its moment.
import { button } from '../asks/card.js';
import { make } from '../shared/dom.js';
import { fill, words } from '../shared/words.js';
import { clock } from './words.js';

const part = (title, open, ...inner) => make('details', { class: 'part', open }, make('summary', {}, title), ...inner);

/** Chapters and transcript of a script; `seek` hears where a press leads. Gives `{ parts, move }`: `move` marks the line of a moment. */
export const transcript = ({ cues = [], chapters = [] } = {}, seek) => {
  const line = ({ from, text }) => make('button', { class: 'line', type: 'button', onclick: () => seek(from) }, make('small', {}, clock(from)), text.replace(/\n/g, ' '));
  const list = (all) => make('ol', { class: 'lines' }, ...all.map((cue) => make('li', {}, line(cue))));
  const lines = list(cues);
  const heads = list(chapters);
  const said = make('small', { role: 'status' });
  const find = make('input', { type: 'search', 'aria-label': words.search, placeholder: words.search });
  find.addEventListener('input', () => {
    const wanted = find.value.normalize('NFKC').toLowerCase().trim();
    let found = 0;
    cues.forEach(({ text }, n) => {
      const fits = text.normalize('NFKC').toLowerCase().replace(/\n/g, ' ').includes(wanted);
      lines.children[n].hidden = !fits;
      found += fits;
    });
    said.textContent = wanted ? fill(words.found, { n: found }) : '';
  });
  const copy = button('quiet', words.copy, async () => {
    await navigator.clipboard.writeText(cues.map(({ from, text }) => clock(from) + ' ' + text.replace(/\n/g, ' ')).join('\n')).catch(() => {});
    said.textContent = words.copied;
  });
  const mark = (all, element, at) => {
    const now = all.findLastIndex(({ from }) => from <= at);
    [...element.children].forEach((child, n) => child.firstChild.toggleAttribute('aria-current', n == now));
  };
  return {
    parts: [
      chapters.length > 0 && part(words.chapters, true, heads),
      cues.length > 0 && part(words.transcript, false, make('div', { class: 'find' }, find, copy, said), lines),
    ],
    move(at) {
      mark(chapters, heads, at);
      mark(cues, lines, at);
    },
  };
};
