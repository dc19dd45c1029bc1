//! Where files are chosen, pasted and dropped, and those on their way.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::Event;

use super::texts::Texts;
use super::{Thread, on};
use crate::card::Card;
use crate::chat::session::Session;
use crate::js;
use crate::ui::{Handle, Region, Tag, icon, tag};

/// What can be sent; the collector looks at the content again.
const ACCEPTED: &str = "image/jpeg,image/png,image/gif,image/webp,application/pdf,text/plain,.csv,.txt,.log,.zip,.docx,.xlsx,.pptx";
/// A paper clip.
const CLIP: &str =
    "m20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 4.8 4.8l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4L14.5 7";

/// The list of files on their way.
pub struct Attachments {
    card: Card,
    list: Region,
}

/// The button that opens the browser's own chooser.
pub fn button(handle: &Handle<Thread>, texts: &Texts) -> Tag {
    tag("BUTTON", "attach")
        .set("type", "button")
        .set("aria-label", texts.attach)
        .set("title", texts.attach)
        .made(|button| icon::draw(button, &[("path", &[("d", CLIP)])]))
        .on("click", on(handle, |thread, _| thread.choose()))
}

/// The field behind that button.
pub fn chooser(handle: &Handle<Thread>) -> Tag {
    tag("INPUT", "")
        .with("type=file multiple")
        .set("accept", ACCEPTED)
        .with("hidden tabindex=-1 aria-hidden=true")
        .on(
            "change",
            on(handle, |thread, event| {
                let chooser = js::get(event, "target");
                thread.add_files(&js::get(&chooser, "files"));
                js::set(&chooser, "value", "");
            }),
        )
}

impl Attachments {
    /// None yet.
    pub fn new(card: Card) -> Self {
        Self { card, list: Region::default() }
    }

    /// Takes files that are pasted: a picture of the screen mostly is.
    pub fn takes_pastes(field: Tag, handle: &Handle<Thread>) -> Tag {
        field.on("paste", on(handle, |thread, event| given(thread, event, "clipboardData")))
    }

    /// Takes files that are dropped there.
    pub fn takes_drops(place: Tag, handle: &Handle<Thread>) -> Tag {
        let over = |event: &Event| {
            let types = js::get(&js::get(event, "dataTransfer"), "types");
            if js::invoke(&types, "includes", &["Files".into()]).is_truthy() {
                crate::ui::prevent(event);
            }
        };
        place
            .on("dragover", over)
            .on("drop", on(handle, |thread, event| given(thread, event, "dataTransfer")))
    }

    /// Shows how far they are.
    pub fn draw(&self, thread: &Rc<Thread>, session: &Session) {
        if let Some(list) = self.card.find(".brings") {
            let rows = session.extras().map(|extras| extras.files(&thread.place())).unwrap_or_default();
            self.list.draw(&list, rows);
        }
    }
}

fn given(thread: &Rc<Thread>, event: &Event, from: &str) {
    let files = js::get(&js::get(event, from), "files");
    if js::number(&files, "length") > 0.0 {
        crate::ui::prevent(event);
        thread.add_files(&files);
    }
}

impl Thread {
    fn choose(&self) {
        if let Some(chooser) = self.element(".write [type=file]") {
            js::invoke(&chooser, "click", &[]);
        }
    }

    fn add_files(&self, files: &JsValue) {
        // The browser empties its own list.
        let mut all = Vec::new();
        for at in 0..js::number(files, "length") as u32 {
            all.push(js::get(files, &at.to_string()));
        }
        if let Some(session) = self.session() {
            session.with_extras(Box::new(move |session, extras| extras.add_files(session, all)));
        }
        self.composer.focus();
    }
}
