//! What is drawn over the page: the cut-out around the control, and a place for the card.

use std::cell::Cell;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlElement, ShadowRoot};

use crate::card::Card;
use crate::element::{Made, Make};
use crate::host::{self, Sight};
use crate::place::{Place, Rect, Side, card_box, place};

/// Between the control's edge and the cut-out's.
const PADDING: f64 = 8.0;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = ShadowRoot)]
    type Styled;
    #[wasm_bindgen(method, setter, js_name = adoptedStyleSheets)]
    fn set_sheets(this: &Styled, sheets: &Array);
    #[wasm_bindgen(extends = HtmlElement)]
    type Open;
    #[wasm_bindgen(method, js_name = attachShadow)]
    fn attach(this: &Open, options: &JsValue) -> Styled;
}

/// The control, the part of the page that can be seen, and the card's size.
type Drawn = (Option<Sight>, Rect, (f64, f64));

/// The layer; it leaves the page when it is dropped.
pub struct Layer {
    host: Made,
    root: ShadowRoot,
    shade: Made,
    dim: Element,
    ring: Element,
    live: Made,
    /// What was drawn last: drawing the same again would only cost.
    drawn: Cell<Option<Drawn>>,
}

impl Layer {
    /// A layer that is not in the page yet.
    pub fn new(document: &Document, sheets: &Array, lang: &str, looks: [(&str, JsValue); 2]) -> Option<Self> {
        let host = Make::new(document, "div")?.set(&[("id", "tabiji-guide"), ("lang", lang)]);
        for (name, value) in looks {
            if let Some(value) = value.as_string() {
                let _ = host.element.set_attribute(name, &value);
            }
        }
        host::ours(&host.element);
        let options = js_sys::Object::new();
        let _ = js_sys::Reflect::set(&options, &"mode".into(), &"open".into());
        let root = host.element.unchecked_ref::<Open>().attach(&options);
        root.set_sheets(sheets);
        let root: ShadowRoot = root.unchecked_into();
        let shade = Make::new(document, "svg")?.set(&[("class", "shade"), ("aria-hidden", "true")]);
        let (dim, ring) = (shade.child("path")?, shade.child("rect")?);
        let (dim, ring) = (dim.set(&[("class", "dim")]), ring.set(&[("class", "outline")]));
        let elements = (dim.element.clone(), ring.element.clone());
        let shade = shade.add(Some(dim)).add(Some(ring)).made();
        let live = Make::new(document, "p")?.set(&[("class", "unseen"), ("role", "status")]).made();
        let _ = root.append_child(&shade.element);
        let _ = root.append_child(&live.element);
        Some(Self {
            host: host.made(),
            root,
            shade,
            dim: elements.0,
            ring: elements.1,
            live,
            drawn: Cell::default(),
        })
    }

    /// The element in the page.
    pub fn host(&self) -> &Element {
        &self.host.element
    }

    /// Comes up where the control is, or at the end of the page, above everything else.
    pub fn open(&self, near: Option<&Element>, rtl: bool) {
        let home = host::home(near);
        if self.host.element.parent_element().as_ref() != Some(&home) {
            let _ = home.append_child(&self.host.element);
        }
        let _ = self.host.element.set_attribute("dir", if rtl { "rtl" } else { "ltr" });
        host::raise(&self.host.element);
    }

    /// Whether it is in the page.
    pub fn is_open(&self) -> bool {
        self.host.element.is_connected()
    }

    /// Shows nothing for now; it stays in the page, so that what is said next is heard.
    pub fn close(&self) {
        let _ = self.shade.element.set_attribute("class", "shade off");
        self.live.element.set_text_content(None);
        self.drawn.take();
    }

    /// Puts the card in.
    pub fn show(&self, card: &Card) {
        let _ = self.root.append_child(card.element());
        self.drawn.take();
    }

    /// Says something politely, once.
    pub fn say(&self, text: &str) {
        if self.live.element.text_content().as_deref() != Some(text) {
            self.live.element.set_text_content(Some(text));
        }
    }

