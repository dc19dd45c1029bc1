// Asking a colleague: a link that opens the product at this step, and a word to everybody about who has it.
import { button, field, show, shut } from './card.js';
import { make } from '../shared/dom.js';
import { fill } from '../shared/words.js';

const PARAMETER = 'tabiji-step';

/** The address that opens the widget at a step, on the page where the step is done. */
const linkTo = (step) => {
  // Without a link of its own it is this page, less its query: that may hold what is this person's alone.
  const here = new URL(location.pathname + location.hash, location.href);
  const url = step.link ? new URL(step.link, location.href) : here;
  const target = /^https?:$/.test(url.protocol) ? url : here;
  target.search += (target.search ? '&' : '?') + PARAMETER + '=' + step.id;
  return target.href;
};

/**
 * Opens the step that somebody was sent to, and leaves the page's own address. Who signs in only after the
 * page has loaded was sent there too.
 */
export const sentTo = (page) => {
  const { pathname, search, hash } = location;
  const found = new RegExp('[?&]' + PARAMETER + '=([\\w-]+)').exec(search);
  if (found) {
    page.sent = found[1];
    try {
      history.replaceState(history.state, '', pathname + search.replace(found[0], '').replace(/^&/, '?') + hash);
    } catch {
      // A page that forbids it keeps the address.
    }
  }
  if (!page.sent || page.sentAs == page.owner) return;
  page.sentAs = page.owner;
  page.call('start', [page.sent]);
  if (!page.me.user.includes('device-')) delete page.sent;
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
        button('quiet', words.take_back, back),
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
      make('div', { class: 'actions' }, make('button', { class: 'action', part: 'action' }, words.make_link), button('quiet', words.cancel, () => shut(page, true))),
    ),
  );
  if (asked) handOver(asked.to);
  else who.focus({ preventScroll: true });
};
