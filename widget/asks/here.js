// A step done on the spot: what a person enters goes to an action of the host's page. First a dry run
// that changes nothing, then row by row, with a way back.
import { button, field, make, show, shut } from './card.js';
import { read } from './rows.js';
import { fill } from './words.js';

/** How long the host's backend may take to vouch for it before more is said, in milliseconds. */
const PATIENCE = 15_000;

export const here = (page, step) => {
  const { words } = page;
  const { action, text, column: columns = [] } = step.here;
  const run = async (request) => {
    const results = await page.actions[action]({ step: step.id, ...request });
    return Array.isArray(results) ? results : [results ?? { ok: true }];
  };
  const entry = make('textarea', { rows: 6, spellcheck: false, autocapitalize: 'off', placeholder: columns.map((one) => one.label).join('\t') });
  const wrong = make('p', { class: 'wrong', role: 'alert' });
  const card = show(page, { title: step.title });
  const busy = (pressed, doing) => {
    pressed.setAttribute('aria-busy', true);
    pressed.disabled = true;
    card.say(doing);
  };

  const enter = () => {
    const go = button('action', columns.length ? words.check : words.apply, () => (columns.length ? check(go) : finish([{ values: {} }], go)));
    const hint = columns.length && fill(words.paste, { columns: columns.map((one) => one.label).join(words.and) });
    card.turn(
      '',
      make('p', {}, text),
      columns.length ? field(hint, entry) : undefined,
      wrong,
      make('div', { class: 'actions' }, go, button('plain', words.cancel, () => shut(page))),
    );
    if (columns.length) entry.focus({ preventScroll: true });
  };

  const failed = (error) => {
    enter();
    wrong.textContent = fill(words.action_failed, { error: error?.message ?? error });
  };

  // A dry run of what can be read; the host may know more of what is wrong.
  const check = async (pressed) => {
    const rows = read(entry.value, columns);
    if (!rows.length) return (wrong.textContent = words.nothing_entered);
    wrong.textContent = '';
    const good = rows.filter((row) => !row.wrong && !row.double);
    busy(pressed, words.checking);
    try {
      const results = good.length ? await run({ rows: good.map((row) => row.values), dry: true }) : [];
      good.forEach((row, at) => (row.result = results[at] ?? { ok: true }));
    } catch (error) {
      return failed(error);
    }
    if (card.isOpen()) preview(rows);
  };

  const reason = (row) =>
    row.wrong ? fill(words.does_not_fit, { column: row.wrong }) : row.double ? words.twice : row.result && !row.result.ok ? row.result.message || words.refused : '';

  const table = (rows) =>
    make(
      'ol',
      { class: 'rows' },
      ...rows.map((row) => {
        const why = reason(row);
        const line = columns.length ? columns.map((one) => row.values[one.id]).filter(Boolean).join('　') || row.line : step.title;
        return make('li', { class: why ? 'bad' : 'good' }, make('span', {}, line), why && make('small', {}, why));
      }),
    );

  const preview = (rows) => {
    const good = rows.filter((row) => !reason(row));
    const said = fill(words.ready, { n: good.length, total: rows.length });
    const go = button('action', fill(words.do_rows, { n: good.length }), () => finish(rows, go));
    const correct = button('plain', words.correct, enter);
    card.turn(said, make('p', {}, said), table(rows), make('div', { class: 'actions' }, good.length > 0 && go, correct));
  };

  const finish = async (rows, pressed) => {
    const good = rows.filter((row) => !reason(row));
    busy(pressed, words.working);
    page.tell('step.started', step.id, {});
    try {
      const results = await run({ rows: columns.length ? good.map((row) => row.values) : [] });
      good.forEach((row, at) => (row.result = results[at] ?? { ok: true }));
    } catch (error) {
      return failed(error);
    }
    if (card.isOpen()) outcome(rows);
  };

  const outcome = (rows) => {
    const done = rows.filter((row) => row.result?.ok);
    const left = rows.filter((row) => !row.result?.ok);
    // What could not be done stays, to be corrected.
    entry.value = left.map((row) => row.line).join('\n');
    const said = columns.length ? fill(left.length ? words.did_some : words.did_all, { n: done.length, total: rows.length }) : left.length ? reason(left[0]) : words.did_it;
    const state = make('p', { class: 'hint', role: 'status' });
    const back = button('plain', words.undo, () => undo(done, back));
    card.turn(
      said,
      make('p', { class: done.length ? 'did' : 'wrong' }, said),
      columns.length ? table(rows) : undefined,
      done.length > 0 && state,
      make(
        'div',
        { class: 'actions' },
        left.length > 0 ? button('action', words.correct, enter) : button('action', words.close, () => shut(page)),
        done.length > 0 && back,
      ),
    );
    if (done.length) vouched(state);
  };

  // Between what was done here and what the host's backend vouches for.
  const vouched = (state) => {
    const says = (text) => state.textContent != text && (state.textContent = text);
    const patience = setTimeout(() => {
      if (page.progress.steps[step.id]?.status != 'done') says(words.not_yet);
    }, PATIENCE);
    page.moved = () => {
      if (!state.isConnected) {
        clearTimeout(patience);
        page.moved = undefined;
      } else says(page.progress.steps[step.id]?.status == 'done' ? words.verified : words.checking);
    };
    page.moved();
  };

  const undo = async (done, pressed) => {
    busy(pressed, words.working);
    try {
      await run({ undo: done.map((row) => row.result.undo ?? row.values) });
    } catch (error) {
      return failed(error);
    }
    if (!card.isOpen()) return;
    // Everything is as it was: also what stood in the field.
    entry.value = [...done.map((row) => row.line ?? ''), entry.value].filter(Boolean).join('\n');
    enter();
    card.say(words.undone);
    wrong.textContent = words.undone;
  };

  enter();
};