    /// Whether the focus is inside.
    pub fn has_focus(&self) -> bool {
        self.root.active_element().is_some()
    }

    /// Draws around the control and puts the card beside it; without a control the card alone.
    pub fn draw(&self, sight: Option<Sight>, blocking: bool, card: &Card, rtl: bool) {
        let view = host::view();
        let now = (sight, view, card.size());
        if self.drawn.get() == Some(now) {
            return;
        }
        let seen = sight.filter(|sight| sight.is_reachable());
        let seen = seen.map(|sight| (sight.seen.grown(PADDING), sight.radius + PADDING));
        self.cut(seen, blocking);
        // What it was held to is not its own size.
        let style = card.element().unchecked_ref::<HtmlElement>().style();
        for name in ["width", "max-height"] {
            let _ = style.remove_property(name);
        }
        let size = card.size();
        let there = match seen {
            Some((hole, _)) => place(hole.grown(-PADDING), size, view, rtl),
            None if sight.is_some() => Place::Docked { top: false },
            None => Place::Centred,
        };
        let spot = card_box(there, size, view);
        lay(card, there, spot);
        self.drawn.set(Some((sight, view, card.size())));
    }

    /// Draws the hole with its radius, or nothing.
    fn cut(&self, seen: Option<(Rect, f64)>, blocking: bool) {
        set(
            &self.shade.element,
            "class",
            match (seen, blocking) {
                (None, _) => "shade off",
                (Some(_), true) => "shade blocking",
                (Some(_), false) => "shade",
            },
        );
        if let Some((hole, radius)) = seen {
            let radius = radius.min(hole.w / 2.0).min(hole.h / 2.0);
            set(&self.dim, "d", &cut_out(hole, radius));
            for (name, value) in
                [("x", hole.x), ("y", hole.y), ("width", hole.w), ("height", hole.h), ("rx", radius)]
            {
                set(&self.ring, name, &text(value));
            }
        }
    }
}

/// Puts a card where it goes.
fn lay(card: &Card, there: Place, spot: Rect) {
    let style = card.element().unchecked_ref::<HtmlElement>().style();
    let side = match there {
        Place::Beside { side: Side::Below, .. } => "below",
        Place::Beside { side: Side::Above, .. } => "above",
        Place::Beside { side: Side::Right, .. } => "right",
        Place::Beside { side: Side::Left, .. } => "left",
        Place::Docked { .. } => "docked",
        Place::Centred => "centred",
    };
    set(card.element(), "data-side", side);
    let pixels = |value: f64| [&text(value), "px"].concat();
    let put = |name: &str, value: &str| {
        let _ = style.set_property(name, value);
    };
    put("left", &pixels(spot.x));
    put("top", &pixels(spot.y));
    match there {
        Place::Beside { arrow, .. } => put("--arrow", &pixels(arrow)),
        Place::Docked { .. } | Place::Centred => put("width", &pixels(spot.w)),
    }
    put("max-height", &pixels(spot.h));
}

fn set(element: &Element, name: &str, value: &str) {
    // The names are our own, so they are good names.
    let _ = element.set_attribute(name, value);
}

/// The whole page but for a hole with round corners, as an SVG path for the even-odd rule.
fn cut_out(hole: Rect, radius: f64) -> String {
    let (w, h, r) = (text(hole.w - 2.0 * radius), text(hole.h - 2.0 * radius), text(radius));
    let arc = |x: &str, y: &str| ["a", &r, " ", &r, " 0 0 1 ", x, &r, " ", y, &r].concat();
    let start = ["M", &text(hole.x + radius), " ", &text(hole.y)].concat();
    let sides =
        ["h", &w, &arc("", ""), "v", &h, &arc("-", ""), "h-", &w, &arc("-", "-"), "v-", &h, &arc("", "-")];
    ["M-9999-9999H99999V99999H-9999Z", &start, &sides.concat(), "z"].concat()
}

/// A length in whole pixels; the printing of fractions would weigh more than the rest of the layer.
fn text(value: f64) -> String {
    (value.round() as i32).to_string()
}
