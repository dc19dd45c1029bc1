// Events that no outbox takes, of pages left too soon and of the basic panel; `telemetry/early.rs` looks where they lie.
import { storage } from '../src/browser.js';
import { parse } from '../src/js.js';
import { mask } from './mask.js';

/** So many calls of `track` a page become events; of the others the number is reported (`host/token_bucket.rs`). */
export const MOST = 100;

// A fresh id, which sorts by time: RFC 9562 version 7, 48 bits of time and then randomness.
const fresh = (now = Date.now()) => {
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const random = hex(crypto.getRandomValues(new Uint8Array(10)));
  const all = now.toString(16).padStart(12, '0') + '7' + random.slice(0, 3) + 'a' + random.slice(3, 18);
  return all.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

/** The id of this browser, for people that the page does not name (`host/device.rs`). */
export const device = () => storage((kept) => (kept['tabiji:device'] ??= 'device-' + fresh())) ?? 'unknown';

/** What the keys of a person's events begin with. */
export const prefix = (site, user, account) => `tabiji:early:${site}|${user}|${account ?? ''}|`;

/** Writes an event down, where storage is not refused; gives it. */
export const keep = (prefix, event) => (storage((kept) => (kept[prefix + event.id] = JSON.stringify(event))), event);

/** What lies there of a person; the outbox sets aside what is damaged. */
export const kept = (prefix) =>
  storage((kept) => Object.keys(kept).flatMap((key) => (key.startsWith(prefix) && parse(kept[key])) || []).filter(({ id }) => id)) ?? [];

export const visit = () => {
  const session = fresh();
  let n = 0;
  return (kind, data, at = Date.now()) => ({ id: fresh(at), at, session, n: ++n, kind, data });
};

/** What a tracked event says: its name and the flat properties, masked. */
export const tracked = (name, properties) => {
  const flat = Object.entries({ ...properties, name }).filter(([, value]) => /^(string|number|boolean)$/.test(typeof value));
  return Object.fromEntries(flat.map(([name, value]) => [name, typeof value == 'boolean' ? value : mask(value)]));
};

// The calls of one page, each event under the person who was there.
const takeUp = (site, calls) => {
  const event = visit();
  let user, account;
  let left = MOST;
  const add = (...given) => keep(prefix(site, user ?? device(), account), event(...given));
  for (const [method, [first, second], , at] of calls) {
    if (method == 'identify') user = first;
    if (method == 'group') account = first;
    if (method == 'reset') user = account = undefined;
    if (method == 'track' && left-- > 0) add('custom', tracked(first, second), at);
  }
  if (left < 0) add('events.dropped', { reason: 'rate', n: -left });
};

/** Makes events of what earlier pages of a site left (`leave` in loader.js). */
export const takeEarlyCalls = (site) =>
  storage((kept) => {
    for (const key of Object.keys(kept).filter((key) => key.startsWith(`tabiji:calls:${site}:`))) {
      const left = kept[key];
      kept.removeItem(key);
      takeUp(site, parse(left) ?? []);
    }
  });
