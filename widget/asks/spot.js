// The field that a person was in when they said "later", and back to it when they go on.

const KEY = 'tabiji:spot';
/** How long the way back may take, in milliseconds. */
const WAY = 30_000;

// What names a field for another day: its hook, its id or its name.
const naming = (field) => {
  const attribute = ['data-tabiji', 'id', 'name'].find((name) => field.getAttribute(name));
  return attribute && `[${attribute}="${CSS.escape(field.getAttribute(attribute))}"]`;
};

const remember = (text) => {
  try {
    text ? (sessionStorage[KEY] = text) : sessionStorage.removeItem(KEY);
  } catch {
    // Without storage the page alone has to do.
  }
};
// Once: what was found is forgotten.
const recall = () => {
  try {
    const text = sessionStorage[KEY];
    if (text) sessionStorage.removeItem(KEY);
    return text && JSON.parse(text);
  } catch {
    // As above.
  }
};

export const spot = (page, signal) => {
  let last;
  // Only a person who was put off here, and only their own promise.
  const mine = (id) => {
    const later = page.progress?.steps[id]?.later;
    return later?.field && later.user == page.me?.user ? later : undefined;
  };
  const isField = (element) => element.matches?.('input, textarea, select, [contenteditable]');
  document.addEventListener('focusin', ({ target }) => isField(target) && (last = target), { signal });
  // A link of the card leads back to the page; the field is found there.
  const leave = ({ target }) => {
    const id = target.closest?.('a[data-step]')?.dataset.step;
    if (id && mine(id)) remember(JSON.stringify({ id, owner: page.owner, at: Date.now() }));
  };
  page.root.addEventListener('click', leave, { signal });
  return {
    /** Names the field that the person was in, if it can be named. */
    name: () => (last?.isConnected ? naming(last) : undefined),
    /** Puts the person back into the field that they go on with, if they are nowhere else by now. */
    back() {
      const { id, owner, at } = recall() ?? {};
      const later = id && mine(id);
      const here = later?.page == location.pathname + location.search;
      if (!here || owner != page.owner || Date.now() - at > WAY || document.activeElement != document.body) return;
      let field;
      try {
        field = document.querySelector(later.field);
      } catch {
        return;
      }
      field?.scrollIntoView({ block: 'center', behavior: 'instant' });
      field?.focus({ preventScroll: true });
    },
    forget: () => remember(),
  };
};
