//! The rows of a thread.

use std::rc::Rc;

use journey::chat_client::Row;
use journey::chat_client::text::{Piece, pieces};
use journey::clips::script::clock;
use protocol::Millis;
use protocol::chat::{Attachment, CallbackRequest, ClipMoment, LogEntryBody, SupportHours};
use protocol::ids::ConversationId;

use super::Thread;
use super::texts::Texts;
use crate::chat::amount::amount;
use crate::chat::bridge::iso;
use crate::chat::hours::{moment, span};
use crate::chat::link::link;
use crate::chat::session::Session;
use crate::i18n::{concat, fill};
use crate::ui::{self, Handle, Tag, button, tag};

/// Milliseconds between two bubbles of one author from which the second has a heading of its own.
const PAUSE: Millis = 5 * 60 * 1000;

impl Thread {
    /// Draws the rows, unless the same are there.
    pub(super) fn draw_rows(
        self: &Rc<Self>,
        session: &Rc<Session>,
        rows: &[Row<'_>],
        hours: Option<&SupportHours>,
    ) {
        // A message that came back as an entry can be more than it was: its file can be saved.
        let mut shown = String::new();
        for row in rows {
            shown.push_str(&row.id().text());
            shown.push(if row.author().is_some() { '+' } else { '-' });
        }
        if self.drawn.borrow().as_ref() == Some(&shown) {
            return;
        }
        let mut content = Vec::new();
        let mut before = None;
        for row in rows {
            if row.is_speech() {
                let headed = before.is_none_or(|(mine, at)| mine != row.is_mine() || row.at() - at > PAUSE);
                content.push(self.bubble(session, *row, headed));
                before = Some((row.is_mine(), row.at()));
            } else if let Some(text) = note(self.texts, *row, hours) {
                content.push(tag("LI", "note").text(text));
                before = None;
            }
        }
        if rows.is_empty() {
            content.push(tag("LI", "note").text(self.texts.hello));
        }
        if let Some(list) = self.element(".talk ol") {
            self.list.draw(&list, content);
        }
        *self.drawn.borrow_mut() = Some(shown);
        if let Some(scroll) = self.scroll.get() {
            scroll.stay();
        }
    }

    fn bubble(self: &Rc<Self>, session: &Rc<Session>, row: Row<'_>, headed: bool) -> Tag {
        let (texts, locale) = (self.texts, session.state.locale());
        let name = match row.author() {
            _ if row.is_mine() => texts.you,
            Some(author) if !author.name.is_empty() => &author.name,
            _ => texts.us,
        };
        let head = headed.then(|| {
            let time = tag("TIME", "").set("datetime", iso(row.at() as f64)).text(moment(row.at(), &locale));
            let face = if let Row::Entry(entry) = row { entry.picture.as_deref() } else { None };
            let face = face.map(|picture| ui::face(&session.base(), picture));
            tag("SMALL", "").add_maybe(face).text(concat(&[name, " "])).add(time)
        });
        let text = match row.body() {
            LogEntryBody::Callback(call) => requested(texts, session, call, &locale),
            _ => row.message().map(|message| message.text.clone()).unwrap_or_default(),
        };
        let message = row.message();
        let c = if let Row::Entry(entry) = row { Some(entry.conversation) } else { None };
        let file = message.and_then(|message| message.file.as_ref()).map(|file| self.file(session, c, file));
        let clip = message.and_then(|message| message.clip.as_ref());
        let place = message.and_then(|message| Some((message.step.clone()?, message.stop)));
        tag("LI", if row.is_mine() { "mine" } else { "theirs" })
            .add_maybe(head)
            .add_maybe((!text.is_empty()).then(|| tag("P", "").add_pieces(&text)))
            .add_maybe(file)
            .add_maybe(clip.map(|clip| watch(texts, session, clip)))
            .add_maybe(place.map(|(step, stop)| session.point("plain", texts.point, step, stop)))
    }

    /// A file: it can be saved once the collector has sent the message back.
    fn file(
        self: &Rc<Self>,
        session: &Rc<Session>,
        conversation: Option<ConversationId>,
        file: &Attachment,
    ) -> Tag {
        let Some(conversation) = conversation else { return tag("P", "").text(file.name.as_str()) };
        let (handle, card, id) = (Handle::to(session), self.card.clone(), file.id);
        button("plain file", &concat(&[file.name.as_str(), " · ", &amount(file.size)]), move |_| {
            handle.with(|session| {
                let card = card.clone();
                session.with_extras(Box::new(move |session, extras| {
                    extras.save(session, &card, conversation, id)
                }));
            });
        })
    }
}

impl Tag {
    /// Adds a text with its links.
    pub(in crate::chat) fn add_pieces(self, text: &str) -> Self {
        let mut parent = self;
        for piece in pieces(text) {
            parent = match piece {
                Piece::Plain(text) => parent.text(text),
                Piece::Link(href, rest) => parent.add(tag("SPAN", "").add(link(&href, &href)).text(rest)),
            };
        }
        parent
    }
}

fn requested(texts: &Texts, session: &Session, call: &CallbackRequest, locale: &str) -> String {
    // A number is not broken between two lines.
    let phone: String = call.phone.chars().map(|sign| if sign == '-' { '\u{2011}' } else { sign }).collect();
    let mut text = fill(texts.call_asked, &[("phone", &phone)]);
    for window in &call.windows {
        text.push('\n');
        text.push_str(&span(*window, locale, session.texts));
    }
    if call.windows.is_empty() {
        text.push('\n');
        text.push_str(texts.call_any);
    }
    text
}

fn watch(texts: &Texts, session: &Session, clip: &ClipMoment) -> Tag {
    let from = clock(clip.from.into());
    session.watch("plain", &fill(texts.watch, &[("time", &from)]), &clip.clip, clip.from)
}

/// What a row says about the conversation.
fn note(texts: &Texts, row: Row<'_>, hours: Option<&SupportHours>) -> Option<String> {
    let text = match row.body() {
        LogEntryBody::Claimed | LogEntryBody::Assigned { .. } => texts.claimed,
        LogEntryBody::Called => texts.called,
        LogEntryBody::Escalated if hours.is_some_and(|hours| hours.callback_due.is_some()) => {
            texts.escalated_call
        }
        LogEntryBody::Escalated => texts.escalated,
        LogEntryBody::Resolved => texts.resolved,
        LogEntryBody::Reopened => texts.reopened,
        LogEntryBody::Rated { .. } => texts.rated,
        _ => return None,
    };
    let author = if let LogEntryBody::Assigned { agent } = row.body() { Some(agent) } else { row.author() };
    let name = author.map(|author| author.name.as_str()).filter(|name| !name.is_empty()).unwrap_or(texts.us);
    Some(fill(text, &[("name", name)]))
}
