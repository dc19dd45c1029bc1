// Questions to the collector, in the name of the person who is there.

/** The answer to `POST path`; an error where there is none. */
export const ask = async (page, path) => {
  const { token, user, account } = page.identity ?? {};
  const who = token ? { token } : { who: { user: user || page.me.user, account } };
  const body = JSON.stringify({ site: page.site, locale: page.locale, ...who });
  const answer = await fetch(page.base + path, { method: 'POST', body, credentials: 'omit', signal: AbortSignal.timeout(15_000) });
  if (!answer.ok) throw new Error(path + ': ' + answer.status);
  return answer.json();
};
