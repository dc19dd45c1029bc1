//! What is drawn over the page: the cut-out around the control, and the card beside it.

use std::cell::{Cell, RefCell};

use journey::guide::placement::{Place, Rect, Wish, centred, place};
use tachys::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use super::dom::{call, is_rtl, view};
use super::hold::{home, raise};
use super::sight::Sight;
use crate::browser;
use crate::js::{dress, get, invoke, is, number, set, text};
use crate::state::State;
use crate::ui::icon::element as shape;
use crate::ui::{Shown, Tag, focus_element};

const STYLES: &str = include_str!(concat!(env!("OUT_DIR"), "/guide.css"));
/// Between the control's edge and the cut-out's, in pixels.
const PADDING: f64 = 8.0;

/// The layer of one guide.
pub struct Layer {
    pub host: JsValue,
    root: JsValue,
    shade: JsValue,
    dim: JsValue,
    ring: JsValue,
    live: JsValue,
    card: RefCell<Option<(Shown, HtmlElement)>>,
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

/// A number as drawings and styles take it.
fn short(number: f64) -> String {
    invoke(&number.into(), "toFixed", &[1.into()]).as_string().unwrap_or_default()
}

impl Layer {
    /// A layer that is not in the page yet.
    pub fn new(state: State) -> Self {
        let host: JsValue = browser::element("div").into();
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
        let (dim, ring) = (shape("path", &[("class", "dim")]), shape("rect", &[("class", "outline")]));
        let shade = shape("svg", &[("class", "shade off"), ("aria-hidden", "true")]);
        append(&shade, &dim);
        append(&shade, &ring);
        let live: JsValue = browser::element("p").into();
        put(&live, "class", "unseen");
        put(&live, "role", "status");
        put(&live, "lang", state.locale());
        append(&root, &shade);
        append(&root, &live);
        Self { host, root, shade, dim, ring, live, card: RefCell::default(), drawn: Cell::default() }
    }

    /// Whether the page still has it.
    pub fn is_open(&self) -> bool {
        is(&self.host, "isConnected")
    }

    /// What has the focus in it.
    pub fn focused(&self) -> Option<HtmlElement> {
        browser::active(&self.root)
    }

    pub fn has_focus(&self) -> bool {
        self.focused().is_some()
    }

    /// The card that is shown.
    pub fn card(&self) -> Option<HtmlElement> {
        self.card.borrow().as_ref().map(|(_, card)| card.clone())
    }

    /// Comes up where the control is, or at the end of the page, above everything else.
    pub fn open(&self, near: Option<&JsValue>) {
        let there = home(near);
        if get(&self.host, "parentNode") != there {
            append(&there, &self.host);
        }
        put(&self.host, "dir", if is_rtl() { "rtl" } else { "ltr" });
        raise(&self.host);
    }

    /// Shows nothing for now; it stays in the page, so that what is said next is heard.
    pub fn close(&self) {
        put(&self.shade, "class", "shade off");
        set(&self.live, "textContent", "");
        let card = self.card.take();
        if let Some((mut shown, _)) = card {
            shown.unmount();
        }
    }

    /// Shows a card in the place of the one before.
    pub fn show(&self, card: Tag) {
        let mut shown = card.draw().build();
        shown.mount(self.root.unchecked_ref(), None);
        let elements: Vec<Element> = shown.elements();
        let before = self.card.take();
        if let Some((mut before, _)) = before {
            before.unmount();
        }
        if let Some(element) = elements.into_iter().next() {
            *self.card.borrow_mut() = Some((shown, element.unchecked_into()));
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
    /// an open panel.
    pub fn draw(&self, sight: Option<Sight>, blocking: bool, is_quiet: bool, beside: bool) {
        let Some(card) = self.card() else { return };
        let window = view();
        let size = |card: &JsValue| {
            let (w, h) = (number(card, "offsetWidth"), number(card, "offsetHeight"));
            Rect { w, h, ..Rect::default() }
        };
        if self.drawn.get() == Some((sight, window, size(&card), is_quiet)) {
            return;
        }
        let seen = sight.filter(|sight| sight.reachable).map(|sight| sight.seen);
        let radius = sight.map_or(0.0, |sight| sight.radius + PADDING);
        self.cut(seen.map(|seen| seen.grown(PADDING)), radius, blocking, is_quiet);
        // What it was held to is not its own size.
        let style = get(&card, "style");
        set(&style, "width", "");
        set(&style, "maxHeight", "");
        let wish = Wish { rtl: is_rtl(), beside };
        let Place { side, rect, arrow } = match sight {
            Some(_) => place(seen.unwrap_or_default(), size(&card), window, wish),
            None => centred(size(&card), window),
        };
        put(&card, "data-side", side);
        let px = |name: &str, value: f64| {
            let value = [&short(value.round()), "px"].concat();
            invoke(&style, "setProperty", &[name.into(), value.into()]);
        };
        px("left", rect.x);
        px("top", rect.y);
        px("max-height", rect.h);
        match arrow {
            Some(arrow) => px("--arrow", arrow),
            None => px("width", rect.w),
        }
        self.drawn.set(Some((sight, window, size(&card), is_quiet)));
    }

    fn cut(&self, hole: Option<Rect>, radius: f64, blocking: bool, is_quiet: bool) {
        let class = match (hole, blocking) {
            (None, _) => "shade off",
            (_, true) => "shade blocking",
            _ if is_quiet => "shade quiet",
            _ => "shade",
        };
        put(&self.shade, "class", class);
        let Some(Rect { x, y, w, h }) = hole else { return };
        let r = radius.min(w / 2.0).min(h / 2.0);
        let mut path = String::from("M-9999-9999H99999V99999H-9999ZM");
        let mut add = |letters: &str, numbers: &[f64]| {
            path.push_str(letters);
            for number in numbers {
                path = [&path, " ", &short(*number)].concat();
            }
        };
        // The whole page but for a hole with round corners, for the even-odd rule.
        add("", &[x + r, y]);
        let sides = [(w, "h", 1.0, 1.0), (h, "v", -1.0, 1.0), (-w, "h", -1.0, -1.0), (-h, "v", 1.0, -1.0)];
        for (length, side, right, down) in sides {
            add(side, &[length - length.signum() * 2.0 * r]);
            add("a", &[r, r]);
            add(" 0 0 1", &[right * r, down * r]);
        }
        put(&self.dim, "d", path);
        for (name, value) in [("x", x), ("y", y), ("width", w), ("height", h), ("rx", r)] {
            put(&self.ring, name, value);
        }
    }

    /// Takes it out of the page.
    pub fn remove(&self) {
        invoke(&self.host, "remove", &[]);
    }
}
