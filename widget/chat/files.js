// Files: brought in pieces before the message that names them, so that a cut line costs a piece.
import { make } from '../shared/dom.js';
import { fresh } from '../shared/id.js';

/** What can be sent; the collector looks at the content again. */
export const TAKEN = 'image/jpeg,image/png,image/gif,image/webp,application/pdf,text/plain,.csv,.txt,.log,.zip,.docx,.xlsx,.pptx';
/** Bytes of a file. */
const MOST = 32 * 1024 * 1024;
/** Between two tries, in milliseconds: full jitter below a limit that doubles. */
const FIRST = 500;
const LONGEST = 15_000;
/** How long a piece may take, in milliseconds. */
const PATIENCE = 60_000;
/** What no other try mends. */
const FINAL = /^(bad_file|too_large|files_full|not_found|bad_token|token_required)$/;

/**
 * The files that a person brings. `hello` says who, `changed` hears every step, `whole` gets a file that can be
 * sent.
 */
export const files = (page, hello, changed, whole, signal) => {
  const all = new Map(); // id -> { id, name, size, at, failed, ending }
  // Given up when it takes too long, or when `ending` says so. (Not every browser can join signals.)
  const post = async (path, body, ending) => {
    const call = new AbortController();
    const end = () => call.abort();
    const timer = setTimeout(end, PATIENCE);
    ending?.signal.addEventListener('abort', end);
    try {
      const answer = await fetch(page.base + path, { method: 'POST', body, credentials: 'omit', signal: call.signal });
      const said = await answer.json();
      if (!answer.ok) throw said.error?.tag;
      return said;
    } finally {
      clearTimeout(timer);
      ending?.signal.removeEventListener('abort', end);
    }
  };
  const bring = async (one, blob) => {
    const { id, name, size, ending } = one;
    for (let tries = 0; !ending.signal.aborted; ) {
      try {
        let { to, piece, at, file } = await post('v1/chat/files', JSON.stringify({ hello: hello(), id, name, size }), ending);
        one.to = to;
        while (!file) {
          one.at = at;
          changed();
          ({ at, file } = await post(to + '&at=' + at, blob.slice(at, at + piece), ending));
          tries = 0;
        }
        all.delete(id);
        return whole(file);
      } catch (tag) {
        if (FINAL.test(tag)) {
          one.failed = tag;
          return changed();
        }
        await new Promise((go) => setTimeout(go, Math.random() * Math.min(LONGEST, FIRST * 2 ** tries++)));
      }
    }
  };
  return {
    /** Those on their way, in the order in which they were chosen. */
    all: () => [...all.values()],
    /** Brings what somebody chose, pasted or dropped. */
    add(chosen) {
      for (const blob of chosen) {
        const name = blob.name || 'image.png';
        const one = { id: fresh(), name: name.toWellFormed?.() ?? name, size: blob.size, at: 0, ending: new AbortController() };
        signal.addEventListener('abort', () => one.ending.abort());
        all.set(one.id, one);
        if (blob.size > MOST) one.failed = 'too_large';
        else bring(one, blob);
      }
      changed();
    },
    /** The person takes it back. */
    drop(id) {
      const { to, ending } = all.get(id) ?? {};
      ending?.abort();
      // What is not wanted takes no room.
      if (to) fetch(page.base + to.replace('?', '/drop?'), { method: 'POST', credentials: 'omit', keepalive: true }).catch(() => {});
      all.delete(id);
      changed();
    },
    /** Saves a file of a conversation: its address is good for a while. */
    async save(c, id) {
      const { url } = await post('v1/chat/files/link', JSON.stringify({ hello: hello(), c, id }));
      make('a', { href: page.base + url, download: '', rel: 'noreferrer' }).click();
    },
  };
};

/** Bytes as people read them. */
export const amount = (bytes) => (bytes < 1024 * 1024 ? Math.max(1, Math.round(bytes / 1024)) + ' KB' : (bytes / 1024 / 1024).toFixed(1) + ' MB');
