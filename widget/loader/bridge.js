// What scripts and the Rust half have of each other, built in this one place. A script gets the bridge as
// its `page`: it reads what the loader knows and what the collector said last, receives events by `on`, and acts
// through the functions below. The Rust half gives `command` and calls what is marked so. Each part that
// becomes Rust takes its lines away from here. The build puts in the name of the module, less the language: CLIPS.
import { routes } from './routes.js';
import { steps } from '../shared/flow.js';

export const bridge = (page) => {
  const listeners = new Map();
  let ended;
  // The Rust half takes what scripts say only when its part for that is there: they begin then.
  let begin;
  const ready = new Promise((done) => (begin = done));
  let run;

  const fetchPart = (name) => import(page.base + 'assets/' + name + (/^ja/.test(page.locale) ? 'ja.js' : 'en.js'));
  const planned = (id) => steps(self).find((step) => step.id == id) ?? {};
  const show = (name, about) => {
    const { owner } = self;
    const wanted = () => !ended && self.owner == owner && page.host.isConnected;
    const step = about?.video ? about : steps(self).find(({ id }) => id == about);
    Promise.all([fetchPart(name), ready])
      .then(([{ open }]) => wanted() && open(self, step))
      .catch((error) => {
        console.warn('[tabiji] ' + error);
        if (wanted()) self.command('notFetched', ['clip', about]);
      });
  };
  const open = { clip: (about) => show(CLIPS, about) };

  const self = {
    __proto__: page,

    // For the Rust half.
    get command() {
      return (...what) => run?.(what);
    },
    set command(given) {
      run = given;
      begin();
    },
    actions: { __proto__: null },
    dispatch: (name) => [...(listeners.get(name) ?? [])].forEach((run) => run()),
    open: (what, about) => open[what](about),
    // As in browser.rs: a guide, rows to enter, one press, a clip.
    capabilities: (id) => {
      const { guide, here, video } = planned(id);
      return (guide ? 1 : 0) + (here ? (here.column ? 2 : 4) : 0) + (video ? 8 : 0);
    },
    // Who brought which part of a number, to be added: " · 佐藤 2 · 鈴木 1".
    contributions: (fact) => {
      const sums = new Map();
      for (const { user, from, to } of self.progress?.raised?.[fact] ?? []) sums.set(user, (sums.get(user) ?? 0) + to - from);
      return [...sums].filter(([user]) => Object.hasOwn(self.people, user)).map(([user, n]) => ` · ${self.people[user]} ${+n.toFixed(2)}`).join('');
    },
    onSession: (reply) => {
      const { flow, progress, people = {}, user, name } = reply;
      Object.assign(self, { progress, people });
      if (flow) Object.assign(self, { flow, me: { user, name } });
    },

    // For scripts.
    /** Calls `run` at every event of a name (`host/js_bridge.rs` lists them), until `signal` is aborted. */
    on: (name, run, signal) => {
      if (!listeners.has(name)) listeners.set(name, new Set());
      listeners.get(name).add(run);
      signal?.addEventListener('abort', () => listeners.get(name).delete(run));
    },
    /** Reports an event: into the outbox and the local fold at once. */
    emit: (kind, step, data) => self.command('emit', [kind, step, data]),
    /** Tells the listeners of the host's page. */
    notify: (name, detail) => setTimeout(() => self.command('notify', [name, detail])),
    /** Takes the panel's place for a card; `giveWay` takes it down when another one comes. */
    takePlace: (name, giveWay) => self.command('takePlace', [name, giveWay]),
    leavePlace: () => self.command('leavePlace', []),
    /** Notes what the person watches, for whoever helps them. */
    noteClip: (clip, from) => self.command('watching', [{ clip, from }]),
    /** Points at the controls of a step. */
    guide: (step) => self.command('guide', [step]),
    /** Asks the host's page for another token. */
    renewToken: () => self.command('renewToken', []),
  };

  const stop = routes(() => self.command('navigate', []));
  // Nothing of the last person stays.
  self.on('owner', () => {
    for (const name of ['flow', 'progress', 'people', 'me']) delete self[name];
    self.floats?.();
  });
  self.on('leave', () => {
    ended = true;
    stop();
    self.floats?.();
  });
  return self;
};
