// Tells when the page's address changed. Where there is no Navigation API, history is wrapped; other
// wrappers, earlier or later ones, stay whole.
export const routes = (changed) => {
  const stop = new AbortController();
  const { signal } = stop;
  const on = (target, name) => target.addEventListener(name, () => changed(), { signal });
  if (window.navigation) on(navigation, 'currententrychange');
  else {
    on(window, 'popstate');
    on(window, 'hashchange');
    for (const name of ['pushState', 'replaceState']) {
      const inner = history[name];
      const outer = function (...given) {
        inner.apply(this, given);
        signal.aborted || changed();
      };
      history[name] = outer;
      // Whoever wrapped it since keeps a way through; it only says nothing any more.
      signal.addEventListener('abort', () => history[name] === outer && (history[name] = inner));
    }
  }
  return () => stop.abort();
};
