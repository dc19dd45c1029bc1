//! The field that a person was in when they put a step off, and back to it when they go on.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use protocol::Millis;
use wasm_bindgen::JsValue;

use super::{plan, tab_storage};
use crate::browser;
use crate::i18n::concat;
use crate::js::{document, get, invoke, is, window};
use crate::state::State;
use crate::ui::{EventListener, listen};
use crate::wire::{Json, object, print};

/// The name under which the way back goes from page to page.
const SPOT: &str = "spot";
/// How long the way back may take, in milliseconds.
const WAY: Millis = 30_000;
/// What names a field for another day: its hook, its id or its name.
const NAMES: [&str; 3] = ["data-tabiji", "id", "name"];
const FIELD: &str = "input, textarea, select, [contenteditable]";

/// Remembers the last field of the page.
pub struct ResumeField {
    state: State,
    last: RefCell<JsValue>,
    listeners: Cell<Vec<EventListener>>,
}

impl ResumeField {
    /// Looks at the fields of the page from now on.
    pub fn new(state: State) -> Rc<Self> {
        let field =
            Rc::new(Self { state, last: RefCell::new(JsValue::UNDEFINED), listeners: Cell::default() });
        let weak = Rc::downgrade(&field);
        let focus = listen(&document(), "focusin", move |event| {
            if let Some(field) = weak.upgrade() {
                field.entered(get(event, "target"));
            }
        });
        let weak = Rc::downgrade(&field);
        let click = listen(&state.root(), "click", move |event| {
            if let Some(field) = weak.upgrade() {
                field.leave(&get(event, "target"));
            }
        });
        field.listeners.set(vec![focus, click]);
        field
    }

    /// Names the field that the person was in last, if it can be named.
    pub fn selector(&self) -> Option<String> {
        let last = self.last.borrow();
        let attribute = |name: &str| {
            let value = invoke(&last, "getAttribute", &[name.into()]).as_string()?;
            if value.is_empty() { None } else { Some(value) }
        };
        let (name, value) = NAMES.into_iter().find_map(|name| Some((name, attribute(name)?)))?;
        let escaped = invoke(&get(&window(), "CSS"), "escape", &[value.into()]).as_string()?;
        is(&last, "isConnected").then(|| concat(&["[", name, "=\"", &escaped, "\"]"]))
    }

    /// Puts the person back into the field that they go on with, if they are nowhere else by now.
    pub fn go_back(&self) {
        // Once: what was found is forgotten.
        let Some(kept) = tab_storage::recall(SPOT) else { return };
        tab_storage::forget(SPOT);
        let Some(kept) = Json::parse(&kept) else { return };
        let id: String = kept.get("id").unwrap_or_default();
        let since = self.state.now() - kept.get::<i64>("at").unwrap_or_default();
        let mine = kept.get::<String>("owner").is_some_and(|owner| owner == self.state.owner());
        let Some((page, selector)) = self.promised(&id).filter(|_| mine && since <= WAY) else { return };
        let document = document();
        let nowhere = get(&document, "activeElement") == get(&document, "body");
        if page == browser::path() && nowhere {
            enter(&invoke(&document, "querySelector", &[selector.into()]));
        }
    }

    fn entered(&self, target: JsValue) {
        if invoke(&target, "matches", &[FIELD.into()]).is_truthy() {
            *self.last.borrow_mut() = target;
        }
    }

    /// A link of a step leads back to the page where the person stopped; the field is found there.
    fn leave(&self, target: &JsValue) {
        let link = invoke(target, "closest", &["a[data-step]".into()]);
        let id = invoke(&link, "getAttribute", &["data-step".into()]).as_string();
        let Some(id) = id.filter(|id| self.promised(id).is_some()) else { return };
        let kept = [
            ("id", id.into()),
            ("owner", self.state.owner().into()),
            ("at", (self.state.now() as f64).into()),
        ];
        tab_storage::remember(SPOT, &print(&object(&kept)));
    }

    /// Page and field of a step, where this very person put it off in a field.
    fn promised(&self, id: &str) -> Option<(String, String)> {
        let later = plan::progress(self.state, id).field("later");
        let mine = later.get::<String>("user").is_some_and(|user| user == self.state.me().user);
        let page = later.get("page").unwrap_or_default();
        later.get("field").filter(|_| mine).map(|field| (page, field))
    }
}

fn enter(field: &JsValue) {
    let way = [("block", "center".into()), ("behavior", "instant".into())];
    invoke(field, "scrollIntoView", &[object(&way)]);
    invoke(field, "focus", &[object(&[("preventScroll", true.into())])]);
}
