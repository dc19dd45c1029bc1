//! The browser, as far as the widget uses it. Everything that may be refused says so in its type.

use std::cell::Cell;

use js_sys::{Array, Function, JsString, Object, Promise, Uint8Array};
use protocol::Millis;
use protocol::ids::EventId;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, ShadowRoot};

#[wasm_bindgen]
extern "C" {
    /// What the loader hands over.
    pub type Page;
    #[wasm_bindgen(method, getter)]
    pub fn site(this: &Page) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn base(this: &Page) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn locale(this: &Page) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn root(this: &Page) -> ShadowRoot;
    #[wasm_bindgen(method, getter)]
    pub fn host(this: &Page) -> HtmlElement;
    #[wasm_bindgen(method, getter)]
    pub fn launcher(this: &Page) -> HtmlElement;
    /// Whether the launcher was pressed before the widget was there.
    #[wasm_bindgen(method, getter)]
    pub fn wanted(this: &Page) -> Option<bool>;
    #[wasm_bindgen(method, getter)]
    pub fn flow(this: &Page) -> Option<String>;
    /// Who is there, should the basic panel have to take over.
    #[wasm_bindgen(method, setter)]
    pub fn set_identity(this: &Page, identity: JsValue);
    #[wasm_bindgen(method, getter)]
    pub fn fallback(this: &Page) -> Function;

    /// Why the instance before this one ended (`{ part, message }`), if one did.
    #[wasm_bindgen(method, getter)]
    pub fn crash(this: &Page) -> JsValue;

    /// Whose progress and places are remembered on this device.
    #[wasm_bindgen(method, setter)]
    pub fn set_owner(this: &Page, owner: &str);

    /// What scripts and this module have of each other; `loader/bridge.js` makes it.
    #[derive(Clone)]
    pub type Bridge;
    /// Takes the function that scripts call: the name of a command, and its arguments.
    #[wasm_bindgen(method, setter)]
    pub fn set_command(this: &Bridge, command: &JsValue);
    /// The collector said where the account stands.
    #[wasm_bindgen(method, js_name = onSession)]
    pub fn on_session(this: &Bridge, reply: &JsValue);
    /// Tells scripts of an event.
    #[wasm_bindgen(method)]
    pub fn dispatch(this: &Bridge, name: &str);
    /// Lets a script show something about a step.
    #[wasm_bindgen(method)]
    pub fn open(this: &Bridge, what: &str, about: &JsValue);
    /// How a step can be done from here: the sum of [`GUIDE`], [`ROWS`] or [`PRESS`], and [`CLIP`].
    #[wasm_bindgen(method)]
    pub fn capabilities(this: &Bridge, step: &str) -> u32;
    /// Who brought which part of a number, to be added: " · 佐藤 2 · 鈴木 1".
    #[wasm_bindgen(method)]
    pub fn contributions(this: &Bridge, fact: &str) -> String;
    /// Whether a guide is shown.
    #[wasm_bindgen(method, js_name = isGuiding)]
    pub fn is_guiding(this: &Bridge) -> bool;
    /// What the host's page lets the widget do, by name.
    #[wasm_bindgen(method, getter)]
    pub fn actions(this: &Bridge) -> Object;

    /// An answer of the collector.
    pub type Answer;
    #[wasm_bindgen(method, getter)]
    pub fn status(this: &Answer) -> u16;
    #[wasm_bindgen(method, getter)]
    pub fn wait(this: &Answer) -> f64;
    #[wasm_bindgen(method, getter)]
    pub fn text(this: &Answer) -> String;

    /// An open database.
    #[derive(Clone)]
    pub type Db;
}

/// A step has a guide.
pub const GUIDE: u32 = 1;
/// A step takes rows that a person enters.
pub const ROWS: u32 = 2;
/// A step is done by one press.
pub const PRESS: u32 = 4;
/// A clip shows how a step is done.
pub const CLIP: u32 = 8;

#[wasm_bindgen(module = "/src/browser.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = post)]
    async fn post_js(url: &str, body: &str, limit: u32) -> Result<JsValue, JsValue>;
    /// Sends a body while the page goes away; whether the browser took it.
    pub fn beacon(url: &str, body: &str) -> bool;
    fn random() -> Uint8Array;
    #[wasm_bindgen(js_name = whenIdle)]
    fn when_idle_js(run: &JsValue);
    fn moment(at: f64, locale: &str) -> String;
    /// What was remembered under a key; nothing when storage is refused.
    pub fn recall(key: &str) -> Option<String>;
    /// Remembers a text, or forgets it.
    pub fn remember(key: &str, value: Option<&str>);
    #[wasm_bindgen(js_name = recallAll)]
    fn recall_all_js(prefix: &str) -> Array;
    #[wasm_bindgen(catch, js_name = openOutboxDb)]
    async fn open_outbox_db_js() -> Result<JsValue, JsValue>;
    /// Writes an event down; the promise says when it is on disk.
    #[wasm_bindgen(catch, js_name = putEvent)]
    pub fn put_event(db: &Db, id: &str, owner: &str, event: &str) -> Result<Promise, JsValue>;
    /// Closes the database.
    #[wasm_bindgen(js_name = closeOutboxDb)]
    pub fn close_outbox_db(db: &Db);
    #[wasm_bindgen(catch, js_name = loadEvents)]
    async fn load_events_js(db: &Db, owner: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = deleteEvents)]
    fn delete_events_js(db: &Db, ids: Vec<JsString>) -> Result<(), JsValue>;
}

