// Tells when the page's address changed. Where there is no Navigation API, history is wrapped; other
// wrappers, earlier or later ones, stay whole.
export const routes = (changed) => {
  let tell = () => changed();
  const { navigation } = window;
  const heard = navigation ? [[navigation, 'currententrychange']] : [[window, 'popstate'], [window, 'hashchange']];
  for (const [target, name] of heard) target.addEventListener(name, tell);
  const wrapped = (navigation ? [] : ['pushState', 'replaceState']).map((name) => {
    const inner = history[name];
    const outer = function (...given) {
      inner.apply(this, given);
      tell?.();
    };
    history[name] = outer;
    return () => history[name] == outer && (history[name] = inner);
  });
  return () => {
    for (const [target, name] of heard) target.removeEventListener(name, tell);
    wrapped.forEach((unwrap) => unwrap());
    // A script that wrapped it since still gets through; this wrapper only notifies nobody any longer.
    tell = undefined;
  };
};
