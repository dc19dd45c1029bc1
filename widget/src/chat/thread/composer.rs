//! Where one writes: a field that grows, keeps its draft, and sends at Enter.

use std::cell::{Cell, RefCell};

use journey::chat_client::text::trim;
use protocol::chat::limits as chat_limits;
use web_sys::{Event, HtmlElement};

use super::attachments::{self, Attachments};
use super::texts::Texts;
use super::{Thread, on};
use crate::browser;
use crate::card::{Card, submit};
use crate::chat::storage;
use crate::i18n::concat;
use crate::js;
use crate::ui::{Handle, Tag, focus_element, tag};

/// Milliseconds after which a person who goes on typing is reported again.
const TYPING: f64 = 3_000.0;
/// Pixels that the field grows to.
const TALLEST: f64 = 138.0;
/// Milliseconds after the end of a composition in which Enter belongs to it: Safari ends it before the key.
const COMPOSED: f64 = 50.0;

/// The field of a thread's card.
pub struct Composer {
    card: Card,
    draft: RefCell<String>,
    reported: Cell<f64>,
    composed: Cell<f64>,
}

/// The form.
pub fn form(handle: &Handle<Thread>, texts: &Texts) -> Tag {
    let field = tag("TEXTAREA", "")
        .set("rows", "1")
        .set("maxlength", chat_limits::TEXT.to_string())
        .set("aria-label", texts.write)
        .set("placeholder", texts.write)
        .set("enterkeyhint", if browser::is_touch() { "enter" } else { "send" })
        .on("input", on(handle, |thread, event| thread.typed(event)))
        .on(
            "compositionend",
            on(handle, |thread, event| thread.composer.composed.set(js::number(event, "timeStamp"))),
        )
        .on("keydown", on(handle, |thread, event| thread.key(event)));
    let field = Attachments::takes_pastes(field, handle);
    let send = submit(texts.send);
    tag("FORM", "write")
        .add(attachments::button(handle, texts))
        .add(field)
        .add(send)
        .add(attachments::chooser(handle))
        .on(
            "submit",
            on(handle, |thread, event| {
                crate::ui::prevent(event);
                thread.submit();
            }),
        )
}

impl Composer {
    /// Nothing is written yet.
    pub fn new(card: Card) -> Self {
        Self { card, draft: RefCell::default(), reported: Cell::new(-TYPING), composed: Cell::new(-COMPOSED) }
    }

    fn field(&self) -> Option<HtmlElement> {
        self.card.find(".write textarea")
    }

    /// Puts back what the owner began to write.
    pub fn restore(&self, owner: &str) {
        let name = storage::draft(owner);
        if let (Some(field), Some(text)) = (self.field(), browser::recall(&name)) {
            js::set(&field, "value", text);
        }
        *self.draft.borrow_mut() = name;
    }

    /// Makes the field as tall as its text.
    pub fn grow(&self) {
        let Some(field) = self.field() else { return };
        let style = js::get(&field, "style");
        js::set(&style, "height", "auto");
        let height = (js::number(&field, "scrollHeight") + 2.0).min(TALLEST);
        js::set(&style, "height", concat(&[&(height as u32).to_string(), "px"]));
    }

    /// Gives the field the focus.
    pub fn focus(&self) {
        if let Some(field) = self.field() {
            focus_element(&field);
        }
    }

    /// Hides the form while another stands in its place.
    pub fn hide(&self, hidden: bool) {
        if let Some(form) = self.card.find(".write") {
            js::set(&form, "hidden", hidden);
        }
    }

    fn value(&self) -> String {
        self.field().map(|field| js::text(&field, "value")).unwrap_or_default()
    }

    fn store(&self, text: &str) {
        browser::remember(&self.draft.borrow(), Some(text).filter(|text| !text.is_empty()));
    }
}

impl Thread {
    fn typed(&self, event: &Event) {
        let composer = &self.composer;
        composer.grow();
        let text = composer.value();
        composer.store(&text);
        let at = js::number(event, "timeStamp");
        if at - composer.reported.get() > TYPING {
            composer.reported.set(at);
            if let Some(session) = self.session() {
                session.typing(!trim(&text).is_empty());
            }
        }
    }

    /// Enter sends, but not the one that confirms a kana-kanji conversion, and not where there is no Shift for a new
    /// line.
    fn key(&self, event: &Event) {
        let composes = js::is(event, "isComposing")
            || js::number(event, "keyCode") == 229.0
            || js::number(event, "timeStamp") - self.composer.composed.get() < COMPOSED;
        if js::text(event, "key") == "Enter"
            && !js::is(event, "shiftKey")
            && !composes
            && !browser::is_touch()
        {
            crate::ui::prevent(event);
            self.submit();
        }
    }

    fn submit(&self) {
        let composer = &self.composer;
        let text = trim(&composer.value()).to_owned();
        let (Some(session), Some(field)) = (self.session(), composer.field()) else { return };
        self.scroll_to_end();
        if !text.is_empty() {
            js::set(&field, "value", "");
            composer.store("");
            composer.grow();
            session.send(text);
        }
        if let Some(extras) = session.extras() {
            extras.send_files(&session);
        }
        composer.focus();
    }
}
