// Times in words.
import { fill, words } from '../shared/words.js';

/** `1:05`. */
export const clock = (seconds) => Math.floor(seconds / 60) + ':' + String(Math.floor(seconds % 60)).padStart(2, '0');

/** "1 min 5 s", as it is read aloud. */
export const spoken = (seconds) => fill(seconds < 60 ? words.seconds : words.minutes, { m: Math.floor(seconds / 60), s: Math.floor(seconds % 60) });
