//! The browser, as far as the widget uses it. Everything that may be refused says so in its type.
//!
//! What is asked once or rarely goes by name through `js`: each binding here is an import that every page downloads.

use std::cell::Cell;

use lazy::settled;
use protocol::Millis;
use protocol::ids::EventId;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, Node};

use crate::js;

#[wasm_bindgen(module = "/src/browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = post)]
    fn post_js(url: &str, body: &str, limit: u32) -> JsValue;
    fn random() -> u64;
    /// The browser's clock: the only place that reads it.
    #[wasm_bindgen(js_name = now)]
    fn now_js() -> f64;
    /// What was remembered under a key; nothing when storage is refused.
    pub fn recall(key: &str) -> Option<String>;
    /// Remembers a text, or forgets it.
    pub fn remember(key: &str, value: Option<&str>);
    /// What is used rarely, by name.
    fn rare() -> JsValue;
    fn make(name: &str) -> JsValue;
    fn write(text: &str) -> JsValue;
    /// Puts a node into the document: at the end of a parent, or before a node of it.
    pub fn place(node: &Node, parent: &JsValue, before: Option<&Node>);
    /// Sets an attribute, or removes it. A name that begins with `--` is a property of the style: `style` as an
    /// attribute is what a strict policy forbids.
    pub fn put(element: &Element, name: &str, value: Option<&str>);
}

/// Makes an element; the name is our own, so it is a good one.
pub fn element(name: &str) -> Element {
    make(name).unchecked_into()
}

/// Makes a text in the document.
pub fn text_node(text: &str) -> Node {
    write(text).unchecked_into()
}

/// The first match below a root or an element.
pub fn find(root: &JsValue, selector: &str) -> Option<HtmlElement> {
    some(js::invoke(root, "querySelector", &[selector.into()]))
}

/// The element below a root that has the focus.
pub fn active(root: &JsValue) -> Option<HtmlElement> {
    some(js::get(root, "activeElement"))
}

fn some(value: JsValue) -> Option<HtmlElement> {
    value.is_object().then(|| value.unchecked_into())
}

/// An answer of the collector.
pub struct Answer(JsValue);

impl Answer {
    pub fn status(&self) -> u16 {
        js::number(&self.0, "status") as u16
    }

    /// The milliseconds of `Retry-After`, or 0.
    pub fn wait(&self) -> Millis {
        js::number(&self.0, "wait") as Millis
    }

    pub fn text(&self) -> String {
        js::text(&self.0, "text")
    }
}

/// Posts a text and waits at most `limit` milliseconds; an error is one of the network.
pub async fn post(url: &str, body: &str, limit: u32) -> Result<Answer, JsValue> {
    settled(&post_js(url, body, limit)).await.map(Answer)
}

/// As [`post`], unless another tab of the page's origin is doing so: nothing then.
pub async fn post_alone(url: &str, body: &str, limit: u32) -> Result<Option<Answer>, JsValue> {
    let answer = settled(&seldom("postAlone", &[url.into(), body.into(), limit.into()])).await?;
    Ok(answer.is_object().then_some(Answer(answer)))
}

/// Calls a function that is used rarely.
fn seldom(name: &str, arguments: &[JsValue]) -> JsValue {
    js::invoke(&rare(), name, arguments)
}

fn navigator() -> JsValue {
    js::get(&js::window(), "navigator")
}

/// Sends a body while the page goes away; whether the browser took it.
pub fn beacon(url: &str, body: &str) -> bool {
    js::invoke(&navigator(), "sendBeacon", &[url.into(), body.into()]).is_truthy()
}

/// An open database.
#[derive(Clone)]
pub struct Db(JsValue);

impl Db {
    /// Opens the database; an error when the browser refuses storage.
    pub async fn open() -> Result<Self, JsValue> {
        settled(&seldom("openOutboxDb", &[])).await.map(Self)
    }

    /// Writes an event down; the promise says when it is on disk.
    pub fn put(&self, id: &str, owner: &str, event: &str) -> Result<JsValue, JsValue> {
        js::call(&self.0, "put", &[id.into(), owner.into(), event.into()])
    }

    /// Every kept event of an owner as `(id, JSON)`, oldest first.
    pub async fn load(&self, owner: &str) -> Vec<(String, String)> {
        pairs(&settled(&js::invoke(&self.0, "load", &[owner.into()])).await.unwrap_or_default())
    }

