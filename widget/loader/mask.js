// What is personal or secret never leaves the device: e-mail addresses, phone and card numbers, tokens, of full width, too.
// An identifier of the page's own (a UUID, a number of an order) stays. Repetitions have limits: no text is searched long.
const MAIL = /(?:[\w.+%Ａ-Ｚａ-ｚ０-９．-]{1,64}|[^\p{ASCII}\s]{1,64})[@＠](?:[\p{L}\p{N}-]{1,63}[.．])+[A-Za-zＡ-Ｚａ-ｚ]{2,63}/gu;
const KEY = /\beyJ[\w-]+\.[\w.-]+|\b(?:[srp]k|gh[opsu]|github_pat|glpat|xox\w|AKIA|AIza|Bearer)[\s_-]?[\w-]{12,}/g;
const NAMED = /((?:token|secret|passw|api_?key|signature)\w{0,32}["']?\s?[=:]\s?["']?)[^\s&#"',;]+/gi;
const LONG = /\b(?!\w{8}(?:-\w{4}){3}-\w{12}\b)(?=[\w-]{0,64}\d)(?=[\w-]{0,64}[a-z])[\w-]{32,}/gi;
const DIGITS = /[+＋(（]?[\d０-９](?:[ 　.()（）‐-―－ー-]{0,2}[\d０-９]){8,}/g;

// ISO/IEC 7812-1, annex B (Luhn): what a mistyped card number fails.
const isCard = (digits) =>
  /^[2-6]\d{12,18}$/.test(digits) &&
  [...digits].reverse().reduce((sum, digit, at) => sum + (at % 2 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][digit] : +digit), 0) % 10 == 0;

const isPhone = (text, digits) =>
  digits.length > 8 && digits.length < 16 && !/^\d+\.\d+$/.test(text) && /^([+(0]|\d{3}\D{1,2}\d{3}\D{1,2}\d{4}$)/.test(text);

const number = (found) => {
  const text = found.normalize('NFKC');
  const digits = text.replace(/\D/g, '');
  return isCard(digits) ? '[card]' : isPhone(text, digits) ? '[phone]' : found;
};

/** A text or a number; what is personal in it is replaced by what it was. */
export const mask = (value) => {
  if (typeof value == 'number') return value > 1e13 && isCard(String(value)) ? '[card]' : value;
  return value
    .replace(MAIL, '[mail]')
    .replace(KEY, '[token]')
    .replace(NAMED, '$1[token]')
    .replace(LONG, '[token]')
    .replace(DIGITS, number);
};
