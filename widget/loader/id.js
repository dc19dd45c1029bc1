// Ids of events and messages: UUID version 7, so that they sort by time.
/** A fresh id: RFC 9562 version 7, 48 bits of time and then randomness. */
export const fresh = (now = Date.now()) => {
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const random = hex(crypto.getRandomValues(new Uint8Array(10)));
  const all = now.toString(16).padStart(12, '0') + '7' + random.slice(0, 3) + 'a' + random.slice(3, 18);
  return all.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};
