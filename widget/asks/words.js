// Texts in the person's language.
import en from './locales/en.json';
import ja from './locales/ja.json';

export const wordsFor = (locale) => (/^ja/.test(locale) ? ja : en);

/** Puts values in the place of `{name}`. */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
