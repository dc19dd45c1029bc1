// A card in the panel's place: one at a time, named by its heading, left by Escape or its button.
import { make } from './dom.js';
import { words } from './i18n.js';

/** A button: `action` for the one thing to do, `plain` for other ways, `quiet` for ways round. */
export const button = (kind, text, onclick) => make('button', { class: kind, part: 'action', type: 'button', onclick }, text);

/** A field under its label. */
export const field = (label, input) => make('label', {}, label, input);

/** Whether the panel is over the page. */
export const isOver = (page) => !page.host.hasAttribute('data-inline') && !!page.root.querySelector('.panel:not(.asks)');

/** Takes the card away without a word. */
export const drop = (page) => {
  // First, so that what lives on can be moved out.
  const { asked } = page;
  if (!asked) return;
  asked.left();
  asked.box.remove();
  page.asked = undefined;
  delete page.host.dataset.asks;
  page.leavePlace();
};

/**
 * Takes the card away, because the `person` wants so or because something else comes in its place. The
 * focus goes back to where it came from, if it was in the card.
 */
export const shut = (page, person) => {
  const { asked, root } = page;
  if (!asked) return;
  const focused = asked.box.contains(root.activeElement);
  drop(page);
  asked.gone?.(person);
  if (!focused) return;
  const back = asked.from?.isConnected ? asked.from : (root.querySelector('.card h3') ?? root.querySelector('.launcher'));
  back?.focus({ preventScroll: true });
};

/**
 * Shows a card. With `quiet` the focus stays where the person is busy, and a screen reader is told.
 * `gone` hears that it was shut, and whether the person did it; `left` that it is away, however that
 * came. Gives what changes its content.
 */
export const show = (page, { title, quiet, gone, left = () => {} }, ...inner) => {
  page.takePlace('script', () => shut(page));
  const { root } = page;
  const from = root.activeElement;
  const heading = make('h2', { id: 'asks-title', tabindex: -1 }, title);
  const body = make('div', { class: 'body' }, ...inner);
  const said = make('p', { class: 'unseen', role: 'status' });
  const close = make('button', { class: 'close', part: 'close', type: 'button', 'aria-label': words.close, onclick: () => shut(page, true) });
  const box = make(
    'section',
    { class: 'panel asks', part: 'panel asks', role: 'dialog', 'aria-labelledby': 'asks-title', lang: page.locale },
    make('div', { class: 'head' }, heading, close),
    body,
    said,
  );
  box.addEventListener('keydown', (event) => {
    if (event.key != 'Escape' || event.isComposing || event.keyCode == 229) return;
    event.stopPropagation();
    shut(page, true);
  });
  // The page sees an element that is no field: what is typed here would be its shortcuts.
  for (const name of ['keydown', 'keypress', 'keyup'])
    box.addEventListener(name, (event) => event.target.matches('input, textarea, select') && event.stopPropagation());
  root.append(box);
  page.host.dataset.asks = '';
  page.asked = { box, from, gone, left };
  if (quiet) requestAnimationFrame(() => (said.textContent = title));
  else heading.focus({ preventScroll: true });
  return {
    // Another content, and what is said of it.
    turn(spoken, ...next) {
      const focused = box.contains(root.activeElement);
      body.replaceChildren(...next.filter(Boolean));
      said.textContent = spoken;
      if (focused) (body.querySelector('textarea, input, button') ?? heading).focus({ preventScroll: true });
    },
    say: (text) => (said.textContent = text),
    isOpen: () => box.isConnected,
  };
};
