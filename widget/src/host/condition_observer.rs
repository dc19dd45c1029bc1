//! Sees whether conditions on the page's address and controls hold, and reports each change once.

use std::cell::RefCell;
use std::rc::Rc;

use protocol::backend::FactValue;
use protocol::files::{Condition, ElementState};
use protocol::widget::{EventKind, Observation};

use crate::state::State;
use crate::ui::Interval;
use crate::{browser, js};

/// How often controls are looked at, in milliseconds: cheap, and no observer of the whole page.
const EVERY: u32 = 500;

/// Looks at the page until dropped.
pub struct ConditionObserver {
    seen: Rc<dyn Fn()>,
    _interval: Option<Interval>,
}

impl ConditionObserver {
    /// Watches for every condition of the flow that only a browser can see.
    pub fn new(state: State) -> Self {
        let leaves = leaves(state);
        let has_elements = leaves.iter().any(|leaf| matches!(leaf, Leaf::Element(..)));
        let seen_here: RefCell<Vec<bool>> = RefCell::new(vec![false; leaves.len()]);
        let seen: Rc<dyn Fn()> = Rc::new(move || {
            for (at, leaf) in leaves.iter().enumerate() {
                let holds = leaf.holds();
                // A page that never had the control has nothing to say about its absence.
                let changed = seen_here
                    .borrow_mut()
                    .get_mut(at)
                    .is_some_and(|seen| std::mem::replace(seen, holds) != holds);
                if changed {
                    report(state, leaf, holds);
                }
            }
        });
        let again = Rc::clone(&seen);
        let _interval = has_elements.then(|| Interval::new(EVERY, move || again()));
        Self { seen, _interval }
    }

    /// Looks now.
    pub fn look(&self) {
        (self.seen)();
    }
}

/// What only a browser can see, with the name it is reported under.
enum Leaf {
    Url(String, String),
    Element(String, String, ElementState),
}

fn leaves(state: State) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    if let Some(model) = state.model.get_untracked() {
        for (_, step) in model.flow.steps() {
            step.done.walk(&mut |part| {
                leaves.extend(match part {
                    Condition::Url(pattern) => Some(Leaf::Url(Observation::url(pattern), pattern.clone())),
                    Condition::Element { selector, state } => {
                        Some(Leaf::Element(Observation::element(selector, *state), selector.clone(), *state))
                    }
                    _ => None,
                });
            });
        }
    }
    leaves
}

impl Leaf {
    fn holds(&self) -> bool {
        match self {
            Self::Url(_, pattern) => browser::is_at(pattern),
            Self::Element(_, selector, state) => is(selector, *state),
        }
    }
}

fn report(state: State, leaf: &Leaf, holds: bool) {
    let Some(model) = state.model.get_untracked() else { return };
    let (name, lasts) = match leaf {
        // Having been somewhere does not stop being true.
        Leaf::Url(name, _) => (name, true),
        Leaf::Element(name, ..) => (name, false),
    };
    let known = model.progress.observed.get(name).copied().unwrap_or(false);
    if known == holds || lasts && !holds {
        return;
    }
    let data = vec![
        ("name".to_owned(), FactValue::Text(Observation::EVENT.to_owned())),
        ("leaf".to_owned(), FactValue::Text(name.clone())),
        ("holds".to_owned(), FactValue::Flag(holds)),
    ];
    state.happened(EventKind::Custom, None, data);
}

/// What says that it is checked: a switch, a checkbox or a toggle of the page's own does by its attribute.
const CHECKED: &str = ":checked,[aria-checked=true],[aria-pressed=true]";
/// What has a value of its own; a checkbox has its value whether or not it is checked.
const VALUED: &str = ":not([type=checkbox],[type=radio]),:checked";

fn is(selector: &str, wanted: ElementState) -> bool {
    let Some(element) = browser::find(&js::document(), selector) else { return false };
    let (kind, holds) = match wanted {
        ElementState::Present => ("*", true),
        // An `<svg>` has a box and no `offsetHeight`.
        ElementState::Visible => {
            let height = js::number(&js::invoke(&element, "getBoundingClientRect", &[]), "height");
            ("*", height > 0.0)
        }
        ElementState::Checked => (CHECKED, true),
        ElementState::Filled => {
            let name = if js::is(&element, "isContentEditable") { "textContent" } else { "value" };
            (VALUED, js::invoke(&js::get(&element, name), "trim", &[]).is_truthy())
        }
    };
    holds && js::invoke(&element, "matches", &[kind.into()]).is_truthy()
}
