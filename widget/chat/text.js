// What somebody wrote, as it is shown: plain text with links made safe. Never a word of HTML.
import { make } from '../shared/dom.js';

const LINK = /(https?:\/\/[^\s<>"'、。，）」]+|mailto:[^\s<>"'、。，）」]+)/;
// Characters that turn the direction of what follows, and so can show one address and lead to another.
const TURNS = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g;

const plain = (text) => text.replace(TURNS, (turn) => '[U+' + turn.codePointAt().toString(16).toUpperCase().padStart(4, '0') + ']');

/** Nodes for a text. */
export const nodes = (text) =>
  plain(text)
    .split(LINK)
    .map((part, n) => {
      if (n % 2 == 0) return part;
      // A dot at the end is the sentence's.
      const [, href, rest] = /^(.*?)([.,;:!?)\]]*)$/s.exec(part);
      const link = make('a', { href, target: '_blank', rel: 'noopener noreferrer nofollow' }, href);
      const span = make('span', {}, link, rest);
      return span;
    });
