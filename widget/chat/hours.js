// When somebody answers, in words and in the reader's own time zone.
import { fill, words } from '../shared/words.js';

// A page may call its language anything.
const tag = (page) => [page.locale.replace(/_/g, '-')].filter((tag) => /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(tag));
const isToday = (at) => new Date(at).toDateString() == new Date().toDateString();

/** Farther ahead nobody needs to know when somebody goes, in milliseconds. */
const DAY = 24 * 60 * 60 * 1000;

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
  const now = Date.now() + (page.skew ?? 0);
  const { at } = moments(page);
  if (hours.until > now) {
    if (hours.answers) return fill(words.answers, { n: hours.answers });
    return hours.until - now < DAY ? fill(words.there, { time: at(hours.until) }) : words.here;
  }
  return hours.opens > now ? fill(words.away, { time: at(hours.opens) }) : '';
};
