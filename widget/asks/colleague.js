// Asking a colleague: a link that opens the product at this step, and a word to everybody about who has it.
import { button, field, make, show, shut } from './card.js';
import { fill } from './words.js';

/** The address that opens the widget at a step, on the page where the step is done. */
const linkTo = (step) => {
  const url = new URL(step.link ?? location.pathname + location.search, location.href);
  url.searchParams.set('tabiji-step', step.id);
  return url.href;
};

const copy = async (input, words, shown) => {
  try {
    await navigator.clipboard.writeText(input.value);
  } catch {
    // A page without the right to: what is selected can be copied by hand.
    input.select();
    if (!document.execCommand('copy')) return shown(words.copy_by_hand);
  }
  shown(words.copied);
};

export const colleague = (page, step) => {
  const { words } = page;
  const asked = page.progress.steps[step.id]?.asked;
  const who = make('input', { type: 'text', maxlength: 80, list: 'asks-people', autocomplete: 'off', required: true });
  const names = [...new Set(Object.values(page.people))].filter((name) => name != page.me.name);
  const people = make('datalist', { id: 'asks-people' }, ...names.map((value) => make('option', { value })));
  const wrong = make('p', { class: 'wrong', role: 'alert' });
  let card;

  const handOver = (name) => {
    const link = make('input', { type: 'text', readonly: true, value: linkTo(step), 'aria-label': words.link, onfocus: () => link.select() });
    const shown = make('span', { class: 'hint', role: 'status' });
    const body = fill(words.mail_body, { name, step: step.title, link: link.value });
    const mail = 'mailto:?subject=' + encodeURIComponent(fill(words.mail_subject, { step: step.title })) + '&body=' + encodeURIComponent(body);
    const back = () => {
      page.tell('step.delegated', step.id, { to: '' });
      shut(page);
    };
    card.turn(
      fill(words.asked, { name }),
      make('p', {}, fill(words.asked, { name })),
      make('p', { class: 'hint' }, words.send_link),
      field(words.link, link),
      make(
        'div',
        { class: 'actions' },
        button('action', words.copy, () => copy(link, words, (text) => (shown.textContent = text))),
        make('a', { class: 'plain', part: 'action', href: mail }, words.mail),
        button('plain', words.take_back, back),
        shown,
      ),
    );
  };
  const ask = (event) => {
    event.preventDefault();
    const name = who.value.trim();
    if (!name) return (wrong.textContent = words.name_missing);
    page.tell('step.delegated', step.id, { to: name });
    handOver(name);
  };
  card = show(
    page,
    { title: words.colleague },
    make('p', { class: 'stage' }, step.title),
    make(
      'form',
      { novalidate: true, onsubmit: ask },
      field(words.colleague_name, who),
      people,
      wrong,
      make('div', { class: 'actions' }, make('button', { class: 'action', part: 'action' }, words.make_link), button('plain', words.cancel, () => shut(page))),
    ),
  );
  if (asked) handOver(asked.to);
  else who.focus({ preventScroll: true });
};
