// One clip: the browser's own video with controls that everybody can use. Nothing of it is fetched, and
// nothing sounds, before a person presses play.
import { button, shut } from '../shared/card.js';
import { isTyping, make } from '../shared/dom.js';
import { isDone } from '../shared/flow.js';
import { clock, fill, words } from '../shared/i18n.js';
import { films, forget, script } from './videos.js';
import { report } from './report.js';
import { transcript } from './transcript.js';
import { spoken } from './words.js';

const SPEEDS = [0.75, 1, 1.25, 1.5, 2];
/** What an arrow key jumps over, in seconds. */
const STEP = 5;
const ICONS = {
  play: 'M7 4l13 8-13 8z',
  pause: 'M6 4h4v16H6zM14 4h4v16h-4z',
  mute: 'M4 9h4l5-4v14l-5-4H4zM16 9a4 4 0 0 1 0 6',
  captions: 'M3 5h18v14H3zM10 10a2.5 2.5 0 1 0 0 4M17 10a2.5 2.5 0 1 0 0 4',
  pip: 'M3 5h18v14H3zM12 12h8v6h-8z',
  full: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
};
const icon = (name) =>
  make(
    'svg',
    { viewBox: '0 0 24 24', 'aria-hidden': 'true', class: name == 'play' || name == 'pause' ? 'filled' : undefined },
    make('path', { d: ICONS[name] }),
  );

// The smallest size that is sharp here.
const best = (sizes, width) => sizes.find((size) => size.width >= width * devicePixelRatio) ?? sizes.at(-1);

/**
 * Puts a film into a card. `from` is where the step's answer begins, `step` what the clip helps with, and
 * `shelf` leads to the others. Gives the function that ends it.
 */
