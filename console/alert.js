// Alerts an agent who looks elsewhere that conversations wait: a tone, and a notice of the system. Called by `src/inbox/alerts.rs`.
import { arm, ring } from './sound.js';

window.agentAlert = {
  // Runs in the handler of a press: browsers allow both only then.
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
