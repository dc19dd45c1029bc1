// What the widget asks a person: when to go on, whom to ask, what to enter, how it feels. One card at a
// time, in the panel's place. Loaded when something is asked, or when the page has nothing else to do.
//
// `page` is what the widget gets from the loader; `heard` in widget/loader/guides.js puts in what the
// collector said last: `plan` (the flow), `progress`, `people`, `me` and `answered`. The build puts in
// ASKS_CSS.
import { colleague } from './colleague.js';
import { feelings } from './feelings.js';
import { here } from './here.js';
import { later } from './later.js';
import { shut } from './card.js';
import { struggle } from './struggle.js';
import { wordsFor } from './words.js';

const KINDS = { later, colleague, here };

export const attach = (page) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(ASKS_CSS);
  page.root.adoptedStyleSheets = [...page.root.adoptedStyleSheets, sheet];
  page.words = wordsFor(page.locale);
  const steps = () => page.plan?.stage.flatMap((stage) => stage.step) ?? [];
  const feel = feelings(page);
  const help = struggle(page);

  return {
    // Asks about a step.
    ask(kind, id) {
      const step = steps().find((step) => step.id == id);
      if (step) KINDS[kind](page, step);
    },
    // The collector said something, the panel closed or a guide is over: is there something to ask?
    news: () => {
      page.moved?.();
      feel();
    },
    // The widget makes room, because the person wants something else or is somebody else.
    shut: () => shut(page),
    end() {
      help();
      feel.end();
      shut(page);
    },
  };
};
