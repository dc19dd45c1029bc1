// "Later" is a promise: the person chooses when the widget comes back to a step, and may say why.
import { button, field, show, shut } from './card.js';
import { make } from '../shared/dom.js';

const HOUR = 60 * 60 * 1000;

// Ten o'clock on the next day, in the person's time zone.
const tomorrow = () => {
  const day = new Date();
  day.setDate(day.getDate() + 1);
  return day.setHours(10, 0, 0, 0);
};

// A moment as a field for date and time writes it.
const local = (at) => new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

export const later = (page, step) => {
  const { words } = page;
  const why = make('input', { class: 'why-later', type: 'text', maxlength: 200 });
  const pick = make('input', { class: 'pick-later', type: 'datetime-local', min: local(Date.now()) });
  const wrong = make('p', { class: 'wrong', role: 'alert' });
  const promise = (until) => {
    if (!(until > Date.now())) {
      wrong.textContent = words.later_past;
      return pick.focus();
    }
    page.tell('step.snoozed', step.id, { until, reason: why.value.trim(), field: page.spot.name() });
    shut(page);
  };
  show(
    page,
    { title: words.later_when },
    make('p', { class: 'stage' }, step.title),
    make(
      'div',
      { class: 'pair later' },
      field(words.later_why, why),
      button('plain', words.later_hour, () => promise(Date.now() + HOUR)),
      button('plain', words.later_tomorrow, () => promise(tomorrow())),
      field(words.later_pick, pick),
      wrong,
      button('plain', words.later_set, () => promise(Date.parse(pick.value))),
      button('quiet', words.cancel, () => shut(page, true)),
    ),
  );
};
