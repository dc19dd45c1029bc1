// When somebody answers, in words and in the reader's own time zone.
import { fill, words } from '../shared/words.js';

// A page may call its language anything.
const tag = (page) => {
  try {
    return Intl.getCanonicalLocales(page.locale.replace(/_/g, '-'));
  } catch {
    return [];
  }
};
const isToday = (at) => new Date(at).toDateString() == new Date().toDateString();

/** Farther ahead nobody needs to know when somebody goes, in milliseconds. */
const DAY = 24 * 60 * 60 * 1000;

/** From here on minutes are said in hours. */
const HOURS = 120;

/** The collector's clock. */
export const instant = (page) => Date.now() + (page.skew ?? 0);

/** In how many milliseconds what is promised changes; nothing when it does not in the next day. */
export const changes = (page, hours) => {
  const next = Math.min(...[hours?.until, hours?.opens, hours?.call_by].map((at) => at - instant(page)).filter((left) => left > 0));
  return next < DAY ? next : undefined;
};

/** How moments are written: `time` within a day, `at` with the day unless it is today. */
export const moments = (page) => {
  const time = new Intl.DateTimeFormat(tag(page), { hour: 'numeric', minute: '2-digit' });
  const day = new Intl.DateTimeFormat(tag(page), { month: 'long', day: 'numeric', weekday: 'short' });
  return {
    time: (at) => time.format(at),
    at: (at) => (isToday(at) ? '' : day.format(at) + ' ') + time.format(at),
    span: ([from, to]) => (isToday(from) ? words.today : day.format(from)) + ' ' + time.format(from) + '–' + time.format(to),
  };
};

/** What to expect of an answer now, by the collector's clock; nothing where no hours are published. */
export const promise = (page, hours) => {
  if (!hours) return '';
  const now = instant(page);
  const { at } = moments(page);
  if (hours.until > now) {
    if (hours.answers) return hours.answers < HOURS ? fill(words.answers, { n: hours.answers }) : fill(words.answers_hours, { n: Math.ceil(hours.answers / 60) });
    return hours.until - now < DAY ? fill(words.there, { time: at(hours.until) }) : words.here;
  }
  return hours.opens > now ? fill(words.away, { time: at(hours.opens) }) : '';
};
