// A step done on the spot: what a person enters goes to an action of the host's page. First a dry run
// that changes nothing, then row by row, with a way back. What was entered outlives the card.
import { button, field, show, shut } from './card.js';
import { make } from '../shared/dom.js';
import { read } from './rows.js';
import { vouched } from './vouch.js';
import { fill } from '../shared/words.js';

export const here = (page, step) => {
  const { words } = page;
  const { action, text, column: columns = [] } = step.here;
  const many = columns.length > 0;
  // What is written, and what became of it, for as long as the same person is there.
  const draft = (page.drafts[step.id] ??= { text: '' });
  const entry = make('textarea', { rows: 6, spellcheck: false, autocapitalize: 'off', placeholder: columns.map((one) => one.label).join('\t') });
  const wrong = make('p', { class: 'wrong', role: 'alert' });
  entry.addEventListener('input', () => (draft.text = entry.value));
  let stop;
  const card = show(page, { title: step.title, left: () => stop?.() });

  // Asks the host, one thing at a time: gives one result a row.
  const run = async (pressed, doing, request, rows) => {
    if (draft.running) return;
    draft.running = true;
    draft.text = entry.value;
    pressed.setAttribute('aria-busy', true);
    entry.readOnly = true;
    card.say(doing);
    try {
      const said = await page.actions[action]({ step: step.id, ...request });
      if (said === undefined || said === null) return rows.map(() => ({ ok: true }));
      if (!Array.isArray(said)) return rows.map(() => said);
      if (said.length != rows.length) throw new Error(fill(words.answers_missing, { n: said.length, total: rows.length }));
      return said.map((one) => one ?? { ok: true });
    } finally {
      draft.running = entry.readOnly = false;
      pressed.removeAttribute('aria-busy');
    }
  };
  const failure = (error) => fill(words.action_failed, { error: error?.message ?? error });
  // Somebody else may be there by now, or the widget gone: then nothing is said or done any more.
  const isMine = () => page.drafts[step.id] == draft;
  const reason = ({ wrong: column, double, result }) =>
    column ? fill(words.does_not_fit, { column }) : double ? words.twice : result && !result.ok ? result.message || words.refused : '';
  const values = (rows) => (many ? rows.map((row) => row.values) : []);
  const table = (rows) =>
    make(
      'ol',
      { class: 'rows' },
      ...rows.map((row) => {
        const why = reason(row);
        const line = columns.map((one) => row.values[one.id]).filter(Boolean).join('　') || row.line;
        return make('li', { class: why ? 'bad' : 'good' }, make('span', {}, line), why && make('small', {}, why));
      }),
    );
  const actions = (...buttons) => make('div', { class: 'actions' }, ...buttons);

  const enter = (said = '') => {
    const go = button('action', many ? words.check : words.apply, () => (many ? check(go) : finish([{ values: {} }], go)));
    const hint = fill(words.paste, { columns: columns.map((one) => one.label).join(words.and) });
    wrong.textContent = said;
    entry.value = draft.text;
    card.turn(said, make('p', {}, text), many && field(hint, entry), wrong, actions(go, button('quiet', words.cancel, () => shut(page, true))));
  };

  // A dry run of what can be read; the host may know more of what is wrong.
  const check = async (pressed) => {
    const rows = read(entry.value, columns);
    if (!rows.length) return (wrong.textContent = words.nothing_entered);
    wrong.textContent = '';
    const good = rows.filter((row) => !reason(row));
    try {
      const results = good.length ? await run(pressed, words.checking, { rows: values(good), dry: true }, good) : [];
      if (!results || !isMine()) return;
      good.forEach((row, at) => (row.result = results[at]));
      if (card.isOpen()) preview(rows);
      else draft.resume();
    } catch (error) {
      if (isMine()) draft.resume(failure(error));
    }
  };

  const preview = (rows) => {
    const good = rows.filter((row) => !reason(row));
    const said = fill(words.ready, { n: good.length, total: rows.length });
    const go = button('action', fill(words.do_rows, { n: good.length }), () => finish(rows, go));
    card.turn(said, make('p', {}, said), table(rows), wrong, actions(good.length > 0 && go, button('plain', words.correct, () => draft.running || enter())));
  };

  const finish = async (rows, pressed) => {
    const good = rows.filter((row) => !reason(row));
    wrong.textContent = '';
    try {
      const results = await run(pressed, words.working, { rows: values(good) }, good);
      if (!results || !isMine()) return;
      good.forEach((row, at) => (row.result = results[at]));
    } catch (error) {
      if (isMine()) draft.resume(failure(error));
      return;
    }
    page.tell('step.started', step.id, {});
    // What could not be done stays, to be corrected.
    draft.text = rows.filter((row) => !row.result?.ok).map((row) => row.line).join('\n');
    draft.rows = rows;
    draft.resume();
  };

  const outcome = (trouble) => {
    const { rows } = draft;
    const done = rows.filter((row) => row.result?.ok);
    const some = rows.length > done.length;
    const told = many ? fill(some ? words.did_some : words.did_all, { n: done.length, total: rows.length }) : some ? reason(rows[0]) : words.did_it;
    const state = make('p', { class: 'hint', role: 'status' });
    const back = button('plain', words.undo, () => undo(done, back));
    const close = button('action', words.close, () => shut(page, true));
    const next = some ? [button('action', words.correct, again)] : [close, many && button('plain', words.more, again)];
    wrong.textContent = trouble ?? '';
    card.turn(trouble ?? told, make('p', { class: done.length ? 'did' : 'wrong' }, told), many && table(rows), done.length > 0 && state, wrong, actions(...next, done.length > 0 && back));
    stop?.();
    if (done.length) stop = vouched(page, step, state);
  };
  const again = () => {
    delete draft.rows;
    enter();
  };

  const undo = async (done, pressed) => {
    let results;
    try {
      results = await run(pressed, words.working, { undo: done.map((row) => row.result.undo ?? row.values) }, done);
    } catch (error) {
      if (isMine()) draft.resume(failure(error));
      return;
    }
    if (!results || !isMine()) return;
    // What was undone is as it was: also in the field. What was not stays to be undone.
    const undone = done.filter((_, at) => results[at].ok);
    const stuck = results.find((result) => !result.ok);
    draft.text = [...undone.map((row) => row.line), draft.text].filter(Boolean).join('\n');
    draft.rows = stuck && draft.rows.filter((row) => !undone.includes(row));
    draft.resume(stuck ? failure(stuck.message || words.refused) : words.undone);
  };

  // Goes on where this step is, in whichever card is the newest.
  draft.resume = (said) => {
    if (!card.isOpen()) return;
    if (draft.running) card.turn(words.working, make('p', { class: 'hint' }, words.working));
    else if (draft.rows) outcome(said);
    else enter(said);
  };

  if (page.actions[action]) return draft.resume();
  const link = step.link && make('a', { class: 'action', part: 'action', href: step.link, 'data-step': step.id }, words.go);
  card.turn(words.not_here, make('p', {}, words.not_here), actions(link, button('quiet', words.close, () => shut(page, true))));
};
