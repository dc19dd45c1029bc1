// Where files are chosen, pasted and dropped, and those on their way.
import { button } from '../asks/card.js';
import { make } from '../shared/dom.js';
import { words } from '../shared/words.js';
import { TAKEN, amount } from './files.js';

const icon = () => make('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, make('path', { d: 'm20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 4.8 4.8l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4L14.5 7' }));

/** A button, its field, and a list: beside the field where one writes. */
export const brings = (talk, field) => {
  const chosen = make('input', { type: 'file', multiple: true, accept: TAKEN, hidden: true, tabindex: -1, 'aria-hidden': 'true' });
  const clip = make('button', { class: 'attach', type: 'button', 'aria-label': words.attach, title: words.attach, onclick: () => chosen.click() }, icon());
  const list = make('div', { class: 'brings' });
  const back = () => field.focus({ preventScroll: true });
  chosen.addEventListener('change', () => {
    talk.files.add(chosen.files);
    chosen.value = '';
    back();
  });
  // A picture of the screen is mostly pasted.
  const given = (event, { files }) => {
    if (!files.length) return;
    event.preventDefault();
    talk.files.add(files);
  };
  field.addEventListener('paste', (event) => given(event, event.clipboardData));

  const rows = new Map();
  const row = ({ id, name, size }) => {
    const bar = make('progress', { max: size || 1, 'aria-label': name });
    const said = make('span', { class: 'hint' }, amount(size));
    const one = make('p', {}, make('b', {}, name), said, bar, button('quiet', words.cancel, () => (talk.files.drop(id), back())));
    list.append(one);
    return { one, bar, said };
  };
  return {
    clip,
    chosen,
    list,
    /** Takes what is dropped there. */
    dropped(...places) {
      for (const place of places) {
        place.addEventListener('dragover', (event) => event.dataTransfer.types.includes('Files') && event.preventDefault());
        place.addEventListener('drop', (event) => given(event, event.dataTransfer));
      }
    },
    draw() {
      const all = talk.files.all();
      for (const [id, { one }] of rows) if (!all.some((file) => file.id == id)) one.remove(), rows.delete(id);
      for (const file of all) {
        if (!rows.has(file.id)) rows.set(file.id, row(file));
        const { bar, said } = rows.get(file.id);
        bar.value = file.at;
        if (!file.failed || bar.hidden) continue;
        bar.hidden = true;
        said.className = 'wrong';
        said.setAttribute('role', 'alert');
        said.textContent = words['file_' + file.failed] ?? words.failed;
      }
    },
  };
};
