// Browser calls of the chat that have no form by name (see `js.rs`). No state.

// Posts a text or bytes; gives up after `limit` milliseconds, or when `signal` says so (not every browser can join
// signals). Resolves to [status, what the answer's JSON says]; of an answer in another form, a firewall's, to nothing.
export const send = async (url, body, signal, limit) => {
  const call = new AbortController();
  const end = () => call.abort();
  const timer = setTimeout(end, limit);
  signal.addEventListener('abort', end);
  try {
    const answer = await fetch(url, { method: 'POST', body, credentials: 'omit', signal: call.signal });
    const said = await answer.json().catch(() => {});
    return [said && answer.status, said];
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
};

// Posts a text and reads the answer as server-sent events: `heard` gets the data of each event, and nothing for every
// other sign of life. Rejects with the status of an answer that is no stream. Not every browser can iterate a stream.
export const stream = async (url, body, signal, heard) => {
  const answer = await fetch(url, { method: 'POST', body, credentials: 'omit', signal });
  if (!answer.ok) throw (await answer.json().catch(() => {})) && answer.status;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let piece; !(piece = await reader.read()).done; ) {
    heard();
    const events = (rest + piece.value).split('\n\n');
    rest = events.pop();
    for (const event of events) if (event.startsWith('data: ')) heard(JSON.parse(event.slice(6)));
  }
};

// A moment in the person's language and time zone: its time, or with `day` its day; nothing when that is today.
export const when = (at, locale, day) =>
  day && new Date(at).toDateString() === new Date().toDateString()
    ? ''
    : new Intl.DateTimeFormat(
        locale,
        day ? { month: 'long', day: 'numeric', weekday: 'short' } : { hour: 'numeric', minute: '2-digit' },
      ).format(at);