    /// Forgets events that are known to be stored. If that fails they are sent again, which harms nobody.
    pub fn delete(&self, ids: &[String]) {
        js::invoke(&self.0, "delete", &ids.iter().map(JsValue::from).collect::<Vec<_>>());
    }

    /// Closes the database.
    pub fn close(&self) {
        js::invoke(&self.0, "close", &[]);
    }
}

/// Everything that was remembered under keys that begin so, as `(rest of the key, value)`, in the keys' order.
pub fn recall_all(prefix: &str) -> Vec<(String, String)> {
    pairs(&seldom("recallAll", &[prefix.into()]))
}

fn pairs(flat: &JsValue) -> Vec<(String, String)> {
    let mut all = js::items(flat).unwrap_or_default().into_iter();
    let mut pairs = Vec::new();
    while let (Some(first), Some(second)) = (all.next(), all.next()) {
        pairs.push((first.as_string().unwrap_or_default(), second.as_string().unwrap_or_default()));
    }
    pairs
}

/// The browser's clock: the only place that reads it.
pub fn now() -> Millis {
    now_js() as Millis
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
        bytes[..2].copy_from_slice(&count.to_be_bytes());
        bytes[2..].copy_from_slice(&random().to_be_bytes());
        EventId::new(time, bytes)
    }
}

/// A moment in the person's own words and time zone.
pub fn said_moment(at: Millis, locale: &str) -> String {
    seldom("moment", &[(at as f64).into(), locale.into()]).as_string().unwrap_or_default()
}

/// The page's path.
pub fn pathname() -> String {
    js::text(&js::location(), "pathname")
}

/// Whether the page is at an address that fits a pattern, however either is written. The fragment counts where the
/// pattern names it.
pub fn is_at(pattern: &str) -> bool {
    let mut here = pathname();
    if pattern.bytes().any(|letter| letter == b'#') {
        here.push_str(&js::text(&js::location(), "hash"));
    }
    journey::progress::condition::path_matches(&decoded(pattern), &decoded(&here))
}

/// An address as people write it: browsers give letters beyond ASCII percent-encoded.
pub fn decoded(address: &str) -> String {
    seldom("decoded", &[address.into()]).as_string().unwrap_or_default()
}

/// The path and the query of the page.
pub fn path() -> String {
    pathname() + &js::text(&js::location(), "search")
}

/// Whether a link leads to the page that is shown, or to a place in it.
pub fn is_here(link: &str) -> bool {
    leads(link, &js::text(&js::location(), "href"))
}

/// Whether a link leads to an address, which may say more of query and fragment than the link does.
pub fn leads(link: &str, address: &str) -> bool {
    seldom("leads", &[link.into(), address.into()]).is_truthy()
}

/// Holds a Web Lock until the function that `led` gets is called. The promise resolves to the name of the error that
/// ended it, or to an empty text; where there are no locks it is none.
pub fn lock(name: &str, options: &JsValue, led: &JsValue) -> JsValue {
    seldom("lock", &[name.into(), options.clone(), led.clone()])
}

/// A number from 0 up to 1.
pub fn chance() -> f64 {
    js::invoke(&js::get(&js::window(), "Math"), "random", &[]).as_f64().unwrap_or_default()
}

/// Whether the person has a finger instead of a pointer, and keys on the screen.
pub fn is_touch() -> bool {
    let coarse = js::invoke(&js::window(), "matchMedia", &["(pointer: coarse)".into()]);
    js::is(&coarse, "matches")
}

/// Whether the device has a network.
pub fn is_online() -> bool {
    js::is(&navigator(), "onLine")
}

/// Whether nobody can see the page now.
pub fn is_hidden() -> bool {
    js::text(&js::document(), "visibilityState") == "hidden"
}

/// A text with letters and digits of full width made narrow.
pub fn narrow(text: &str) -> String {
    normalized(text).as_string().unwrap_or_default()
}

/// A text's letters for searching: width, case, spaces and punctuation taken out.
pub fn fold(text: &str) -> String {
    let others = js::construct("RegExp", &"[\\s\\p{P}]".into(), &"gu".into()).unwrap_or_default();
    let letters = js::invoke(&normalized(text), "toLowerCase", &[]);
    js::invoke(&letters, "replace", &[others, "".into()]).as_string().unwrap_or_default()
}

fn normalized(text: &str) -> JsValue {
    js::invoke(&text.into(), "normalize", &["NFKC".into()])
}
