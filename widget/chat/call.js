// Asking for a call: a number, and when it suits.
import { button, field } from '../asks/card.js';
import { make } from '../shared/dom.js';
import { fill, words } from '../shared/words.js';
import { instant, moments } from './hours.js';

/** A number that somebody can dial, as the collector judges it. */
const isNumber = (text) => /^[\d+\-() ]{6,32}$/.test(text) && /^\d{6,15}$/.test(text.replace(/\D/g, ''));

/** A form for a call; `send` gets `{ phone, windows }`, `leave` hears that it is not wanted. */
export const call = (page, hours, send, leave) => {
  const { at, span } = moments(page);
  const number = make('input', { type: 'tel', autocomplete: 'tel', inputmode: 'tel', maxlength: 32, required: true, 'aria-describedby': 'call-wrong' });
  number.addEventListener('input', () => number.removeAttribute('aria-invalid'));
  const wrong = make('p', { class: 'wrong', role: 'alert', id: 'call-wrong' });
  const slots = (hours.calls ?? []).filter(([, to]) => to > instant(page));
  const boxes = slots.map((slot) => [slot, make('input', { type: 'checkbox' })]);
  const form = make(
    'form',
    { class: 'call' },
    field(words.phone, number),
    boxes.length > 0 && make('fieldset', {}, make('legend', {}, words.call_when), ...boxes.map(([slot, box]) => make('label', {}, box, span(slot)))),
    make('p', { class: 'hint' }, fill(words.call_by, { time: at(hours.call_by) })),
    wrong,
    make('div', { class: 'actions' }, make('button', { class: 'action', part: 'action', type: 'submit' }, words.call_send), button('quiet', words.cancel, leave)),
  );
  form.noValidate = true;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    // Japanese keyboards write numbers in full width, and several kinds of dashes.
    const phone = number.value.normalize('NFKC').replace(/[‐‑‒–—―ー−]/g, '-').trim();
    if (!isNumber(phone)) {
      wrong.textContent = words.failed_bad_call;
      number.setAttribute('aria-invalid', 'true');
      return number.focus();
    }
    send({ phone, windows: boxes.filter(([, { checked }]) => checked).map(([slot]) => slot) });
  });
  requestAnimationFrame(() => {
    form.scrollIntoView({ block: 'nearest' });
    number.focus({ preventScroll: true });
  });
  return form;
};
