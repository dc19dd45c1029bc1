//! What the loader hands over, and the functions that the page
//! wants called. Reasons: `docs/decisions/0001-bytes.md`.

mod listeners;

use protocol::ids::StepId;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, ShadowRoot};

use crate::{browser, js};
pub use listeners::Listeners;

/// What the loader knows of the page (`loader/loader.js`).
pub struct Page(pub JsValue);

impl Page {
    pub fn site(&self) -> String {
        js::text(&self.0, "site")
    }

    /// The collector's address, with a slash at its end.
    pub fn base(&self) -> String {
        js::text(&self.0, "base")
    }

    pub fn locale(&self) -> String {
        js::text(&self.0, "locale")
    }

    pub fn root(&self) -> ShadowRoot {
        js::get(&self.0, "root").unchecked_into()
    }

    pub fn host(&self) -> HtmlElement {
        js::get(&self.0, "host").unchecked_into()
    }

    /// The launcher that the loader drew.
    pub fn launcher(&self) -> HtmlElement {
        js::get(&self.0, "launcher").unchecked_into()
    }

    /// Whether the launcher was pressed before the widget was there.
    pub fn wanted(&self) -> bool {
        js::is(&self.0, "wanted")
    }

    /// The flow that the page asks for, by name.
    pub fn flow(&self) -> Option<String> {
        js::get(&self.0, "flow").as_string()
    }

    /// Names who is there, should the basic panel have to take over.
    pub fn set_identity(&self, identity: JsValue) {
        js::set(&self.0, "identity", identity);
    }

    /// Why the instance before this one ended (`{ part, message }`), if one did.
    pub fn crash(&self) -> JsValue {
        js::get(&self.0, "crash")
    }

    /// Lets the basic panel stand in for the widget.
    pub fn fall_back(&self, tag: &str, why: &str) {
        // Nothing is left that could handle a failure here.
        js::invoke(&self.0, "fallback", &[tag.into(), why.into()]);
    }

    /// Takes the loader's launcher away, now that the widget's own is there; the focus moves along.
    pub fn replace_launcher(&self) {
        let (root, old) = (self.root(), self.launcher());
        let focused = browser::active(&root).is_some_and(|active| active == old);
        js::invoke(&old, "remove", &[]);
        if focused && let Some(launcher) = browser::find(&root, ".launcher") {
            js::invoke(&launcher, "focus", &[]);
        }
    }
}

/// What reads the session's reply with fewer bytes than Rust does, and tells of routes; `loader/bridge.js` makes it.
pub struct Bridge(pub JsValue);

impl Bridge {
    /// Takes the function that is called when the page's address changed.
    pub fn on_route(&self, changed: &JsValue) {
        js::set(&self.0, "onRoute", changed);
    }

    /// Nothing of the last person stays.
    pub fn forget_person(&self) {
        js::invoke(&self.0, "forgetPerson", &[]);
    }

    /// Listens to the page no longer.
    pub fn end(&self) {
        js::invoke(&self.0, "end", &[]);
    }

    /// Says where the account stands.
    pub fn on_session(&self, reply: &JsValue) {
        js::invoke(&self.0, "onSession", std::slice::from_ref(reply));
    }

    /// How a step can be done from here: the sum of [`GUIDE`], [`ROWS`] or [`PRESS`], and [`CLIP`].
    pub fn capabilities(&self, step: &StepId) -> u32 {
        js::invoke(&self.0, "capabilities", &[step.as_str().into()]).as_f64().unwrap_or_default() as u32
    }

    /// Who brought which part of a number, to be added: " · 佐藤 2 · 鈴木 1".
    pub fn contributions(&self, fact: &str) -> String {
        js::invoke(&self.0, "contributions", &[fact.into()]).as_string().unwrap_or_default()
    }

    /// A text or a number with what is personal in it replaced (`loader/mask.js`).
    pub fn mask(&self, value: &JsValue) -> JsValue {
        js::invoke(&self.0, "mask", std::slice::from_ref(value))
    }

    /// What the host's page lets the widget do, by name.
    pub fn actions(&self) -> JsValue {
        js::get(&self.0, "actions")
    }
}

/// A step has a guide.
pub const GUIDE: u32 = 1;
/// A step takes rows that a person enters.
pub const ROWS: u32 = 2;
/// A step is done by one press.
pub const PRESS: u32 = 4;
/// A clip shows how a step is done.
pub const CLIP: u32 = 8;
