// Tells an agent who looks elsewhere that somebody waits: a tone, and the system's own notice.
import { arm, ring } from '../widget/shared/sound.js';

window.bell = {
  // After a press: browsers ask for both.
  arm() {
    arm();
    window.Notification?.requestPermission?.();
  },
  ring(text) {
    ring({ root: document });
    try {
      // One notice, however often it rings.
      if (document.hidden && window.Notification?.permission == 'granted') new Notification('Tabiji', { body: text, tag: 'tabiji' });
    } catch {
      // Phones show notices of service workers only.
    }
  },
};