export const player = (page, card, film, watched, { from, step, shelf }) => {
  const ending = new AbortController();
  const { signal } = ending;
  const { seconds, scripts = [] } = film;
  const spokenHere = script(page, film);
  const video = make('video', {
    playsinline: true,
    preload: 'none',
    crossorigin: 'anonymous',
    poster: film.poster && page.base + film.poster,
    tabindex: -1,
  });
  const tracks = scripts.map(({ lang }) => make('track', { kind: 'captions', srclang: lang, label: lang }));
  video.append(...tracks);
  const { flush, resume } = report(page, film, video, watched, step, () => captioned, signal);
  const on = (name, run) => video.addEventListener(name, run, { signal });

  const cue = make('p', { class: 'cue', 'aria-hidden': 'true' });
  const screen = make('div', { class: 'screen', onclick: (event) => event.target === video && toggle() }, video, cue);
  const control = (name, run, attributes) =>
    make(
      'button',
      { class: 'tool', type: 'button', 'aria-label': words[name], title: words[name], onclick: run, ...attributes },
      icon(name),
    );
  const seek = make('input', {
    type: 'range',
    min: 0,
    max: Math.ceil(seconds),
    step: 1,
    value: 0,
    'aria-label': words.seek,
    class: 'seek',
  });
  const time = make('span', { class: 'time' });
  const speed = make(
    'select',
    { class: 'speed', 'aria-label': words.speed },
    ...SPEEDS.map((value) => make('option', { value, selected: value == 1 }, value + '×')),
  );
  const playing = control('play', () => toggle());
  const captions = spokenHere && control('captions', () => caption(!captioned), { 'aria-pressed': 'true' });
  const mute = control('mute', () => (video.muted = !video.muted), { 'aria-pressed': 'true' });
  const pip = document.pictureInPictureEnabled && control('pip', () => small());
  const full = control('full', () => fillScreen());
  const said = transcript(spokenHere, (at) => jump(at, true));
  let captioned = !!spokenHere;

  // Where it is, or will be once it plays.
  let aim;
  const place = () => (video.src ? video.currentTime : (aim ?? 0));
  const fetched = ({ sizes, scripts = [] }) => {
    video.src = page.base + best(sizes, screen.clientWidth).file;
    scripts.forEach(({ file }, n) => tracks[n] && (tracks[n].src = page.base + file));
    for (const track of video.textTracks) track.mode = 'disabled';
  };
  const start = (at) => {
    if (video.error) return again();
    if (!video.src) fetched(film);
    const focused = [begin, broken].some((over) => over.contains(page.root.activeElement));
    begin.remove();
    broken.remove();
    if (focused) playing.focus({ preventScroll: true });
    // Inside the press: browsers refuse what comes later.
    if (at !== undefined) jump(at);
    video.play().catch(() => {});
  };
  // Addresses expire, and video files are replaced: the player asks for everything again.
  const again = async () => {
    const at = place();
    forget();
    const fresh = await films(page).catch(() => {});
    if (signal.aborted || !fresh?.films[film.clip]) return;
    fetched(fresh.films[film.clip]);
    start(at);
  };
  const toggle = () => (video.paused ? start(video.src ? undefined : (aim ?? (resume || from))) : video.pause());
  const jump = (at, play) => {
    const there = Math.max(0, Math.min(at, seconds - 0.1));
    if (video.src) video.currentTime = there;
    else aim = there;
    moved();
    if (play && video.paused) start(video.src ? undefined : at);
  };
  const choice = (kind, text, at) => button(kind, text, () => (start(at), playing.focus({ preventScroll: true })));
  const begin = make(
    'div',
    { class: 'begin' },
    // What was asked for comes before what was left.
    ...[
      from > 0 && [fill(words.play_from, { time: clock(from) }), from],
      resume > 0 && [fill(words.resume, { time: clock(resume) }), resume],
      from > 0 ? undefined : [resume > 0 ? words.from_start : words.play, 0],
    ]
      .filter(Boolean)
      .map(([text, at], n) => choice(n ? 'plain' : 'action', text, at)),
  );
  const broken = make(
    'div',
    { class: 'begin', role: 'alert' },
    make('p', {}, words.broken),
    button('action', words.retry, () => again()),
  );

  let held = false; // by a pointer
  let own = false; // the person moves it
  const moved = () => {
    const at = place();
    if (!held) seek.value = at;
    // A reader says each change of a slider that has the focus: only the person's own.
    if (page.root.activeElement !== seek || own)
      seek.setAttribute('aria-valuetext', fill(words.position, { at: spoken(at), all: spoken(seconds) }));
    time.textContent = clock(at) + ' / ' + clock(seconds);
    cue.textContent = (captioned && spokenHere.cues.find((cue) => cue.from <= at && at < cue.to)?.text) || '';
    said.move(at);
  };
  const caption = (wanted) => {
    captioned = wanted;
    captions?.setAttribute('aria-pressed', wanted);
    native(isNative);
    moved();
  };
  // Where our own captions cannot go, the browser's do.
  let isNative = false;
  const native = (shown) => {
    isNative = shown;
    for (const track of video.textTracks)
      track.mode = shown && captioned && track.language == spokenHere?.lang ? 'showing' : 'disabled';
  };
  const small = () =>
    (page.root.pictureInPictureElement === video ? document.exitPictureInPicture() : video.requestPictureInPicture()).catch(
      () => {},
    );
  const fillScreen = () => {
    if (page.root.fullscreenElement === box) document.exitFullscreen();
    else if (box.requestFullscreen) box.requestFullscreen().catch(() => {});
    else if (video.readyState) video.webkitEnterFullscreen?.();
  };

  const state = () => {
    const name = video.paused ? 'play' : 'pause';
    playing.replaceChildren(icon(name));
    playing.setAttribute('aria-label', words[name]);
    playing.title = words[name];
  };
  const tabs = new BroadcastChannel('tabiji:clips');
  tabs.onmessage = () => video.pause();
  on('play', () => (state(), tabs.postMessage(0)));
  on('pause', state);
  on('timeupdate', moved);
  on('seeked', moved);
  on('volumechange', () => mute.setAttribute('aria-pressed', !video.muted));
  on('ratechange', () => (speed.value = video.playbackRate));
  on('error', () => {
    if (!video.src) return;
    screen.append(broken);
    page.emit('widget.error', step?.id ?? '', { tag: 'clip_failed', clip: film.clip, code: video.error?.code ?? 0 });
  });
  on('ended', () => onwards?.classList.replace('plain', 'action'));
  on('enterpictureinpicture', () => native(true));
  on('leavepictureinpicture', () => {
    native(false);
    if (page.floats == end) end();
  });
  on('webkitbeginfullscreen', () => native(true));
  on('webkitendfullscreen', () => native(false));
  seek.addEventListener('input', () => {
    own = true;
    jump(Number(seek.value));
    own = false;
  });
  seek.addEventListener('pointerdown', () => (held = true));
  for (const name of ['pointerup', 'pointercancel', 'blur']) seek.addEventListener(name, () => (held = false));
  // Fetching sets the rate back to the usual one.
  const pace = (rate) => (video.playbackRate = video.defaultPlaybackRate = rate);
  speed.addEventListener('change', () => pace(Number(speed.value)));

  const keys = {
    k: () => toggle(),
    ' ': () => toggle(),
    ArrowLeft: () => jump(place() - STEP),
    ArrowRight: () => jump(place() + STEP),
    ArrowUp: () => (video.volume = Math.min(1, video.volume + 0.1)),
    ArrowDown: () => (video.volume = Math.max(0, video.volume - 0.1)),
    m: () => (video.muted = !video.muted),
    c: () => caption(!captioned),
    f: () => fillScreen(),
    '<': () => faster(-1),
    '>': () => faster(1),
  };
  const faster = (by) => pace(SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, SPEEDS.indexOf(video.playbackRate) + by))] ?? 1);
  const box = make(
    'div',
    { class: 'player', role: 'group' },
    screen,
    make('div', { class: 'bar' }, playing, seek, time),
    make('div', { class: 'bar' }, mute, captions, pip, full, speed),
  );
  box.addEventListener('keydown', (event) => {
    const { key, ctrlKey, metaKey, altKey } = event;
    // What a slider, a list or a button does with a key is theirs.
    const theirs = isTyping(event)
      ? !/^[kmcf<>]$/.test(key) || event.isComposing
      : key == ' ' && event.composedPath()[0].matches('button');
    const run = /^\d$/.test(key) ? () => jump((Number(key) / 10) * seconds) : keys[key];
    if (!run || theirs || ctrlKey || metaKey || altKey) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  });

  const open = step && !isDone(page, step.id) && step.guide;
  const onwards = open && button('plain', fill(words.step, { step: step.title }), () => (shut(page), page.guide(step.id)));
  const others = page.flow?.clip?.length > 1 && button('quiet', words.shelf, shelf);
  screen.append(begin);
  card.turn('', box, make('div', { class: 'actions' }, onwards, others), ...said.parts);
  moved();

  const end = () => {
    if (page.floats == end) page.floats = undefined;
    video.pause();
    try {
      flush();
    } finally {
      ending.abort();
      tabs.close();
      video.remove();
      video.removeAttribute('src');
      video.load();
    }
  };
  return () => {
    const floats = page.root.pictureInPictureElement === video;
    if (!floats || !page.root.moveBefore || !page.host.isConnected) return end();
    // It plays on in its small window while the person works.
    video.className = 'unseen';
    page.root.moveBefore(video, null);
    page.floats = end;
  };
};
