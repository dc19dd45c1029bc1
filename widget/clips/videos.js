// What the collector knows of the site's clips: asked once for a while, since addresses are good for hours.
import { ask } from '../shared/collector.js';

/** How long an answer is used, in milliseconds: less than its addresses are good for. */
const FRESH = 60 * 60 * 1000;

let known;

/** `{ films, watched }` by clip id, for whoever is there now; what failed is asked again the next time. */
export const films = (page) => {
  if (known?.owner != page.owner || Date.now() - known.at > FRESH) {
    const mine = (known = { owner: page.owner, at: Date.now() });
    mine.answer = ask(page, 'v1/clips').then(({ films, watched }) => ({
      films: Object.fromEntries(films.map((film) => [film.clip, film])),
      watched,
    }));
    mine.answer.catch(() => known == mine && (known = undefined));
  }
  return known.answer;
};

/** What is known is too old, or not all there is. */
export const forget = () => (known = undefined);

/** The script in the person's language, else the first there is. */
export const script = (page, film) => {
  const [tongue] = page.locale.toLowerCase().split('-');
  const of = (lang) => film.scripts?.find((script) => script.lang.toLowerCase().split('-')[0] == lang);
  return of(tongue) ?? of(page.flow?.default_locale) ?? film.scripts?.[0];
};
