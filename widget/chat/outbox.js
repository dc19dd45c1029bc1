// What was written and is not acknowledged, on disk and shared by all tabs: written there before anything is
// sent, one entry each, so that no tab writes over another's.
import { fresh } from '../shared/id.js';

/** What waited longer than this, in milliseconds, is sent only when the person says so again. */
const HELD = 15 * 60 * 1000;

/** The outbox of one person; `changed` hears that another tab changed it. */
export const outbox = (owner, changed, signal) => {
  const prefix = 'tabiji:chat:' + owner + ':';
  let memory = new Map(); // where the page has no storage
  const unsaved = new Set(); // what the disk did not take: kept until the page goes
  const write = (entry) => {
    memory.set(entry.mid, entry);
    try {
      localStorage.setItem(prefix + entry.mid, JSON.stringify(entry));
    } catch {
      unsaved.add(entry.mid);
    }
    return entry;
  };
  const load = () => {
    try {
      const keys = Array.from({ length: localStorage.length }, (_, n) => localStorage.key(n));
      return keys.filter((key) => key?.startsWith(prefix)).map((key) => JSON.parse(localStorage.getItem(key)));
    } catch {
      return [...memory.values()];
    }
  };
  memory = new Map(load().map((entry) => [entry.mid, entry]));
  const again = ({ key }) => {
    if (!(key ?? prefix).startsWith(prefix)) return;
    const kept = [...memory.values()].filter(({ mid, acked }) => acked || unsaved.has(mid));
    memory = new Map([...load(), ...kept].map((entry) => [entry.mid, entry]));
    changed();
  };
  addEventListener('storage', again, { signal });
  const all = () => [...memory.values()].sort((a, b) => (a.mid < b.mid ? -1 : 1));
  return {
    /** Everything, in the order in which it was written. */
    all,
    /** Writes something down to be sent: `{ text, file }`, or `{ call: { phone, windows } }`. */
    add: (what, key) => write({ mid: fresh(), ...what, key, at: Date.now() }),
    /** Where it goes, once and for all: the same id must not be sent elsewhere. */
    aim: (mid, to) => memory.has(mid) && write({ ...memory.get(mid), to }),
    /** It is on the other side; it is shown until it comes back as a line. */
    settle(mid) {
      const entry = memory.get(mid);
      if (!entry) return;
      this.remove(mid);
      memory.set(mid, { ...entry, acked: true });
    },
    /** It came back as a line, or the person takes it back. */
    remove(mid) {
      memory.delete(mid);
      unsaved.delete(mid);
      try {
        localStorage.removeItem(prefix + mid);
      } catch {
        // It was never there.
      }
    },
    /** It was not taken. */
    fail: (mid, code) => memory.has(mid) && write({ ...memory.get(mid), failed: code }),
    /** Tries again whatever failed or was left for too long. */
    // Where nothing is any more nothing can go.
    retry: () => all().forEach(({ failed, acked, to, ...entry }) => acked || write({ ...entry, ...(failed != 'not_found' && { to }), at: Date.now() })),
    /** What is to be sent next. */
    next: () => all().find(({ failed, acked, at }) => !failed && !acked && Date.now() - at < HELD),
    /** What waits for the person's word. */
    held: () => all().filter(({ failed, acked, at }) => !acked && (failed || Date.now() - at >= HELD)),
  };
};
