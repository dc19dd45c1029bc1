//! What is drawn over the page: the cut-out around the control, and the card beside it.

use std::cell::Cell;

use journey::guide::placement::{Place, Rect, Wish, centred, place};
use tachys::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

use super::dom::{call, is_rtl, style, view};
use super::hold::{home, raise};
use super::sight::Sight;
use crate::browser;
use crate::js::{dress, get, invoke, is, number, set, text};
use crate::state::State;
use crate::ui::{Shown, Tag, focus_element};

const STYLES: &str = include_str!(concat!(env!("OUT_DIR"), "/guide.css"));
/// Between the control's edge and the cut-out's, in pixels; the style sheet has it too.
const PADDING: f64 = 8.0;

/// The layer of one guide.
pub struct Layer {
    pub host: JsValue,
    pub root: JsValue,
    shade: JsValue,
    live: JsValue,
    card: Cell<Option<Shown>>,
    /// What was drawn last: drawing the same again would only cost.
    drawn: Cell<Option<Drawn>>,
}

type Drawn = (Option<Sight>, Rect, Rect, bool);

fn put(element: &JsValue, name: &str, value: impl Into<JsValue>) {
    invoke(element, "setAttribute", &[name.into(), value.into()]);
}

fn append(parent: &JsValue, child: &JsValue) {
    invoke(parent, "append", std::slice::from_ref(child));
}

/// Sets numbers that the style sheet counts with.
fn measures(element: &JsValue, numbers: &[(&str, f64)]) {
    let style = get(element, "style");
    for (name, number) in numbers {
        invoke(&style, "setProperty", &[(*name).into(), (number + 0.5).floor().into()]);
    }
}

fn size(card: &JsValue) -> Rect {
    Rect { w: number(card, "offsetWidth"), h: number(card, "offsetHeight"), ..Rect::default() }
}

impl Layer {
    /// A layer that is not in the page yet.
    pub fn new(state: State) -> Self {
        let make = |name| JsValue::from(browser::element(name));
        let (host, shade, live) = (make("div"), make("div"), make("p"));
        set(&host, "id", super::LAYER);
        put(&host, "lang", state.locale());
        let page = state.host();
        for name in ["data-theme", "data-layer"] {
            let value = call(&page, "getAttribute", name);
            if value.is_string() {
                put(&host, name, value);
            }
        }
        let root = invoke(&host, "attachShadow", &[crate::js::parse("{\"mode\":\"open\"}")]);
        set(&root, "adoptedStyleSheets", get(&state.root(), "adoptedStyleSheets"));
        dress(&root, STYLES);
        set(&shade, "className", "shade off");
        set(&live, "className", "unseen");
        put(&live, "role", "status");
        append(&root, &shade);
        append(&root, &live);
        Self { host, root, shade, live, card: Cell::default(), drawn: Cell::default() }
    }

    /// Whether the page still has it.
    pub fn is_open(&self) -> bool {
        is(&self.host, "isConnected")
    }

    /// Whether something in it has the focus.
    pub fn has_focus(&self) -> bool {
        browser::active(&self.root).is_some()
    }

    /// The card that is shown.
    pub fn card(&self) -> Option<HtmlElement> {
        browser::find(&self.root, ".stop")
    }

    /// Comes up where the control is, or at the end of the page, above everything else.
    pub fn open(&self, near: &JsValue) {
        let there = home(near);
        if get(&self.host, "parentNode") != there {
            append(&there, &self.host);
        }
        set(&self.host, "dir", if is_rtl() { "rtl" } else { "ltr" });
        // What enlarges the page must not enlarge what was measured in it once more.
        let own = get(&self.host, "style");
        let enlarge = |by: f64| invoke(&own, "setProperty", &["--zoom".into(), by.into()]);
        enlarge(1.0);
        enlarge(1.0 / number(&self.host, "currentCSSZoom"));
        if near.is_object() {
            let radius = get(&style(near), "borderTopLeftRadius");
            invoke(&get(&self.shade, "style"), "setProperty", &["--radius".into(), radius]);
        }
        raise(&self.host);
    }

    /// Shows nothing for now; it stays in the page, so that what is said next is heard.
    pub fn close(&self) {
        set(&self.shade, "className", "shade off");
        set(&self.live, "textContent", "");
        self.show(None);
    }

    /// Shows a card in the place of the one before.
    pub fn show(&self, card: Option<Tag>) {
        if let Some(mut before) = self.card.take() {
            before.unmount();
        }
        if let Some(card) = card {
            let mut shown = card.draw().build();
            shown.mount(self.root.unchecked_ref(), None);
            self.card.set(Some(shown));
        }
        self.drawn.set(None);
    }

    /// Moves the focus to the card, without scrolling the page.
    pub fn focus(&self) {
        if let Some(card) = self.card() {
            focus_element(&card);
        }
    }

    /// Says something politely, once.
    pub fn say(&self, words: &str) {
        if text(&self.live, "textContent") != words {
            set(&self.live, "textContent", words);
        }
    }

    /// Draws around the control and puts the card beside it; without a control the card alone. Nothing is dimmed under
    /// an open panel, and nothing is measured for `wish` while all stands as it was drawn last.
    pub fn draw(&self, sight: Option<Sight>, blocking: bool, is_quiet: bool, wish: impl FnOnce() -> Wish) {
        let Some(card) = self.card() else { return };
        let window = view();
        if self.drawn.get() == Some((sight, window, size(&card), is_quiet)) {
            return;
        }
        let seen = sight.filter(|sight| sight.reachable).map(|sight| sight.seen);
        let class = match (seen, blocking) {
            (None, _) => "shade off",
            (_, true) => "shade blocking",
            _ if is_quiet => "shade quiet",
            _ => "shade",
        };
        set(&self.shade, "className", class);
        let Rect { x, y, w, h } = seen.unwrap_or_default().grown(PADDING);
        measures(&self.shade, &[("--x", x), ("--y", y), ("--w", w), ("--h", h)]);
        // What it was held to is not its own size.
        set(&get(&card, "style"), "cssText", "");
        let Place { side, rect, arrow } = match sight {
            Some(_) => place(seen.unwrap_or_default(), size(&card), window, wish()),
            None => centred(size(&card), window),
        };
        put(&card, "data-side", side);
        let along = arrow.map_or(("--w", rect.w), |arrow| ("--arrow", arrow));
        measures(&card, &[("--x", rect.x), ("--y", rect.y), ("--h", rect.h), along]);
        self.drawn.set(Some((sight, window, size(&card), is_quiet)));
    }

    /// Takes it out of the page.
    pub fn remove(&self) {
        invoke(&self.host, "remove", &[]);
    }
}
