// What the module leaves to a script, since its Rust form costs more bytes: reading of the session's reply what
// the fold does not need, masking what is personal, and telling when the page's address changed.
import { mask } from './mask.js';
import { routes } from './routes.js';

export const bridge = () => {
  let flow;
  let progress;
  let people = {};
  const self = {
    actions: { __proto__: null },
    onRoute() {},
    onSession: (reply) => {
      ({ progress, people = {} } = reply);
      flow = reply.flow ?? flow;
    },
    forgetPerson: () => {
      flow = progress = undefined;
      people = {};
    },
    // As in page.rs: a guide, rows to enter, one press, a clip.
    capabilities: (id) => {
      const { guide, here, video } = flow?.stage.flatMap(({ step }) => step).find((step) => step.id == id) ?? {};
      return (guide ? 1 : 0) + (here ? (here.column ? 2 : 4) : 0) + (video ? 8 : 0);
    },
    // Who brought which part of a number, to be added: " · 佐藤 2 · 鈴木 1".
    contributions: (fact) => {
      const sums = new Map();
      for (const { user, from, to } of progress?.raised?.[fact] ?? []) sums.set(user, (sums.get(user) ?? 0) + to - from);
      const known = [...sums].filter(([user]) => Object.hasOwn(people, user));
      return known.map(([user, n]) => ` · ${people[user]} ${+n.toFixed(2)}`).join('');
    },
    mask,
    end: routes(() => self.onRoute()),
  };
  return self;
};
