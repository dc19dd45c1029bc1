// One way to the collector: a socket, or where none comes through a stream of events with posts beside it.
// Both say the same; `heard` gets every frame, `over` hears once that it ended.

/** How long the way may take to stand, and an answer to come, in milliseconds. */
const WELCOME = 4_000;
const ANSWER = 10_000;
const BEAT = 25_000;
const SILENCE = 70_000;

/** A socket. */
export const socket = (page, hello, heard, over) => {
  const url = new URL('v1/chat', page.base);
  url.protocol = url.protocol.replace('http', 'ws');
  url.searchParams.set('site', page.site);
  const wire = new WebSocket(url);
  let late = setTimeout(() => end(), WELCOME);
  const beat = setInterval(() => way.ask({ t: 'ping' }, 3_000), BEAT);
  let ended;
  const end = (code) => {
    if (ended) return;
    ended = true;
    clearTimeout(late);
    clearInterval(beat);
    wire.close();
    over(code);
  };
  const way = {
    ask(frame, patience = ANSWER) {
      if (wire.readyState != 1) return;
      wire.send(JSON.stringify(frame));
      // Every question that is answered is answered soon, or the line is dead and does not know it.
      if (/send|ping|csat|callback/.test(frame.t)) late ??= setTimeout(() => end(), patience);
    },
    end: () => end(),
  };
  wire.onopen = () => wire.send(JSON.stringify({ t: 'hello', ...hello }));
  wire.onmessage = ({ data }) => {
    clearTimeout(late);
    late = undefined;
    heard(JSON.parse(data));
  };
  wire.onclose = ({ code }) => end(code);
  return way;
};

const post = (page, path, body, signal) =>
  fetch(page.base + path, { method: 'POST', body: JSON.stringify(body), credentials: 'omit', signal }).then((answer) => {
    if (!answer.ok) throw Object.assign(new Error(path + ': ' + answer.status), { code: /40[13]/.test(answer.status) ? 4401 : undefined });
    return answer;
  });

/** Sends frames without a connection; gives what is answered. */
export const posted = (page, hello, frames) => post(page, 'v1/chat/send', { hello, frames }, AbortSignal.timeout(ANSWER)).then((answer) => answer.json());

/** A stream of events, for networks that let no socket through. */
export const stream = (page, hello, heard, over) => {
  const ending = new AbortController();
  const { signal } = ending;
  let late = setTimeout(() => end(), WELCOME);
  let last;
  const end = (error) => {
    if (signal.aborted) return;
    clearTimeout(late);
    ending.abort();
    over(error?.code);
  };
  // Some networks hold a stream back until it ends, and phones sleep: signs of life come all the time.
  const alive = () => {
    clearTimeout(late);
    last = Date.now();
    late = setTimeout(() => end(), SILENCE);
  };
  const read = async () => {
    const answer = await post(page, 'v1/chat/stream', hello, signal);
    let rest = '';
    for await (const piece of chunks(answer.body.pipeThrough(new TextDecoderStream()).getReader())) {
      alive();
      const events = (rest + piece).split('\n\n');
      rest = events.pop();
      for (const event of events) if (event.startsWith('data: ')) heard(JSON.parse(event.slice(6)));
    }
  };
  read().then(() => end(), end);
  return {
    // One after the other, as over a socket.
    ask(frame) {
      if (frame.t == 'ping') return last < Date.now() - BEAT - ANSWER && end();
      posted(page, hello, [frame]).then((told) => signal.aborted || told.forEach(heard), end);
    },
    end: () => end(),
  };
};

// Safari's streams are not iterable.
async function* chunks(reader) {
  for (let piece; !(piece = await reader.read()).done; ) yield piece.value;
}
