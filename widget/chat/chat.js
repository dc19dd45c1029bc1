// Live chat: what one person and customer success say to each other, in every tab of the person. Loaded when
// somebody wants to talk, or has an open question. The build puts in CHAT_CSS.
import { dressOnce } from '../shared/dom.js';
import { fresh } from '../shared/id.js';
import { steps, isDone } from '../shared/plan.js';
import { connection } from './connection.js';
import { files } from './files.js';
import { help } from './help.js';
import { log, unread } from './log.js';
import { outbox } from './outbox.js';
import { arm, ring } from '../shared/sound.js';
import { drafts, thread } from './thread.js';

const talks = new WeakMap();
const keys = new Map(); // where the page has no storage

/** Shows the thread. */
export const open = (page, step) => {
  arm();
  talk(page).open(step);
};

/** Listens without showing anything. */
export const listen = (page) => void talk(page);

const talk = (page) => {
  let one = talks.get(page);
  if (one?.owner != page.owner) {
    one?.end();
    dressOnce(page, CHAT_CSS);
    talks.set(page, (one = begin(page)));
  }
  return one;
};

const begin = (page) => {
  const { owner } = page;
  const ending = new AbortController();
  const { signal } = ending;
  const begun = Date.now() + (page.skew ?? 0);
  const heads = new Map(); // what is known of each conversation: { c, read, seen, standing }
  const logs = new Map();
  const wanted = new Map(); // the last line of a conversation that does not come by itself
  let epoch = '';
  let desk = page.talk ?? {}; // when somebody answers: `hours`, and of `teams` at their steps
  let state = 'waiting';
  let busy; // the collector cannot keep anything now
  let flying; // what was sent and is not answered
  let again; // when the next is sent
  let typing; // who types, for a while
  let view; // the thread, while it is shown
  let about; // the step that it is about
  let used; // the token of the last hello

  const linesOf = (c) => logs.get(c)?.lines ?? [];
  // The one that is shown: the newest.
  const current = () => [...heads.values()].at(-1);
  let due;
  const changed = () => {
    // Many frames are one picture.
    due ??= setTimeout(() => {
      due = undefined;
      if (signal.aborted) return;
      view?.draw();
      const head = current();
      page.talked?.(head ? unread(linesOf(head.c), head.read) : 0);
    }, 16);
  };
  const box = outbox(owner, () => (pump(), changed()), signal);

  // The same in all tabs, so that two that begin at once begin one conversation. Of somebody whom no token
  // vouches for it is also who they are: a name that the page gives could be guessed.
  const key = () => {
    const name = 'tabiji:talk:' + owner;
    try {
      return (localStorage[name] ||= fresh());
    } catch {
      if (!keys.has(owner)) keys.set(owner, fresh());
      return keys.get(owner);
    }
  };
  // The step that the person is at.
  const here = () => about ?? steps(page).find(({ id }) => !isDone(page, id))?.id;
  const context = () => {
    const step = here();
    const shown = page.progress?.steps[step]?.shown;
    return {
      page: location.pathname.slice(0, 200),
      step,
      stuck: shown ? Math.max(0, Date.now() + (page.skew ?? 0) - shown) : undefined,
      error: page.complaint,
      clip: page.watching,
      article: page.article,
      locale: page.locale,
    };
  };
  // One at a time keeps their order.
  const pump = () => {
    const next = box.next();
    if (flying || again || !next || state == 'waiting' || state == 'refused') return;
    flying = next.mid;
    const c = current()?.c;
    const to = next.to ?? (c ? { c } : { ck: next.key });
    if (!next.to) box.aim(next.mid, to);
    const what = next.call ? { t: 'callback', ...next.call } : { t: 'send', body: { text: next.text.toWellFormed?.() ?? next.text, file: next.file } };
    line.ask({ ...what, mid: next.mid, ...to, ctx: context() });
  };
  const settle = (mid) => {
    if (flying == mid) flying = undefined;
  };

  const stopped = () => {
    clearTimeout(typing?.timer);
    typing = undefined;
  };
  const takes = {
    welcome({ epoch: now, heads: all, hours, teams }) {
      desk = { hours, teams };
      if (epoch != now) logs.clear();
      wanted.clear();
      epoch = now;
      heads.clear();
      all.forEach((head) => heads.set(head.c, head));
      flying = undefined;
    },
    event(entry) {
      const { c } = entry;
      if (!logs.has(c)) logs.set(c, log());
      const head = heads.get(c) ?? { c, seq: 0, read: 0, seen: 0, standing: 'open' };
      // The newest is the last; what is only told again is not new.
      if (entry.seq > head.seq || !heads.has(c)) {
        heads.delete(c);
        heads.set(c, head);
        head.seq = Math.max(head.seq, entry.seq);
      }
      for (const one of logs.get(c).take(entry)) {
        box.remove(one.mid);
        settle(one.mid);
        if (one.author.side == 'agent') stopped();
        else if (head.read == one.seq - 1) head.read = one.seq;
        if (/resolved|reopened/.test(one.kind)) head.standing = one.kind == 'resolved' ? 'resolved' : 'open';
        if (/message|callback/.test(one.kind) && one.author.side == 'visitor') head.standing = 'open';
        news(head, one);
      }
      fetchMissing(c);
    },
    ack({ mid }) {
      settle(mid);
      busy = false;
      box.settle(mid);
    },
    nack({ mid, code, retry_after }) {
      settle(mid);
      busy = code == 'busy';
      if (retry_after) again = setTimeout(() => ((again = undefined), pump()), retry_after * 1000);
      else box.fail(mid, code);
      // What is known of that conversation is too old.
      if (code == 'not_found') line.again();
    },
    cursor({ c, who, read }) {
      const head = heads.get(c);
      if (head) head[who == 'visitor' ? 'read' : 'seen'] = read;
    },
    gap({ c, head }) {
      // More is known here than there: it is another history.
      if (head && linesOf(c).length > head) logs.delete(c);
      wanted.set(c, head);
      fetchMissing(c);
    },
    typing({ c, on, author }) {
      if (c != current()?.c || author.side != 'agent') return;
      stopped();
      if (on) typing = { name: author.name, timer: setTimeout(() => (stopped(), changed()), 6_000) };
    },
  };
  // What is missing mostly comes by itself in a moment; what is far behind comes page by page.
  const holes = (c) => logs.get(c)?.missing() ?? (wanted.get(c) > linesOf(c).length ? [linesOf(c).length + 1, wanted.get(c)] : undefined);
  let asking;
  const fetchMissing = (c) => {
    if (!holes(c)) return;
    asking ??= setTimeout(() => {
      asking = undefined;
      const gap = holes(c);
      if (gap) line.ask({ t: 'sync', c, from: gap[0], to: gap[1] });
    }, 250);
  };
  // Something new of the other side: told once, by the tab that has the line. The page hears of it in every tab.
  const news = (head, one) => {
    if (one.author.side != 'agent' || one.kind != 'message' || one.seq <= head.read) return;
    // What was there before the page was is no news to it.
    if (one.at >= begun) page.emit('chat.message', { from: one.author.name, unread: unread(linesOf(one.c), head.read) });
    if (view?.reads()) return;
    if (line.leads()) ring(page);
  };

  const who = () => {
    const { token, account } = page.identity ?? {};
    return { v: 1, site: page.site, ...(token ? { tok: token } : { who: { user: 'guest-' + key(), account } }) };
  };
  // The page gives another token where it can; the line is tried again when it did, and seldom when not.
  const renew = async () => {
    const { user, token } = page.identity ?? {};
    const { renew } = page;
    if (!renew || !line.leads()) return;
    try {
      const fresh = await renew();
      if (fresh && page.identity?.token == token) page.call('identify', [user, { token: fresh, renew }]);
    } catch (error) {
      console.warn('[tabiji] no other token: ' + error);
    }
  };
  const line = connection(page, {
    hello() {
      used = page.identity?.token;
      return { ...who(), resume: [...logs].map(([c, { lines }]) => ({ c, log: 'pub', seq: lines.length })), epoch };
    },
    heard(frame) {
      takes[frame.t]?.(frame);
      pump();
      changed();
    },
    state(now, code) {
      state = now;
      // What the collector cannot read it will not read the next time.
      if (flying && (code == 1009 || code == 4400)) box.fail(flying, 'too_large');
      if (now == 'waiting') flying = undefined;
      if (now == 'refused') renew();
      pump();
      changed();
    },
    known: () => [
      { t: 'welcome', epoch, ...desk, heads: [...heads.values()] },
      ...[...logs.values()].flatMap(({ lines }) => lines.map((one) => ({ t: 'event', ...one }))),
    ],
  });

  const write = (what) => {
    box.add(what, key());
    pump();
    changed();
  };
  const brought = files(page, who, () => changed(), (file) => write({ text: '', file }), signal);

  const self = {
    owner,
    files: brought,
    // What the thread shows.
    get head() {
      return current();
    },
    get lines() {
      const head = current();
      return head ? linesOf(head.c) : [];
    },
    get state() {
      return busy && state != 'waiting' ? 'busy' : state;
    },
    get typing() {
      return typing?.name;
    },
    box,
    get hours() {
      const step = here();
      return desk.teams?.find(({ steps }) => steps.includes(step))?.hours ?? desk.hours;
    },
    /** Whether there is something to go on with: a question that is open, something on its way or begun. */
    get goesOn() {
      const head = current();
      try {
        if (localStorage[drafts(page)]) return true;
      } catch {
        // Nothing is kept there.
      }
      if (box.all().length) return true;
      return head ? head.standing != 'resolved' || unread(linesOf(head.c), head.read) > 0 : page.talk?.open;
    },
    /** Asks for the hours as they are now. */
    refresh: () => line.again(),
    call(call) {
      page.tell('callback.requested', about ?? '', { windows: call.windows.length });
      write({ call });
    },
    send: (text) => write({ text }),
    retry() {
      box.retry();
      pump();
      changed();
    },
    drop(mid) {
      box.remove(mid);
      changed();
    },
    read() {
      const head = current();
      const last = self.lines.length;
      if (!head || head.read >= last) return;
      head.read = last;
      line.ask({ t: 'read', c: head.c, seq: last });
      page.talked?.(0);
    },
    types: (on) => current() && line.ask({ t: 'typing', c: current().c, on }),
    rate: (score, comment) => current() && line.ask({ t: 'csat', mid: fresh(), c: current().c, score, comment }),
    open(step) {
      about = step?.id;
      // Most questions have an answer already; whoever has asked wants theirs.
      const its = step ?? steps(page).find(({ id }) => !isDone(page, id));
      const helps = !self.goesOn && !!(page.talk?.help || its?.video);
      page.tell('chat.opened', its?.id ?? '', { help: helps });
      if (helps) help(page, self, its);
      else self.write();
    },
    write() {
      view = thread(page, self, () => (view = undefined));
      changed();
    },
    end() {
      ending.abort();
      line.end();
      clearTimeout(again);
      clearTimeout(due);
      clearTimeout(asking);
      stopped();
    },
  };
  // The page brought another token: the same person goes on, somebody whom nobody vouched for does now.
  page.vouched = () => {
    const token = page.identity?.token;
    if (token == used) return;
    if (used && token && state != 'refused') line.ask({ t: 'token', tok: token });
    else line.again();
    used = token;
  };
  page.hush = () => {
    if (talks.get(page) == self) talks.delete(page);
    self.end();
  };
  return self;
};
