// What the loader keeps on the device, reads there and erases. No state.

// What the launcher said last time, so that it is right before anything was fetched.
export const last = (site) => {
  try {
    return JSON.parse(localStorage['tabiji:' + site]) || {};
  } catch {
    return {};
  }
};

// Leaves calls that no widget took to the next page (early.js), if something was tracked; what is secret is not written
// down. Gives the rest of them.
export const keep = (page, calls) => {
  const rest = calls.filter(([method]) => method != 'track');
  try {
    if (page && rest.length < calls.length)
      localStorage[`tabiji:calls:${page.site}:${Math.random()}`] = JSON.stringify(calls, (name, value) => name == 'token' || value);
  } catch {}
  return rest;
};

export const erase = () => {
  try {
    for (const storage of [localStorage, sessionStorage])
      for (const name in { ...storage }) if (/^tabiji/.test(name)) delete storage[name];
    indexedDB.deleteDatabase('tabiji');
  } catch {}
};
