//! Files on their way to the collector: brought in pieces before the message that names them, so that a cut
//! connection costs a piece (docs/decisions/0011-files.md).

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use lazy::{settled, spawn_local};
use protocol::Millis;
use protocol::chat::{Attachment, limits as chat_limits};
use protocol::ids::{ConversationId, EventId};
use wasm_bindgen::JsValue;

use super::failure::{reason, show_failure};
use super::picture::Picture;
use super::texts::Texts;
use crate::backoff::Backoff;
use crate::chat::amount::amount;
use crate::chat::bridge;
use crate::chat::encode::Fields;
use crate::chat::session::{Place, Session};
use crate::i18n::{concat, cut};
use crate::js;
use crate::ui::Abort;
use crate::ui::{Handle, Tag, button, sleep, tag};
use crate::wire::{Json, print};

/// Milliseconds between two attempts: the first pause and the longest.
const FIRST_PAUSE: Millis = 500;
const LONGEST_PAUSE: Millis = 15_000;
/// Milliseconds that a piece may take.
const PATIENCE: u32 = 60_000;
/// What no other attempt changes.
const FINAL: [&str; 6] = ["bad_file", "too_large", "files_full", "not_found", "bad_token", "token_required"];

/// A file on its way.
struct Upload {
    id: EventId,
    name: String,
    size: u64,
    /// Bytes that the collector has.
    at: u64,
    /// Why it cannot be sent.
    failed: Option<String>,
    /// The address for its pieces.
    to: Option<String>,
    /// What a message names, once the collector has all of it.
    whole: Option<Attachment>,
    /// Whether the person has sent it: it goes as soon as it is whole.
    is_sent: bool,
    /// What is shown of it, where it is a picture.
    picture: Option<Picture>,
    ending: Rc<Abort>,
}

/// The files that a person sends; dropping it ends their requests.
#[derive(Default)]
pub struct Uploads {
    all: RefCell<Vec<Upload>>,
    /// Ends requests for files to save.
    ending: Abort,
}

impl Uploads {
    /// Those on their way, in the order in which they were chosen.
    pub fn rows(self: &Rc<Self>, place: &Rc<dyn Place>, texts: &'static Texts) -> Vec<Tag> {
        let mut rows = Vec::new();
        for one in &*self.all.borrow() {
            rows.push(self.row(place, texts, one));
        }
        rows
    }

    fn row(self: &Rc<Self>, place: &Rc<dyn Place>, texts: &'static Texts, one: &Upload) -> Tag {
        let (uploads, place, id) = (Handle::to(self), Handle::to(place), one.id);
        let bar = tag("PROGRESS", "")
            .set("max", one.size.max(1).to_string())
            .set("value", one.at.to_string())
            .set("aria-label", one.name.as_str())
            .maybe("hidden", (one.failed.is_some() || one.whole.is_some()).then_some(""));
        let status = match &one.failed {
            Some(tag_name) => tag("SPAN", "wrong").set("role", "alert").text(reason(texts, tag_name)),
            None => tag("SPAN", "hint").text(amount(one.size)),
        };
        let cancel = button("quiet", texts.cancel, move |_| {
            place.with(|place| {
                uploads.with(|uploads| uploads.cancel(&**place, id));
                place.focus_field();
            });
        });
        // What cannot be shown here, because of the page's policy, is named all the same.
        let picture = one.picture.as_ref().map(Picture::draw);
        tag("P", "")
            .add_maybe(picture)
            .add(tag("B", "").text(one.name.as_str()))
            .add(status)
            .add(bar)
            .add(cancel)
    }

    fn change<T>(&self, id: EventId, change: impl FnOnce(&mut Upload) -> T) -> Option<T> {
        self.all.borrow_mut().iter_mut().find(|one| one.id == id).map(change)
    }

    /// Uploads the browser's files that a person chose, pasted or dropped.
    pub fn add(self: &Rc<Self>, session: &Rc<Session>, chosen: Vec<JsValue>) {
        for blob in chosen {
            let name = Some(js::text(&blob, "name")).filter(|name| !name.is_empty());
            let (id, size) = (session.fresh_id(), js::number(&blob, "size") as u64);
            let is_large = size > chat_limits::FILE;
            let ending = Rc::new(Abort::default());
            self.all.borrow_mut().push(Upload {
                id,
                name: name.unwrap_or_else(|| "image.png".to_owned()),
                size,
                at: 0,
                failed: is_large.then(|| "too_large".to_owned()),
                to: None,
                whole: None,
                is_sent: false,
                picture: Picture::of(&blob),
                ending: Rc::clone(&ending),
            });
            if !is_large {
                spawn_local(bring(Rc::downgrade(self), Rc::downgrade(session), id, blob, ending));
            }
        }
        session.changed();
    }

    /// The person sends the files that were chosen: those on their way follow as soon as they are whole.
    pub fn send(&self, session: &Rc<Session>) {
        self.all.borrow_mut().iter_mut().for_each(|one| one.is_sent = true);
        self.send_whole(session);
    }

    fn send_whole(&self, session: &Rc<Session>) {
        let mut files = Vec::new();
        self.all.borrow_mut().retain_mut(|one| {
            let file = if one.is_sent { one.whole.take() } else { None };
            let stays = file.is_none();
            files.extend(file);
            stays
        });
        files.into_iter().for_each(|file| session.send_file(file));
        session.changed();
    }

