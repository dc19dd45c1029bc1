// The keyboard inside a card: Escape, arrows, and Tab where everything else is out of reach.
import { isTyping } from '../shared/dom.js';
import { focusable } from './host.js';

/** What a key asks for: `close`, `next` or `back`; nothing when it belongs to somebody's typing. */
export const asked = (event, rtl) => {
  if (isTyping(event) || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  return { Escape: 'close', ArrowRight: rtl ? 'back' : 'next', ArrowLeft: rtl ? 'next' : 'back' }[event.key];
};

/** Keeps Tab between the card and the control: card, control, card. */
export const cycle = (event, card, target) => {
  const other = event.ctrlKey || event.metaKey || event.altKey;
  // Tab may choose among the words of a composition.
  if (event.key != 'Tab' || other || event.isComposing || event.keyCode == 229) return;
  const buttons = [...card.querySelectorAll('a,button')];
  const [first, last] = [buttons[0], buttons.at(-1)];
  const back = event.shiftKey;
  const origin = event.composedPath()[0];
  let onwards;
  if (card.contains(origin)) {
    const leaves = back ? origin === first || origin === card : origin === last;
    onwards = leaves && focusable(target, back);
  } else {
    const stays = target.contains(origin) && origin !== focusable(target, !back);
    onwards = !stays && (back ? last : first);
  }
  if (!onwards) return;
  event.preventDefault();
  onwards.focus({ preventScroll: true });
};
