// The library: every clip with its length and how much of it was watched, found by title and transcript.
import { make } from '../shared/dom.js';
import { clock, fill, words } from '../shared/i18n.js';
import { script } from './videos.js';
import { percent, read } from './time_ranges.js';
import { lines } from './transcript.js';
import { plain } from '../shared/search.js';

/** Places in one clip that a search shows. */
const PLACES = 3;

/** Shows the clips `[{ id, title }]`; `watch` hears which one to play, and from where. */
export const shelf = (page, card, clips, { films, watched }, watch) => {
  const list = make('ol', { class: 'shelf' });
  const said = make('p', { class: 'hint', role: 'status' });
  const find = make('input', { type: 'search', 'aria-label': words.shelf_search, placeholder: words.shelf_search });
  const row = ({ id, title }, places = []) => {
    const film = films[id];
    const part = Math.min(100, Math.round(percent(read(watched[id]?.seen), film.seconds)));
    const state = part >= 95 ? words.done : part > 0 ? fill(words.watched, { n: part }) : '';
    const poster = film.poster
      ? make('img', { src: page.base + film.poster, alt: '', loading: 'lazy', width: 96, height: 54 })
      : make('i', { class: 'blank' });
    return make(
      'li',
      {},
      make(
        'button',
        { class: 'film', part: 'row', type: 'button', onclick: () => watch(id, 0) },
        poster,
        make('span', {}, title, make('small', {}, [clock(film.seconds), state].filter(Boolean).join('・'))),
      ),
      places.length > 0 && lines(places, (from) => watch(id, from)),
    );
  };
  const look = () => {
    const wanted = plain(find.value);
    const found = clips.flatMap((clip) => {
      if (!wanted) return [row(clip)];
      const cues = script(page, films[clip.id])?.cues ?? [];
      const places = cues.filter(({ text }) => plain(text).includes(wanted)).slice(0, PLACES);
      return places.length || plain(clip.title).includes(wanted) ? [row(clip, places)] : [];
    });
    list.replaceChildren(...found);
    said.textContent = !clips.length
      ? words.empty
      : !found.length
        ? words.none
        : wanted
          ? fill(words.found, { n: found.length })
          : '';
  };
  find.addEventListener('input', look);
  look();
  card.turn('', clips.length > 0 && find, said, list);
  // Nobody asked for a keyboard on the screen.
  if (matchMedia('(pointer: coarse)').matches) page.root.querySelector('#asks-title').focus({ preventScroll: true });
};
