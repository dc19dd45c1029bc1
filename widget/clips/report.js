// What is told of somebody who watches: the union of what was played and where they stopped, now and then,
// and each mark once for each person.
import { passed, percent, read, union, write } from './seen.js';

/** While it plays a report comes at most so often, in milliseconds. */
const EVERY = 30_000;
/** A place that is farther than this from the one that was told, in seconds, is news. */
const MOVED = 3;
/** Two moments that are farther apart than this much playing, in seconds, were jumped between. */
const JUMP = 1.5;

/** Watches a video on behalf of the collector, and notes in `known` how far each clip was watched, until `signal` says that it is over. */
export const report = (page, film, video, known, step, signal) => {
  const { clip, seconds } = film;
  const watched = known[clip];
  const before = read(watched?.seen);
  let mine = [];
  let told = []; // what was played when the last report was made
  let at; // where the last stretch ends, while it plays on
  let place = 0; // where the person was then
  let finished = false;
  let last = 0;
  let begun = false;
  let stalls = 0;
  let backs = 0;
  const { owner } = page;
  // Never in the name of whoever came after.
  const tell = (kind, data) => page.owner == owner && page.tell(kind, step?.id ?? '', { clip, at: Math.round(video.currentTime * 10) / 10, ...data });

  const flush = () => {
    const seen = write(mine);
    const here = video.currentTime;
    if (!begun || (seen == write(told) && Math.abs(here - place) < MOVED)) return;
    // By the whole seconds that are written: other devices know no more.
    const all = read(write([...before, ...mine]));
    const quarter = passed(read(write([...before, ...told])), all, seconds).filter((mark) => mark < 95).at(-1);
    told = union(mine);
    place = here;
    // The shelf on this page knows it, too.
    known[clip] = { at: here, seen: write(all) };
    last = Date.now();
    tell('video.progress', { seen, stalls, backs, speed: video.playbackRate, ...(quarter && { percent: quarter }) });
    // Once here, whoever else may have told it: halves may have been watched on two devices.
    if (!finished && percent(all, seconds) >= 95) {
      finished = true;
      tell('video.completed', { seen });
    }
  };

  const played = () => {
    const now = video.currentTime;
    if (video.seeking) return void (at = undefined);
    if (at !== undefined && now > at && now - at < JUMP * Math.max(1, video.playbackRate)) {
      // In place: a stretch that goes on is one stretch.
      mine = union([...mine, [at, now]]);
      if (passed([...before, ...told], [...before, ...mine], seconds).length || Date.now() - last > EVERY) flush();
    }
    at = video.paused ? undefined : now;
  };
  const on = (name, run) => video.addEventListener(name, run, { signal });
  on('playing', () => {
    at = video.currentTime;
    if (begun) return;
    begun = true;
    last = Date.now();
    tell('video.started');
  });
  on('timeupdate', played);
  on('seeking', () => {
    if (at !== undefined && video.currentTime < at) backs++;
    at = undefined;
  });
  on('seeked', () => (at = video.paused ? undefined : video.currentTime));
  on('waiting', () => begun && !video.seeking && stalls++);
  for (const name of ['pause', 'ended']) on(name, () => (played(), flush()));
  // Before the outbox says goodbye.
  const leave = () => (played(), flush());
  addEventListener('pagehide', leave, { capture: true, signal });
  addEventListener('visibilitychange', () => document.hidden && leave(), { capture: true, signal });
  return {
    flush,
    // Somebody who stopped near the end, or had hardly begun, starts over.
    resume: watched && watched.at >= 5 && watched.at < seconds * 0.95 ? watched.at : 0,
  };
};
