// Looks for the control that is meant, in the page itself and in its shadow roots and frames.
import { candidates, isDrawn, names, plain } from './host.js';
import { declared, judge } from './score.js';

const TEST_IDS = ['data-testid', 'data-test-id', 'data-test', 'data-cy'];
/** What people can operate: where a name or a label alone is looked for. */
const CONTROLS = 'a[href],button,input,select,textarea,summary,[role],[tabindex],[contenteditable]';
/** What has a role by being what it is (HTML-AAM, as far as controls go). */
const ROLES = {
  button: 'button,summary,input[type=button],input[type=submit],input[type=reset]',
  link: 'a[href]',
  textbox:
    'input:not([type]),input[type=text],input[type=email],input[type=tel],input[type=url],input[type=password],textarea,[contenteditable]',
  searchbox: 'input[type=search]',
  spinbutton: 'input[type=number]',
  slider: 'input[type=range]',
  checkbox: 'input[type=checkbox]',
  radio: 'input[type=radio]',
  combobox: 'select,input[list]',
  heading: 'h1,h2,h3,h4,h5,h6',
  img: 'img',
  navigation: 'nav',
  form: 'form',
  table: 'table',
};

const attribute = (name, value) => `[${name}="${value.replace(/[\\"]/g, '\\$&')}"]`;
const ofRole = (role) => [attribute('role', role), ...(Object.hasOwn(ROLES, role) ? [ROLES[role]] : [])].join();

const selectors = ({ hook, test_id, role, name, label, css }) =>
  [
    hook && attribute('data-tabiji', hook),
    ...(test_id ? TEST_IDS.map((id) => attribute(id, test_id)) : []),
    css,
    (name || label) && (role ? ofRole(role) : CONTROLS),
  ].filter(Boolean);

const fits = (element, selector) => {
  try {
    return element.matches(selector);
  } catch {
    return false;
  }
};

/** The signals of a target that an element agrees with. */
const signals = (target, element) => {
  const { hook, test_id, role, css } = target;
  const get = (name) => element.getAttribute(name);
  // Not cheap, and often not asked for.
  const [name, label] = target.name || target.label ? names(element) : [];
  const agrees = {
    hook: () => get('data-tabiji') == hook,
    test_id: () => TEST_IDS.some((id) => get(id) == test_id),
    role: () => (get('role') === null ? fits(element, ofRole(role)) : get('role') == role),
    name: () => name == plain(target.name),
    label: () => label == plain(target.label),
    css: () => fits(element, css),
  };
  return declared(target).filter((signal) => agrees[signal]());
};

/**
 * The control that a target means. With `sure`, only one that every signal agrees on: another may still be
 * on its way.
 */
export const find = (target, sure) => {
  for (const deep of [false, true]) {
    const all = candidates(selectors(target), deep).filter(isDrawn);
    const found = judge(
      target,
      all.map((element) => signals(target, element)),
    );
    // What lies deeper may agree more.
    if (found && (found.whole || (deep && !sure))) return all[found.at];
  }
};
