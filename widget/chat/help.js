// Help first: what the step's clip and the articles answer needs nobody's time. One press leads to a person.
import { button, show, shut } from '../asks/card.js';
import { ask } from '../shared/collector.js';
import { make } from '../shared/dom.js';
import { rank } from '../shared/search.js';
import { steps } from '../shared/plan.js';
import { fill, words } from '../shared/words.js';
import { promise } from './hours.js';

/** Articles that are offered before anything is looked for. */
const OFFERED = 4;
/** How long an answer is used, in milliseconds. */
const FRESH = 10 * 60 * 1000;

let known;

const articles = (page) => {
  const key = page.site + page.locale;
  if (known?.key != key || Date.now() - known.at > FRESH) {
    const mine = (known = { key, at: Date.now() });
    mine.answer = ask(page, 'v1/help').then(({ articles }) => articles.map((article) => ({ ...article, words: written(article.text) })));
    mine.answer.catch(() => known == mine && (known = undefined));
  }
  return known.answer;
};

const written = (blocks) => blocks.flatMap((block) => Object.values(block)[0].flat()).map(({ t }) => t).join(' ');

/** Shows help for a step, where it is about one. */
export const help = (page, talk, step) => {
  const toPerson = () => talk.write();
  const { owner } = page;
  const find = make('input', { type: 'search', maxlength: 200, 'aria-label': words.find, placeholder: words.find });
  const said = make('p', { class: 'hint', role: 'status' }, words.looking);
  const list = make('div', { class: 'faq' });
  const clip = step?.video && button('plain', words.step_clip, () => page.ask('clip', step.id));
  const person = make('div', { class: 'person' }, make('p', { class: 'hint' }, promise(page, talk.hours)), button('action', words.person, toPerson));
  const card = show(page, { title: words.title }, clip, page.talk?.help && find, said, list, person);
  if (!page.talk?.help) return void (said.textContent = '');

  const leads = (to, text) => {
    const id = to.startsWith('step:') && to.slice(5);
    if (id) return steps(page).some((step) => step.id == id) ? button('link', text, () => (shut(page), page.show(id))) : text;
    return make('a', { href: to, target: '_blank', rel: 'noopener noreferrer nofollow' }, text);
  };
  const spans = (all) => all.map(({ t, b, to }) => (to ? leads(to, t) : b ? make('b', {}, t) : t));
  const KINDS = {
    p: (all) => make('p', {}, ...spans(all)),
    h: (all) => make('h4', {}, ...spans(all)),
    ul: (items) => make('ul', {}, ...items.map((all) => make('li', {}, ...spans(all)))),
    ol: (items) => make('ol', {}, ...items.map((all) => make('li', {}, ...spans(all)))),
  };
  const row = (article) => {
    const tell = (kind) => page.owner == owner && page.tell(kind, step?.id ?? '', { article: article.id });
    const judge = make('div', { class: 'actions' });
    const helped = () => {
      tell('faq.helped');
      const glad = make('p', { class: 'did', role: 'status', tabindex: -1 }, words.glad);
      judge.replaceChildren(glad);
      glad.focus({ preventScroll: true });
    };
    judge.append(button('plain', words.helped, helped), button('quiet', words.person, toPerson));
    const box = make(
      'details',
      { name: 'faq' },
      make('summary', {}, article.title),
      make('div', { class: 'answer' }, ...article.text.map((block) => Object.entries(block).map(([kind, all]) => KINDS[kind]?.(all) ?? '')[0]), judge),
    );
    let seen;
    box.addEventListener('toggle', () => {
      if (!box.open || seen || page.owner != owner) return;
      seen = true;
      page.article = article.title.slice(0, 200).toWellFormed?.() ?? article.title.slice(0, 200);
      tell('faq.viewed');
    });
    return box;
  };
  // What is open stays open, whatever is looked for.
  const rows = new Map();
  const rowOf = (article) => rows.get(article.id) ?? rows.set(article.id, row(article)).get(article.id);
  const look = (all) => {
    const asked = find.value.trim();
    // The step's own first.
    const its = ({ steps = [] }) => (steps.includes(step?.id) ? 0 : 1);
    const found = asked ? rank(asked, all) : all.toSorted((one, other) => its(one) - its(other)).slice(0, OFFERED);
    list.replaceChildren(...found.map(rowOf));
    said.textContent = !asked ? '' : found.length ? fill(words.found, { n: found.length }) : words.not_found;
  };
  articles(page).then(
    (all) => {
      if (!card.isOpen()) return;
      look(all);
      find.addEventListener('input', ({ isComposing }) => isComposing || look(all));
      find.addEventListener('compositionend', () => look(all));
    },
    (error) => {
      console.warn('[tabiji] ' + error);
      said.textContent = words.no_articles;
    },
  );
};
