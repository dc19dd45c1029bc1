// Times in words, and words as they are searched.
import { fill, words } from '../shared/words.js';

/**
 * Letters as people mean them: width, case and spaces apart. Japanese has no spaces between words, so a
 * search looks for the letters themselves.
 */
export const plain = (text) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

/** "1 min 5 s", as it is read aloud. */
export const spoken = (seconds) => fill(seconds < 60 ? words.seconds : words.minutes, { m: Math.floor(seconds / 60), s: Math.floor(seconds % 60) });
