// The few browser calls whose Rust form costs more bytes than they do. No state.

// Resolves to { status, wait, text }: `wait` are the milliseconds of Retry-After, or 0. A refusal is the collector's own
// word alone: to a firewall's page (status 0) one comes back later.
export async function post(url, body, limit) {
  const answer = await fetch(url, { method: 'POST', body, credentials: 'omit', signal: AbortSignal.timeout(limit) });
  const after = answer.headers.get('retry-after');
  const wait = after ? (Number(after) * 1000 || Date.parse(after) - Date.now() || 0) : 0;
  const text = await answer.text();
  const isForeign = answer.status > 399 && answer.status < 404 && !text.startsWith('{"error":{"tag"');
  return { status: isForeign ? 0 : answer.status, wait, text };
}

export const random = () => crypto.getRandomValues(new BigUint64Array(1))[0];
export const now = () => Date.now();

// Not by the document's name for it, which an element of the page may have.
const { createElement, createTextNode } = Document.prototype;

export const make = (name) => createElement.call(document, name);
export const write = (text) => createTextNode.call(document, text);
export const place = (node, parent, before) => (parent ?? before.parentNode)?.insertBefore(node, before ?? null);

export function put(element, name, value) {
  if (name.startsWith('--')) element.style.setProperty(name, value);
  else if (value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

// Nothing is thrown, nothing is returned then: storage, for one, may be refused or full.
const attempt = (run) => {
  try {
    return run();
  } catch {}
};
export const storage = (run) => attempt(() => run(localStorage));
export const recall = (key) => storage((kept) => kept.getItem(key) ?? undefined);
export const remember = (key, value) =>
  storage((kept) => (value === undefined ? kept.removeItem(key) : kept.setItem(key, value)));

// The outbox on disk: one row { id, owner, event } for each event that is not known to be stored.
const result = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const outbox = (db) => {
  const store = (mode) => {
    const transaction = db.transaction('events', mode);
    return [transaction, transaction.objectStore('events')];
  };
  return {
    // `commit` sends the write on its way before this function returns, so that a tab that is killed
    // right after does not take it along.
    put: (id, owner, event) => {
      const [transaction, events] = store('readwrite');
      const done = new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error);
      });
      events.put({ id, owner, event });
      transaction.commit();
      return done;
    },
    // [id, event, id, event, …] of one owner, oldest first: ids sort by time.
    load: async (owner) => {
      const rows = await result(store('readonly')[1].getAll());
      return rows.filter((row) => row.owner === owner).flatMap((row) => [row.id, row.event]);
    },
    delete: (...ids) => {
      const [transaction, events] = store('readwrite');
      ids.forEach((id) => events.delete(id));
      transaction.commit();
    },
    // Handlers of an open database would keep it for as long as the page lives.
    close: () => {
      db.onversionchange = null;
      db.close();
    },
  };
};

// What is used rarely, by name.
const RARE = {
  // What is percent-encoded and no UTF-8 stays as it is.
  decoded: (address) => address.replace(/(%[\da-f]{2})+/gi, (run) => attempt(() => decodeURI(run)) ?? run),
  // Whether a link leads to an address: what it says of query and fragment is there, with whatever else.
  leads: (link, address) => {
    const [there, here] = [link, address].map((one) => new URL(one, document.baseURI));
    return ['origin', 'pathname', 'hash'].every((part) => !there[part] || there[part] == here[part]) &&
      [...there.searchParams].every(([name, value]) => here.searchParams.getAll(name).includes(value));
  },
  // Requests a Web Lock and holds it until the function that `led` gets is called. Resolves to the name of the error
  // that ended it, or to nothing.
  lock: (name, options, led) =>
    navigator.locks.request(name, options, () => new Promise(led)).then(() => '', (error) => error.name),
  // A moment in the person's own words and time zone.
  moment: (at, locale) =>
    new Date(at).toLocaleString(locale, { month: 'short', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit' }),
  // Resolves to nothing while another tab does so. Without locks (plain http) tabs do not wait for each other.
  postAlone: (...given) =>
    navigator.locks?.request('tabiji:events', { ifAvailable: true }, (lock) => lock && post(...given)) ?? post(...given),
  // [rest of the key, value, …] of every key that begins so, in order.
  recallAll: (prefix) => {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    return keys.sort().flatMap((key) => [key.slice(prefix.length), localStorage.getItem(key)]);
  },
  openOutboxDb: async () => {
    const request = indexedDB.open('tabiji', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('events', { keyPath: 'id' });
    const db = await result(request);
    request.onupgradeneeded = request.onsuccess = request.onerror = null;
    db.onversionchange = () => db.close();
    return outbox(db);
  },
};

export const rare = () => RARE;

// Early: in the capture phase, and nothing but a key is prevented.
export const hear = (target, name, run, early) =>
  target.addEventListener(name, run, { capture: early, passive: early && name != 'keydown' });
export const deafen = (target, name, run, early) => target.removeEventListener(name, run, early);
export const start = (run, millis, again) => again ? setInterval(run, millis) : setTimeout(run, millis);
export const stop = (timer, again) => again ? clearInterval(timer) : clearTimeout(timer);
export const sleep = (millis) => new Promise((done) => setTimeout(done, millis));
export const frame = (run) => requestAnimationFrame(run);
export const whenIdle = (run) => (window.requestIdleCallback ?? setTimeout)(() => run());
