// The field that a person was in when they said "later", and back to it when they go on.

const KEY = 'tabiji:spot';

// What names a field for another day: its hook, its id or its name.
const naming = (field) => {
  const attribute = ['data-tabiji', 'id', 'name'].find((name) => field.getAttribute(name));
  return attribute && `[${attribute}="${CSS.escape(field.getAttribute(attribute))}"]`;
};

export const spot = (page, signal) => {
  let last;
  const isField = (element) => element.matches?.('input, textarea, select, [contenteditable]');
  document.addEventListener('focusin', ({ target }) => isField(target) && (last = target), { signal });
  const keep = (step) => {
    try {
      sessionStorage[KEY] = step;
    } catch {
      // Without storage the page alone has to do.
    }
  };
  // A link of the card leads back to the page; the field is found there.
  page.root.addEventListener(
    'click',
    ({ target }) => target.closest?.('a[data-step]') && keep(target.closest('a[data-step]').dataset.step),
    { signal },
  );
  return {
    /** Names the field that the person was in, if it can be named. */
    name: () => (last?.isConnected ? naming(last) : undefined),
    /** Puts the person back into the field of a step that they go on with on this page. */
    back() {
      let step;
      try {
        step = sessionStorage[KEY];
      } catch {
        return;
      }
      const later = page.progress?.steps[step]?.later;
      if (!later?.field || later.page != location.pathname + location.search) return;
      delete sessionStorage[KEY];
      let field;
      try {
        field = document.querySelector(later.field);
      } catch {
        return;
      }
      field?.scrollIntoView({ block: 'center', behavior: 'instant' });
      field?.focus({ preventScroll: true });
    },
  };
};