    /// Takes back a file that the person does not want to send: it takes no room at the collector.
    fn cancel(&self, place: &dyn Place, id: EventId) {
        let Some(session) = place.session() else { return };
        let to = self.change(id, |one| {
            one.ending.abort();
            one.to.clone()
        });
        self.all.borrow_mut().retain(|one| one.id != id);
        if let Some(to) = to.flatten()
            && let (path, Some(query)) = cut(&to, b'?')
        {
            let url = concat(&[session.base().as_str(), path, "/drop?", query]);
            let signal = self.ending.signal();
            spawn_local(async move {
                let _ = settled(&bridge::send(&url, &"".into(), &signal, PATIENCE)).await;
            });
        }
        session.changed();
    }

    /// Saves a file of a conversation; an error when it cannot be fetched.
    pub fn save(
        &self,
        session: &Session,
        conversation: ConversationId,
        id: EventId,
    ) -> impl Future<Output = Option<()>> + use<> {
        let (base, signal) = (session.base(), self.ending.signal());
        let body = Fields::new();
        body.set("hello", &session.who());
        body.id("c", &conversation.0);
        body.id("id", &id);
        let body = body.done();
        async move {
            let url = concat(&[base.as_str(), "v1/chat/files/link"]);
            let answer = post(&url, &print(&body).into(), &signal).await.ok()?;
            let link = js::call(&js::document(), "createElement", &["a".into()]).ok()?;
            js::set(&link, "href", concat(&[&base, &answer.get::<String>("url")?]));
            js::set(&link, "download", "");
            js::set(&link, "rel", "noreferrer");
            js::call(&link, "click", &[]).ok().map(|_| ())
        }
    }
}

impl Drop for Uploads {
    fn drop(&mut self) {
        for one in &*self.all.borrow() {
            one.ending.abort();
        }
    }
}

/// Posts; an error is the tag of a refusal, and empty when nothing came back.
async fn post(url: &str, body: &JsValue, signal: &JsValue) -> Result<Json, String> {
    let answer = settled(&bridge::send(url, body, signal, PATIENCE)).await.map_err(|_| String::new())?;
    let reply = Json::of(js::get(&answer, "1"));
    match js::get(&answer, "0").as_f64() {
        Some(200.0..=299.0) => Ok(reply),
        _ => Err(reply.field("error").get("tag").unwrap_or_default()),
    }
}

async fn bring(
    uploads: Weak<Uploads>,
    session: Weak<Session>,
    id: EventId,
    blob: JsValue,
    ending: Rc<Abort>,
) {
    let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
    while !ending.is_aborted() {
        let tag = match attempt(&uploads, &session, id, &blob, &ending, &mut backoff).await {
            Ok(file) => {
                if let (Some(uploads), Some(session)) = (uploads.upgrade(), session.upgrade()) {
                    uploads.change(id, |one| one.whole = Some(file));
                    uploads.send_whole(&session);
                    session.changed();
                }
                return;
            }
            Err(tag) => tag,
        };
        if FINAL.contains(&tag.as_str()) {
            if let (Some(uploads), Some(session)) = (uploads.upgrade(), session.upgrade()) {
                uploads.change(id, |one| one.failed = Some(tag));
                session.changed();
                show_failure(&session);
            }
            return;
        }
        sleep(backoff.pause(0)).await;
    }
}

/// Asks where the file goes and how far it is, and brings piece after piece.
async fn attempt(
    uploads: &Weak<Uploads>,
    session: &Weak<Session>,
    id: EventId,
    blob: &JsValue,
    ending: &Abort,
    backoff: &mut Backoff,
) -> Result<Attachment, String> {
    let (base, body) = {
        let session = session.upgrade().ok_or_else(String::new)?;
        let uploads = uploads.upgrade().ok_or_else(String::new)?;
        let body = uploads.change(id, |one| {
            let body = Fields::new();
            body.set("hello", &session.who());
            body.id("id", &id);
            body.text("name", &one.name);
            body.number("size", one.size as f64);
            body.done()
        });
        (session.base(), print(&body.ok_or_else(String::new)?))
    };
    let signal = ending.signal();
    let mut answer = post(&concat(&[base.as_str(), "v1/chat/files"]), &body.into(), &signal).await?;
    let to: String = answer.get("to").ok_or_else(String::new)?;
    let piece: f64 = js::number(answer.value(), "piece");
    loop {
        if let Some(file) = answer.get("file") {
            return Ok(file);
        }
        let at = js::number(answer.value(), "at");
        {
            let session = session.upgrade().ok_or_else(String::new)?;
            let uploads = uploads.upgrade().ok_or_else(String::new)?;
            uploads.change(id, |one| {
                one.at = at as u64;
                one.to = Some(to.clone());
            });
            session.changed();
        }
        let bytes = js::call(blob, "slice", &[at.into(), (at + piece).into()]).map_err(|_| String::new())?;
        let url = concat(&[base.as_str(), &to, "&at=", &(at as u64).to_string()]);
        answer = post(&url, &bytes, &signal).await?;
        backoff.reset();
    }
}
