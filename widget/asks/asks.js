// What the widget asks a person: when to go on, whom to ask, what to enter, how it feels. One card at a
// time, in the panel's place. Loaded when something is asked, or when the page has nothing else to do.
//
// `page` is what the widget gets from the loader; `heard` in widget/loader/guides.js puts in what the
// collector said last: `plan` (the flow), `progress`, `people`, `me` and `answered`. The build puts in
// ASKS_CSS.
import { colleague, sentTo } from './colleague.js';
import { feelings } from './feelings.js';
import { here } from './here.js';
import { inline } from './inline.js';
import { later } from './later.js';
import { bubble } from './bubble.js';
import { button, drop, show, shut } from './card.js';
import { spot } from './spot.js';
import { struggle } from './struggle.js';
import { check } from './vouch.js';
import { dress, make } from '../shared/dom.js';
import { steps } from '../shared/plan.js';
import { words } from '../shared/words.js';

// A part of the widget that is fetched when somebody wants it, and said so when it cannot come.
const part = (name) => (page, step) => {
  const { owner } = page;
  const wanted = () => page.owner == owner && page.host.isConnected;
  page
    .fetch(name)
    .then(({ open }) => wanted() && open(page, step))
    .catch((error) => {
      console.warn('[tabiji] ' + error);
      const again = button('action', words.retry, () => (shut(page), part(name)(page, step)));
      if (wanted()) show(page, { title: words.unfetched }, make('p', { class: 'hint' }, words.unfetched_hint), again);
    });
};
// The build puts in CLIPS and CHAT, the names of their modules less the language.
const KINDS = { later, colleague, here, check, clip: part(CLIPS), chat: part(CHAT) };

export const attach = (page) => {
  dress(page.root, ASKS_CSS);
  page.words = words;
  page.drafts = {};
  const ending = new AbortController();
  const feel = feelings(page);
  const help = struggle(page, ending.signal);
  const place = inline(page, ending.signal);
  page.spot = spot(page, ending.signal);
  const talk = bubble(page, CHAT, ending.signal);
  page.end = () => {
    ending.abort();
    page.hush?.();
    page.floats?.();
    feel.forget();
    page.drafts = {};
    drop(page);
  };

  const { over, unguide, tell } = page;
  page.ask = (kind, what) => {
    const step = what?.video ? what : steps(page).find(({ id }) => id == what);
    if (step || kind == 'chat') KINDS[kind](page, step);
  };
  // The collector said something, the panel closed or a guide is over: is there something to ask?
  page.news = () => {
    if (!page.plan) return;
    talk.look();
    page.moved?.();
    sentTo(page);
    page.spot.back();
    place.settle();
    feel.look();
  };
  page.over = (focused) => {
    over(focused);
    page.news();
  };
  page.tell = (kind, step, data) => {
    tell(kind, step, data);
    // The last control was pressed; whether the step is done is for the host's backend to say.
    if (kind == 'guide.ended' && data.reason == 'finished') page.ask('check', step);
  };
  page.shut = () => shut(page);
  // The panel was opened or closed: it is what the person wants to see now.
  page.turned = () => {
    shut(page);
    // When it is drawn.
    requestAnimationFrame(page.news);
  };
  // Somebody else is there: nothing of the last one stays, and nothing is said in their name.
  page.unguide = () => {
    unguide();
    page.floats?.();
    page.hush?.();
    talk.forget();
    drop(page);
    feel.forget();
    help.forget();
    page.drafts = {};
    page.spot.forget();
    for (const name of ['plan', 'progress', 'people', 'me', 'answered', 'moved', 'talk', 'complaint', 'watching', 'article']) delete page[name];
  };
};
