// Texts in the person's language: each has a build of its own, which puts in WORDS.
export const words = WORDS;

/** Puts values in the place of `{name}`. */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');

/** Seconds as `1:05`. */
export const clock = (seconds) => Math.floor(seconds / 60) + ':' + String(Math.floor(seconds % 60)).padStart(2, '0');
