// The way to a person: a round button beside the launcher, with the number of answers that nobody has read.
import { shut } from './card.js';
import { make } from '../shared/dom.js';
import { fill } from '../shared/words.js';

const ICON = 'M4 5h16v11H9l-5 4z';

/** `name` is the chat's module, which is fetched when it is wanted, or when a question is open. */
export const bubble = (page, name, signal) => {
  const { words } = page;
  const icon = make('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, make('path', { d: ICON }));
  const count = make('b', { class: 'count', hidden: true });
  const press = () => (page.asked?.box.querySelector('.talk, .faq') ? shut(page, true) : page.ask('chat'));
  const button = make('button', { class: 'bubble', part: 'bubble', type: 'button', title: words.talk, onclick: press, lang: page.locale }, icon, count);
  let listens;

  // What the last field complained of: whoever helps need not ask.
  const complains = ({ target }) => {
    const label = target.labels?.[0]?.textContent.trim() ?? target.name ?? '';
    const text = (label + ': ' + target.validationMessage).slice(0, 200);
    // Cut in the middle of a letter it could not be sent.
    page.complaint = text.toWellFormed?.() ?? text;
  };
  document.addEventListener('invalid', complains, { capture: true, signal });
  signal.addEventListener('abort', () => button.remove());

  page.talked = (unread) => {
    count.textContent = unread;
    count.hidden = !unread;
    button.setAttribute('aria-label', unread ? fill(words.talk_unread, { n: unread }) : words.talk);
  };
  // Somebody whom no token vouches for is known to the chat by this device alone.
  const spoke = () => {
    try {
      return !page.identity?.token && !!localStorage['tabiji:talk:' + page.owner];
    } catch {}
  };
  return {
    /** The collector said whether there is anybody to talk to, and whether a question is open. */
    look() {
      if (!page.talk) return button.remove();
      page.vouched?.();
      if (!button.isConnected) {
        page.talked(page.talk.unread);
        page.root.querySelector('.launcher')?.after(button);
      }
      if (listens || !(page.talk.open || spoke())) return;
      const { owner } = page;
      listens = page.fetch(name).then(({ listen }) => page.owner == owner && !signal.aborted && listen(page)).catch(() => (listens = undefined));
    },
    forget() {
      listens = undefined;
      button.remove();
    },
  };
};
