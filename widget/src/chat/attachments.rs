//! Where files are chosen, pasted and dropped, and those on their way.

use std::rc::Rc;

use protocol::ids::EventId;
use wasm_bindgen::JsValue;
use web_sys::Event;

use super::region::Region;
use super::session::Session;
use super::texts::Texts;
use super::thread::Thread;
use super::uploads::{Upload, amount};
use crate::card::Card;
use crate::js;
use crate::ui::{self, Handle, Tag, tag};

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
    let handle = handle.clone();
    tag("BUTTON", "attach")
        .set("type", "button")
        .set("aria-label", texts.attach)
        .set("title", texts.attach)
        .made(|button| ui::icon::draw(button, &[("path", &[("d", CLIP)])]))
        .on("click", move |_| handle.with(|thread| thread.choose()))
}

/// The field behind that button.
pub fn chooser(handle: &Handle<Thread>) -> Tag {
    let handle = handle.clone();
    tag("INPUT", "")
        .set("type", "file")
        .set("multiple", "")
        .set("accept", ACCEPTED)
        .set("hidden", "")
        .set("tabindex", "-1")
        .set("aria-hidden", "true")
        .on("change", move |event| {
            let chooser = js::get(event, "target");
            handle.with(|thread| thread.add_files(&js::get(&chooser, "files")));
            js::set(&chooser, "value", "");
        })
}

impl Attachments {
    /// None yet.
    pub fn new(card: Card) -> Self {
        Self { card, list: Region::default() }
    }

    /// Takes files that are pasted: a picture of the screen mostly is.
    pub fn takes_pastes(field: Tag, handle: &Handle<Thread>) -> Tag {
        let handle = handle.clone();
        field.on("paste", move |event| given(&handle, event, "clipboardData"))
    }

    /// Takes files that are dropped there.
    pub fn takes_drops(place: Tag, handle: &Handle<Thread>) -> Tag {
        let handle = handle.clone();
        let over = |event: &Event| {
            let types = js::get(&js::get(event, "dataTransfer"), "types");
            if js::call(&types, "includes", &["Files".into()]).is_ok_and(|files| files.is_truthy()) {
                ui::prevent(event);
            }
        };
        place.on("dragover", over).on("drop", move |event| given(&handle, event, "dataTransfer"))
    }

    /// Shows how far they are.
    pub fn draw(&self, thread: &Rc<Thread>, session: &Session) {
        if let Some(list) = self.card.find(".brings") {
            let rows =
                session.uploads().with(|all| all.iter().map(|one| row(thread, session.texts, one)).collect());
            self.list.draw(&list, rows);
        }
    }
}

fn given(handle: &Handle<Thread>, event: &Event, from: &str) {
    let files = js::get(&js::get(event, from), "files");
    if js::number(&files, "length") > 0.0 {
        ui::prevent(event);
        handle.with(|thread| thread.add_files(&files));
    }
}

fn row(thread: &Rc<Thread>, texts: &'static Texts, one: &Upload) -> Tag {
    let (handle, id) = (Handle::to(thread), one.id);
    let at = one.at as f64;
    let bar = tag("PROGRESS", "")
        .set("max", one.size.max(1).to_string())
        .set("value", (at as u64).to_string())
        .set("aria-label", one.name.as_str())
        .maybe("hidden", one.failed.as_ref().map(|_| ""));
    let said = match &one.failed {
        Some(tag_name) => tag("SPAN", "wrong").set("role", "alert").text(reason(texts, tag_name)),
        None => tag("SPAN", "hint").text(amount(one.size)),
    };
    let cancel = ui::button("quiet", texts.cancel, move |_| handle.with(|thread| thread.drop_file(id)));
    tag("P", "").add(tag("B", "").text(one.name.as_str())).add(said).add(bar).add(cancel)
}

fn reason(texts: &Texts, tag: &str) -> &'static str {
    match tag {
        "too_large" => texts.file_too_large,
        "bad_file" => texts.file_bad_file,
        "files_full" => texts.file_files_full,
        _ => texts.failed,
    }
}

impl Thread {
    fn choose(&self) {
        if let Some(chooser) = self.element(".write [type=file]") {
            js::invoke(&chooser, "click", &[]);
        }
    }

    fn add_files(&self, files: &JsValue) {
        if let Some(session) = self.session() {
            session.uploads().add(&session, files);
        }
        self.focus_field();
    }

    fn drop_file(&self, id: EventId) {
        if let Some(session) = self.session() {
            session.uploads().cancel(&session, id);
        }
        self.focus_field();
    }
}
