// The few browser calls whose Rust form costs more bytes than they do. No state but the database.

// Resolves to { status, wait, text }: `wait` are the milliseconds of Retry-After, or 0.
export async function post(url, body, limit) {
  const answer = await fetch(url, { method: 'POST', body, credentials: 'omit', signal: AbortSignal.timeout(limit) });
  const after = answer.headers.get('retry-after');
  const wait = after ? (Number(after) * 1000 || Date.parse(after) - Date.now() || 0) : 0;
  return { status: answer.status, wait, text: await answer.text() };
}

export function beacon(url, body) {
  try {
    return navigator.sendBeacon(url, body);
  } catch {
    return false;
  }
}

export function random() {
  return crypto.getRandomValues(new Uint8Array(10));
}

export function whenIdle(run) {
  (window.requestIdleCallback ?? setTimeout)(() => run());
}

// A moment in the person's own words and time zone.
export function moment(at, locale) {
  return new Date(at).toLocaleString(locale, { month: 'short', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit' });
}

// Storage that may be refused or full: nothing is thrown, nothing is returned then.
export function recall(key) {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {}
}

export function remember(key, value) {
  try {
    value === undefined ? localStorage.removeItem(key) : localStorage.setItem(key, value);
  } catch {}
}

// [rest of the key, value, …] of every key that begins so, in order.
export function recallAll(prefix) {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    return keys.sort().flatMap((key) => [key.slice(prefix.length), localStorage.getItem(key)]);
  } catch {
    return [];
  }
}

// The outbox on disk: one row { id, owner, event } for each event that is not known to be stored.
const store = (db, mode) => {
  const transaction = db.transaction('events', mode);
  return [transaction, transaction.objectStore('events')];
};
const result = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export async function openOutboxDb() {
  const request = indexedDB.open('tabiji', 1);
  request.onupgradeneeded = () => request.result.createObjectStore('events', { keyPath: 'id' });
  const db = await result(request);
  request.onupgradeneeded = request.onsuccess = request.onerror = null;
  db.onversionchange = () => db.close();
  return db;
}

// `commit` sends the write on its way before this function returns, so that a tab that is killed
// right after does not take it along.
export function putEvent(db, id, owner, event) {
  const [transaction, events] = store(db, 'readwrite');
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  events.put({ id, owner, event });
  transaction.commit();
  return done;
}

// [id, event, id, event, …] of one owner, oldest first: ids sort by time.
export async function loadEvents(db, owner) {
  const rows = await result(store(db, 'readonly')[1].getAll());
  return rows.filter((row) => row.owner === owner).flatMap((row) => [row.id, row.event]);
}

// Handlers of an open database would keep it for as long as the page lives.
export function closeOutboxDb(db) {
  db.onversionchange = null;
  db.close();
}

export function deleteEvents(db, ids) {
  const [transaction, events] = store(db, 'readwrite');
  ids.forEach((id) => events.delete(id));
  transaction.commit();
}
