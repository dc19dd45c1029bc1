// Reports what a person watched: now and then the union of what was played and where they stopped, and
// each mark once for each person.
import { passed, percent, read, union, write } from './time_ranges.js';

/** While it plays a report comes at most so often, in milliseconds. */
const EVERY = 30_000;
/** A place that is farther than this from the one that was told, in seconds, is news. */
const MOVED = 3;
/** A jump back leads at least so far back, and is played on from at least so long, in seconds. */
const BACK = 1;
const SETTLED = 0.5;
/** Jumps back that one report places at most. */
const MOST = 50;

const stretches = ({ played }) => Array.from({ length: played.length }, (_, n) => [played.start(n), played.end(n)]);

/**
 * Watches a video on behalf of the collector, and notes in `known` how far each clip was watched, until
 * `signal` says that it is over. `captioned` tells whether captions are to be seen.
 */
export const report = (page, film, video, known, step, captioned, signal) => {
  const { clip, seconds, version } = film;
  const watched = known[clip];
  const before = read(watched?.seen);
  let mine = [];
  let told = []; // what was played when the last report was made
  let place = 0; // where the person was then
  let at = 0; // where it played last
  let left; // from where the person jumps, until it plays on
  let landed; // and where to
  const backs = []; // where jumps back led since the last report
  let finished = percent(before, seconds) >= 95;
  let last = 0;
  let begun = false;
  let stalls = 0;
  const { owner } = page;
  // Never in the name of the next person.
  const tell = (kind, data) =>
    page.owner == owner &&
    page.emit(kind, step?.id ?? '', { clip, film: version, at: Math.round(video.currentTime * 10) / 10, ...data });

  const flush = () => {
    const seen = write(mine);
    const here = video.currentTime;
    if (!begun || (seen == write(told) && Math.abs(here - place) < MOVED && !backs.length)) return;
    // Counts the whole seconds that are sent: other devices know only those.
    const all = read(write([...before, ...mine]));
    const quarter = passed(read(write([...before, ...told])), all, seconds)
      .filter((mark) => mark < 95)
      .at(-1);
    told = union(mine);
    place = here;
    // The library on this page shows it, too.
    known[clip] = { at: here, seen: write(all) };
    last = Date.now();
    page.noteClip(clip, Math.floor(here));
    const back = backs.splice(0).slice(-MOST).join();
    tell('video.progress', {
      seen,
      stalls,
      speed: video.playbackRate,
      captions: captioned(),
      ...(back && { back }),
      ...(quarter && { percent: quarter }),
    });
    page.notify('video.progress', { clip, at: Math.round(here), percent: Math.round(percent(all, seconds)) });
    // Once for each person: a person who had watched all of it before has sent it.
    if (!finished && percent(all, seconds) >= 95) {
      finished = true;
      tell('video.completed', { seen });
    }
  };

  const played = () => {
    if (video.seeking) return;
    const now = video.currentTime;
    if (left !== undefined && now - (landed ??= now) >= SETTLED) {
      if (left - landed >= BACK) backs.push(Math.round(landed));
      left = undefined;
    }
    if (left === undefined) at = now;
    // Addresses may have been renewed since: the browser only knows what was played of this one.
    mine = union([...mine, ...stretches(video)]);
    if (passed([...before, ...told], [...before, ...mine], seconds).length || Date.now() - last > EVERY) flush();
  };
  const on = (name, run) => video.addEventListener(name, run, { signal });
  on('playing', () => {
    if (begun) return;
    begun = true;
    last = Date.now();
    tell('video.started');
  });
  on('timeupdate', played);
  // A slider that is dragged jumps many times: what counts is where it was left and where it plays on.
  on('seeking', () => {
    left ??= at;
    landed = undefined;
  });
  on('waiting', () => begun && !video.seeking && stalls++);
  for (const name of ['pause', 'ended']) on(name, () => (played(), flush()));
  // Before the outbox says goodbye.
  const leave = () => (played(), flush());
  addEventListener('pagehide', leave, { capture: true, signal });
  addEventListener('visibilitychange', () => document.hidden && leave(), { capture: true, signal });
  return {
    flush,
    // A person who stopped near the end, or had hardly begun, starts over.
    resume: watched && watched.at >= 5 && watched.at < seconds * 0.95 ? watched.at : 0,
  };
};
