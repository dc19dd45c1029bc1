// The thread as it is shown: what was said, how it stands with what is on its way, and where one writes.
import { button, field as label, show, shut } from '../asks/card.js';
import { make } from '../shared/dom.js';
import { clock, fill, words } from '../shared/words.js';
import { brings } from './brings.js';
import { amount } from './files.js';
import { shown } from './log.js';
import { nodes } from './text.js';
import { call } from './call.js';
import { changes, instant, moments, promise } from './hours.js';

/** Somebody who types is told of again after this, in milliseconds. */
const TYPING = 3_000;
/** Bubbles of one author that are no farther apart than this, in milliseconds, have one heading. */
const PAUSE = 5 * 60 * 1000;
/** Within this, in milliseconds, the new hours are asked for when the old ones are over. */
const SPREAD = 60_000;
/** Characters that a message may have. */
const LONGEST = 4000;

/** Where what somebody began to write is kept. */
export const drafts = ({ owner }) => 'tabiji:draft:' + owner;

/** Shows a thread; `gone` hears that it is away. Gives `draw`, and whether somebody reads it. */
export const thread = (page, talk, gone) => {
  const draft = drafts(page);
  const ending = new AbortController();
  const state = make('p', { class: 'hint', role: 'status' });
  const list = make('ol');
  const talked = make('div', { class: 'talk', role: 'log', 'aria-label': words.title, tabindex: 0 }, list);
  const soon = make('p', { class: 'hint soon' });
  const types = make('p', { class: 'hint types', 'aria-live': 'off' });
  const mark = make('p', { class: 'hint how' });
  const after = make('div', { class: 'after' });
  const field = make('textarea', { rows: 1, maxlength: LONGEST, 'aria-label': words.write, placeholder: words.write, enterkeyhint: 'send' });
  const press = make('button', { class: 'action', part: 'action', type: 'submit' }, words.send);
  const brought = brings(talk, field);
  const form = make('form', { class: 'write' }, brought.clip, field, press, brought.chosen);
  const card = show(
    page,
    { title: words.title, left: () => (ending.abort(), talk.types(false), gone()) },
    state,
    soon,
    talked,
    mark,
    types,
    after,
    brought.list,
    form,
  );
  brought.dropped(talked, form);

  const { at: moment, span } = moments(page);

  const store = (text) => {
    try {
      text ? (localStorage[draft] = text) : localStorage.removeItem(draft);
    } catch {
      // It is in the field, until the page goes.
    }
  };
  try {
    field.value = localStorage[draft] ?? '';
  } catch {
    // As above.
  }
  const grow = () => {
    field.style.height = 'auto';
    field.style.height = Math.min(field.scrollHeight + 2, 138) + 'px';
  };
  let told = -TYPING;
  field.addEventListener('input', ({ timeStamp }) => {
    grow();
    store(field.value);
    if (timeStamp - told > TYPING) talk.types(!!field.value.trim()), (told = timeStamp);
  });
  // Enter that confirms kana-kanji conversion sends nothing. Safari ends the composition before the key.
  let composed = 0;
  field.addEventListener('compositionend', ({ timeStamp }) => (composed = timeStamp));
  field.addEventListener('keydown', (event) => {
    const composes = event.isComposing || event.keyCode == 229 || event.timeStamp - composed < 50;
    if (event.key != 'Enter' || event.shiftKey || composes) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    field.value = '';
    store();
    grow();
    low = true;
    talk.send(text);
    field.focus({ preventScroll: true });
  });

  const say = (one, before) => {
    const mine = !one.author || one.author.side == 'visitor';
    const heads = !before || before.mine != mine || one.at - before.at > PAUSE;
    const name = mine ? words.you : one.author.name || words.us;
    const { text = one.text, clip, step, file = one.file } = one.body ?? {};
    const call = one.call ?? (one.kind == 'callback' && one.body);
    const asks = call && [fill(words.call_asked, { phone: call.phone.replaceAll('-', '\u2011') }), ...(call.windows?.length ? call.windows.map(span) : [words.call_any])].join('\n');
    const watch = clip && button('plain', fill(words.watch, { time: clock(clip.from ?? 0) }), () => page.ask('clip', { video: clip }));
    const point = step && button('plain', words.point, () => (shut(page), page.show(step)));
    return make(
      'li',
      { class: mine ? 'mine' : 'theirs' },
      heads && make('small', {}, name + ' ', make('time', { datetime: new Date(one.at).toISOString() }, moment(one.at))),
      (asks || text) && make('p', {}, ...nodes(asks || text)),
      file && (one.c ? button('plain file', file.name + ' · ' + amount(file.size), () => talk.files.save(one.c, file.id).catch(() => card.say(words.no_file))) : make('p', {}, file.name)),
      watch,
      point,
    );
  };
  const notes = { claimed: words.claimed, handed: words.claimed, called: words.called, escalated: words.escalated, resolved: words.resolved, reopened: words.reopened, rated: words.rated };
  const how = (one) => {
    if (one.failed) return words['failed_' + one.failed] ?? words.failed;
    if (one.acked) return words.sent;
    if (!one.seq) return talk.state == 'waiting' ? words.later : words.sending;
    return one.seq <= (talk.head?.seen ?? 0) ? words.read : words.sent;
  };

  let drawn;
  let ended;
  let turning; // draws when somebody comes or goes
  const draw = () => {
    if (!card.isOpen()) return;
    const { lines, box, head } = talk;
    const all = shown(lines, box.all());
    state.textContent = { waiting: words.offline, slow: words.slow, refused: words.refused, busy: words.busy }[talk.state] ?? '';
    soon.textContent = promise(page, talk.hours);
    clearTimeout(turning);
    const left = changes(page, talk.hours);
    // Not everybody at once.
    if (left) turning = setTimeout(() => (draw(), setTimeout(talk.refresh, Math.random() * SPREAD)), left + 500);
    types.textContent = talk.typing ? fill(words.types, { name: talk.typing }) : '';
    const mine = all.findLast(({ author, kind = 'message' }) => /message|callback/.test(kind) && author?.side != 'agent');
    // Only what changed: a reader says what is added.
    mark.textContent = mine && mine == all.findLast(({ kind = 'message' }) => /message|callback/.test(kind)) ? how(mine) : '';
    // Only what it depends on: a button that is pressed must not be drawn anew under the finger.
    const last = (wanted) => lines.findLastIndex(({ kind }) => kind == wanted);
    const rates = head?.standing == 'resolved' && last('rated') < last('resolved');
    const asked = box.all().some(({ call }) => call) || last('callback') > Math.max(last('called'), last('resolved'));
    const can = !asked && talk.hours?.call_by > instant(page);
    const said = all.findLast(({ kind = 'message' }) => /message|callback|resolved/.test(kind));
    const quick = said?.author?.side == 'agent' ? (said.body?.quick ?? []) : [];
    brought.draw();
    const ending = JSON.stringify([box.held().length, rates, can, quick]);
    if (ending != ended && !after.querySelector('form')) {
      const focused = after.contains(page.root.activeElement);
      ends(box.held(), rates, can, quick);
      if (focused) field.focus({ preventScroll: true });
      ended = ending;
    }
    // What has come back can be more than it was: a file can be saved.
    const now = all.map(({ mid, seq }) => mid + !!seq).join();
    if (now != drawn) {
      drawn = now;
      const rows = [];
      let before;
      for (const one of all) {
        if (!one.kind || one.kind == 'message' || one.kind == 'callback') {
          rows.push(say(one, before));
          before = { mine: !one.author || one.author.side == 'visitor', at: one.at };
        } else if (notes[one.kind]) {
          rows.push(make('li', { class: 'note' }, fill(one.kind == 'escalated' && talk.hours?.call_by ? words.escalated_call : notes[one.kind], { name: (one.body?.agent ?? one.author).name || words.us })));
          before = undefined;
        }
      }
      if (!all.length) rows.push(make('li', { class: 'note' }, words.hello));
      patch(list, rows);
      if (low) talked.scrollTop = talked.scrollHeight;
    }
    if (reads()) talk.read();
  };
  // What can be done with what was not sent, and with what is answered.
  const ends = (held, rates, can, quick) => {
    const parts = [];
    if (held.length)
      parts.push(
        make('p', { class: 'wrong', role: 'alert' }, fill(words.held, { n: held.length })),
        make('div', { class: 'actions' }, button('plain', words.again, () => talk.retry()), button('quiet', words.drop, () => held.forEach(({ mid }) => talk.drop(mid)))),
      );
    else if (rates)
      parts.push(
        make('p', { class: 'hint' }, words.rate),
        make('div', { class: 'answers ces' }, ...[1, 2, 3, 4, 5].map((n) => make('button', { type: 'button', 'aria-label': words['rate_' + n], title: words['rate_' + n], onclick: () => rated(n) }, String(n)))),
        make('div', { class: 'ends hint' }, make('span', {}, words.rate_1), make('span', {}, words.rate_5)),
      );
    else {
      if (quick.length) parts.push(make('div', { class: 'quick' }, ...quick.map((text) => button('plain', text, () => (after.replaceChildren(), field.focus({ preventScroll: true }), talk.send(text))))));
      if (can) parts.push(button('quiet', words.call, calls));
    }
    after.replaceChildren(...parts);
  };
  // A form in the place of the message; gives what takes it away again.
  const instead = (build) => {
    const back = () => {
      after.replaceChildren();
      form.hidden = false;
      ended = undefined;
      low = true;
      draw();
      field.focus({ preventScroll: true });
    };
    form.hidden = true;
    after.replaceChildren(build(back));
  };
  const calls = () => instead((back) => call(page, talk.hours, (what) => (talk.call(what), back()), back));
  // The score counts at once; words are welcome and not needed.
  const rated = (score) => {
    talk.rate(score);
    const why = make('textarea', { rows: 2, maxlength: 1000 });
    instead((back) => {
      const comment = make('form', { class: 'comment' }, label(words.why, why), make('div', { class: 'actions' }, make('button', { class: 'action', part: 'action', type: 'submit' }, words.send), button('quiet', words.not_now, back)));
      comment.addEventListener('submit', (event) => {
        event.preventDefault();
        if (why.value.trim()) talk.rate(score, why.value.trim());
        back();
      });
      return comment;
    });
    why.focus({ preventScroll: true });
  };
  const reads = () => card.isOpen() && !document.hidden;
  // Whoever is at the end stays there, whatever comes and however the panel changes.
  let low = true;
  const stay = new ResizeObserver(() => low && (talked.scrollTop = talked.scrollHeight));
  stay.observe(talked);
  // Only whoever goes up leaves the end.
  let was = 0;
  talked.addEventListener('scroll', () => {
    const { scrollTop, scrollHeight, clientHeight } = talked;
    low = scrollHeight - scrollTop - clientHeight < 48 || (low && scrollTop >= was);
    was = scrollTop;
  });
  ending.signal.addEventListener('abort', () => (stay.disconnect(), clearTimeout(turning)));
  document.addEventListener('visibilitychange', draw, { signal: ending.signal });
  requestAnimationFrame(() => {
    grow();
    talked.scrollTop = talked.scrollHeight;
    if (!matchMedia('(pointer: coarse)').matches && card.isOpen()) field.focus({ preventScroll: true });
  });
  return { draw, reads };
};

// Rows that are the same stay, so that nothing is read twice and no selection is lost.
const patch = (list, rows) => {
  rows.forEach((row, n) => {
    const old = list.children[n];
    if (!old) list.append(row);
    else if (!old.isEqualNode(row)) old.replaceWith(row);
  });
  while (list.children.length > rows.length) list.lastChild.remove();
};