/// Posts a text and waits at most `limit` milliseconds; an error is one of the network.
pub async fn post(url: &str, body: &str, limit: u32) -> Result<Answer, JsValue> {
    post_js(url, body, limit).await.map(JsCast::unchecked_into)
}

/// Opens the database; an error when the browser refuses storage.
pub async fn open_outbox_db() -> Result<Db, JsValue> {
    open_outbox_db_js().await.map(JsCast::unchecked_into)
}

/// Every kept event of an owner as `(id, JSON)`, oldest first.
pub async fn load_events(db: &Db, owner: &str) -> Vec<(String, String)> {
    let Ok(flat) = load_events_js(db, owner).await else { return Vec::new() };
    pairs(&flat.unchecked_into())
}

/// Everything that was remembered under keys that begin so, as `(rest of the key, value)`, in the keys' order.
pub fn recall_all(prefix: &str) -> Vec<(String, String)> {
    pairs(&recall_all_js(prefix))
}

fn pairs(flat: &Array) -> Vec<(String, String)> {
    let text = |index| flat.get(index).as_string().unwrap_or_default();
    (0..flat.length() / 2).map(|row| (text(2 * row), text(2 * row + 1))).collect()
}

/// Forgets events that are known to be stored. If that fails they are sent again, which harms nobody.
pub fn delete_events(db: &Db, ids: &[String]) {
    let _ = delete_events_js(db, ids.iter().map(|id| JsString::from(id.as_str())).collect());
}

/// The browser's clock: the only place that reads it.
pub fn now() -> Millis {
    js_sys::Date::now() as Millis
}

/// Makes ids that sort in the order in which they were made, even within a millisecond: the twelve
/// bits after the time count up (RFC 9562, section 6.2, method 1).
#[derive(Default)]
pub struct Ids(Cell<(u64, u16)>);

impl Ids {
    /// A fresh id.
    pub fn next(&self) -> EventId {
        let (last, count) = self.0.get();
        let now = now().unsigned_abs();
        let (time, count) = match count + 1 {
            _ if now > last => (now, 0),
            // So many in one millisecond that the next one is borrowed.
            4096 => (last + 1, 0),
            count => (last, count),
        };
        self.0.set((time, count));
        let mut bytes = [0; 10];
        random().copy_to(&mut bytes);
        bytes[..2].copy_from_slice(&count.to_be_bytes());
        EventId::new(time, bytes)
    }
}

/// A moment in the person's own words and time zone.
pub fn said_moment(at: Millis, locale: &str) -> String {
    moment(at as f64, locale)
}

/// Runs something when the page has nothing else to do.
pub fn when_idle(run: impl FnOnce() + 'static) {
    when_idle_js(&Closure::once_into_js(run));
}

/// The path and the query of the page.
pub fn path() -> String {
    let location = window().location();
    [location.pathname().unwrap_or_default(), location.search().unwrap_or_default()].concat()
}

/// A number from 0 up to 1.
pub fn chance() -> f64 {
    js_sys::Math::random()
}

/// The window, which every page has.
pub fn window() -> web_sys::Window {
    web_sys::window().unwrap_or_else(|| JsValue::NULL.unchecked_into())
}

/// The document, which every window has.
pub fn document() -> web_sys::Document {
    window().document().unwrap_or_else(|| JsValue::NULL.unchecked_into())
}

/// Whether nobody can see the page now.
pub fn is_hidden() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Hidden
}

/// Takes the loader's launcher away, now that the widget's own is there; the focus moves along.
pub fn replace_launcher(page: &Page) {
    let (root, old) = (page.root(), page.launcher());
    let focused = root.active_element().is_some_and(|active| active == *AsRef::<Element>::as_ref(&old));
    old.remove();
    if focused
        && let Ok(Some(launcher)) = root.query_selector(".launcher")
        && let Ok(launcher) = launcher.dyn_into::<HtmlElement>()
    {
        let _ = launcher.focus();
    }
}
