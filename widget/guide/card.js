// The card beside the control: what to do here, which stop this is, and the ways on.
import { make } from '../shared/dom.js';
import { fill, words } from '../shared/i18n.js';

/**
 * Makes a card. `face` is `stop` beside the control, `missing` when the control is not there, `away` when it
 * is on another page, whose `address` may be known. `wait` is what ends the stop, `n` of `m` which one it
 * is. `ask` hears what a button asks for: `next`, `back`, `skip`, `retry` or `close`.
 */
export const card = ({ face, title, text, wait, frame, n, m, back, blocking, address }, ask) => {
  const button = (kind, text, what) =>
    make('button', { class: kind, part: kind, type: 'button', onclick: () => ask(what) }, text);
  const skip = () => button('plain', words.skip, 'skip');
  const read = wait == 'read';
  const [heading, body, hint, ...actions] = {
    stop: () => [
      title,
      text,
      frame ? words.frame : words['wait_' + wait],
      back && button('plain', words.back, 'back'),
      read ? button('action', n == m ? words.finish : words.next, 'next') : skip(),
    ],
    missing: () => [words.missing_title, words.missing_text, undefined, skip(), button('action', words.retry, 'retry')],
    away: () => [
      words.away_title,
      words.away_text,
      undefined,
      address && make('a', { class: 'action', part: 'action', href: address }, words.away_go),
    ],
  }[face]();
  return make(
    'div',
    {
      class: 'stop',
      part: 'guide',
      role: 'dialog',
      tabindex: -1,
      'aria-labelledby': 'title',
      'aria-describedby': 'text',
      'aria-modal': blocking && 'true',
    },
    make(
      'div',
      { class: 'body' },
      make('p', { class: 'nth' }, m > 1 && fill(words.count, { n, m })),
      make('h2', { id: 'title' }, heading),
      make('p', { id: 'text' }, body),
      hint && make('p', { class: 'hint' }, hint),
      make('div', { class: 'actions' }, ...actions),
    ),
    make('button', { class: 'close', part: 'close', type: 'button', 'aria-label': words.close, onclick: () => ask('close') }),
  );
};
