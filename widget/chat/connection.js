// One connection for all tabs of a person. The tab that has the lock has the line; the others hear over a
// channel and ask through it, and take the lock when its owner has fallen asleep.
import { posted, socket, stream } from './line.js';

/** How long the tab with the line may be silent, in milliseconds. */
const ASLEEP = 1_500;
/** Backing off: full jitter below a limit that doubles, in milliseconds. */
const FIRST = 500;
const LONGEST = 30_000;
/** Sockets that failed without a word before the other way is tried. */
const PATIENCE = 2;
/** How long the slower way is kept before a socket is tried again, in milliseconds. */
const SLOWER = 5 * 60 * 1000;
/** A line that stood for so long was a good one, in milliseconds. */
const STOOD = 10_000;
/** The code of refusals that only the page can mend: tried again seldom, in milliseconds. */
const REFUSAL = 4401;
const REFUSED = 60_000;

/**
 * Keeps a connection for the person who is there. `hello` gives what is said first, `heard` gets every frame,
 * `state` hears `open`, `slow`, `waiting` or `refused` (with the code that ended a line), and `known` gives frames for a tab that has just come.
 */
export const connection = (page, { hello, heard, state, known }) => {
  const ending = new AbortController();
  const { signal } = ending;
  const name = 'tabiji:chat:' + page.site + ':' + page.owner;
  const tabs = new BroadcastChannel(name);
  let way; // the line, where this tab has it
  let lead; // ends leading
  let tries = 0; // attempts since a line stood
  let wait; // what the collector asked for, in milliseconds
  let fails = 0; // sockets in a row that never stood
  let slow; // the other way is taken
  let timer;
  let stands; // a welcome came over this line
  let refused;
  let asleep; // the tab with the line does not answer

  const tell = (frame) => {
    if (signal.aborted) return;
    heard(frame);
    tabs.postMessage({ frame });
  };
  const say = (now, code) => {
    state(now, code);
    tabs.postMessage({ state: now, code });
  };
  const now = () => (refused ? 'refused' : !stands ? 'waiting' : slow ? 'slow' : 'open');
  const arrived = (frame) => {
    tell(frame);
    if (frame.t == 'welcome') {
      stands = Date.now();
      fails = 0;
      say(now());
      if (slow) timer = setTimeout(() => ((slow = false), way?.end()), SLOWER);
    }
    if (frame.t == 'drain') wait = frame.reconnect_in;
  };
  const connect = () => {
    if (!lead || signal.aborted || way) return;
    clearTimeout(timer);
    stands = refused = undefined;
    try {
      way = (slow ? stream : socket)(page, hello(), arrived, lost);
    } catch {
      // The page's policy forbids sockets.
      lost();
    }
  };
  const lost = (code) => {
    way = undefined;
    clearTimeout(timer);
    if (!lead || signal.aborted) return;
    refused = code == REFUSAL;
    // Neither may get through: they take turns.
    if (!stands && !refused) slow = !slow && ++fails % PATIENCE == 0;
    // A line that breaks at once would be broken again at once.
    if (stands && Date.now() - stands > STOOD) tries = 0;
    stands = undefined;
    say(now(), code);
    timer = setTimeout(connect, wait ?? (refused ? REFUSED : Math.random() * Math.min(LONGEST, FIRST * 2 ** tries++)));
    wait = undefined;
  };
  const led = () =>
    new Promise((done) => {
      lead = done;
      clearTimeout(asleep);
      asleep = undefined;
      connect();
    });
  const follow = (options) =>
    navigator.locks
      .request(name, options, led)
      // It was taken from this tab, which may have slept; or the browser allows this page no locks.
      .catch(({ name }) => name)
      .then((name) => {
        lead = undefined;
        way?.end();
        if (signal.aborted) return;
        name == 'SecurityError' || name == 'NotSupportedError' ? led() : follow({ signal });
      });
  const steal = () => {
    asleep = undefined;
    if (!lead && !signal.aborted) follow({ steal: true });
  };
  const expect = () => (asleep ??= setTimeout(steal, ASLEEP));

  tabs.onmessage = ({ data }) => {
    if (lead) {
      if (data.ask) way?.ask(data.ask);
      if (data.hi) known().forEach((frame) => tabs.postMessage({ frame }));
      if (data.hi) tabs.postMessage({ state: now() });
      // Somebody looks: no time to wait in.
      if (data.hi) connect();
      return;
    }
    // Another tab that only asks says nothing of the one with the line.
    if (!data.frame && !data.state) return;
    clearTimeout(asleep);
    asleep = undefined;
    if (data.frame) heard(data.frame);
    if (data.state) state(data.state, data.code);
  };
  // A phone that wakes up has a line that looks open.
  const wake = () => {
    if (document.hidden) return;
    if (lead && way) way.ask({ t: 'ping' }, 3_000);
    else if (lead) connect();
    else tabs.postMessage({ hi: true }), expect();
  };
  document.addEventListener('visibilitychange', wake, { signal });
  addEventListener('online', wake, { signal });
  addEventListener('pageshow', ({ persisted }) => persisted && wake(), { signal });
  // Where there are no locks every tab has a line of its own.
  if (navigator.locks) {
    follow({ signal });
    tabs.postMessage({ hi: true });
    expect();
  } else queueMicrotask(led);

  return {
    /** Asks over whichever line there is; an answer comes as a frame. */
    ask(frame) {
      if (signal.aborted) return;
      if (lead) return way?.ask(frame);
      tabs.postMessage({ ask: frame });
      if (!/send|callback|csat/.test(frame.t)) return;
      clearTimeout(asleep);
      asleep = setTimeout(() => {
        // Nobody answered: it goes out by itself, under the same id, and this tab takes the line.
        posted(page, hello(), [frame]).then((told) => told.forEach(tell), () => {});
        steal();
      }, ASLEEP);
    },
    /** Says hello anew. */
    again() {
      if (lead) way ? way.end() : connect();
    },
    /** Whether this is the tab that has the line: one tab rings. */
    leads: () => !!lead,
    end() {
      ending.abort();
      clearTimeout(timer);
      clearTimeout(asleep);
      way?.end();
      lead?.();
      tabs.close();
    },
  };
};
