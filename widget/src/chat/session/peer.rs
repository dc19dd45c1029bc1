//! What the connection tells a session.

use journey::chat_client::Link;
use protocol::chat::{LogEntryBody, ServerFrame};
use protocol::ids::ConversationId;
use wasm_bindgen::JsValue;

use super::Session;
use crate::browser;
use crate::chat::connection::{Connection, Peer};
use crate::chat::encode::{self, Fields};
use crate::wire::{Json, Read};

/// Close codes that say that the collector cannot read the frame in flight.
const UNREADABLE: [u16; 2] = [1009, 4400];

impl Session {
    /// Entries came: the page is notified of agents' messages, and the tab that leads announces them once.
    fn news(&self, c: ConversationId, count: usize) {
        let (mut details, mut is_news) = (Vec::new(), false);
        self.with(|client| {
            let Some(one) = client.conversations().iter().find(|one| one.head.id == c) else { return };
            for entry in one.newest(count) {
                if one.is_unread(entry) {
                    is_news = true;
                    // What was there before the page was is no news to it.
                    if entry.at >= self.begun {
                        let detail = Fields::new();
                        detail.text("from", &entry.author.name);
                        detail.number("unread", one.unread() as f64);
                        details.push(detail.done());
                    }
                }
            }
        });
        for detail in &details {
            self.state.notify_page("chat.message", detail);
        }
        if !is_news {
            return;
        }
        let reads = self.thread.borrow().as_ref().is_some_and(|thread| thread.is_read());
        if !reads && let Some((from, picture, text)) = self.newest_answer() {
            self.state.with_strip(move |strip| strip.answer(from, picture, text));
        }
        if !reads && self.connection().is_some_and(Connection::leads) {
            self.sound.ring(&self.state.root());
        }
    }
}

impl Session {
    /// Who wrote the newest unread text, their picture, and what they wrote.
    fn newest_answer(&self) -> Option<(String, Option<String>, String)> {
        self.with(|client| {
            let one = client.current()?;
            one.entries.iter().rev().filter(|entry| one.is_unread(entry)).find_map(|entry| {
                let LogEntryBody::Message(message) = &entry.body else { return None };
                Some((entry.author.name.clone(), entry.picture.clone(), message.text.clone()))
            })
        })
    }
}

impl Peer for Session {
    fn hello(&self) -> JsValue {
        *self.token.borrow_mut() = self.state.caller().token;
        let hello = self.who();
        self.with(|client| {
            crate::js::set(&hello, "resume", encode::resume(&client.resume()));
            crate::js::set(&hello, "epoch", client.epoch());
        });
        hello
    }

    fn receive(&self, frame: &JsValue) {
        if let Some(parsed) = ServerFrame::read(&Json::of(frame.clone())) {
            let received = {
                let mut client = self.client.borrow_mut();
                self.transcript.borrow_mut().note(&client, &parsed, frame);
                client.receive(parsed, browser::now())
            };
            if let Some((c, count)) = received.fresh {
                self.news(c, count);
            }
            if received.reconnect {
                self.refresh();
            }
        }
        self.pump();
    }

    fn link_changed(&self, link: Link, code: u16) {
        self.client.borrow_mut().set_link(link, UNREADABLE.contains(&code));
        if link == Link::Refused && self.connection().is_some_and(Connection::leads) {
            self.state.renew_token();
        }
        self.pump();
    }

    fn transcript(&self) -> Vec<JsValue> {
        self.with(|client| self.transcript.borrow().frames(client))
    }
}
