// One short, quiet tone for an answer. Browsers let a page sound only after a press, so a press arms it; a
// clip that plays is never disturbed.

/** Answers that come together ring once, in milliseconds. */
const APART = 1_000;

let audio;
let rang = 0;

/** After a press. */
export const arm = () => {
  try {
    audio ??= new AudioContext();
    audio.resume().catch(() => {});
  } catch {
    // Nothing sounds here.
  }
};

/** Rings, unless a clip plays or nobody pressed yet. Gives whether it does. */
export const ring = (page) => {
  if (Date.now() - rang < APART) return false;
  const plays = [...page.root.querySelectorAll('video')].some((video) => !video.paused);
  if (plays || audio?.state != 'running') return false;
  const tone = audio.createOscillator();
  const loud = audio.createGain();
  const now = audio.currentTime;
  tone.frequency.value = 660;
  loud.gain.setValueAtTime(0, now);
  loud.gain.linearRampToValueAtTime(0.08, now + 0.02);
  loud.gain.exponentialRampToValueAtTime(0.001, now + 0.35);
  tone.connect(loud).connect(audio.destination);
  rang = Date.now();
  tone.start(now);
  tone.stop(now + 0.4);
  return true;
};
