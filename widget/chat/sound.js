// One short, quiet tone for an answer. Browsers let a page sound only after a press, so a press arms it; a
// clip that plays is never disturbed.

let audio;

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
  tone.start(now);
  tone.stop(now + 0.4);
  return true;
};
