// Times in words.
import { fill, words } from '../shared/i18n.js';

/** "1 min 5 s", as it is read aloud. */
export const spoken = (seconds) =>
  fill(seconds < 60 ? words.seconds : words.minutes, { m: Math.floor(seconds / 60), s: Math.floor(seconds % 60) });
