//! What the person does.

use protocol::Millis;
use protocol::backend::FactValue;
use protocol::chat::{Attachment, CallbackRequest, ClientFrame, LogEntryBody, Message};
use protocol::widget::EventKind;

use super::Session;
use crate::browser;

impl Session {
    fn add(&self, body: LogEntryBody) {
        let (mid, key) = (self.fresh_id(), self.key.get(&self.ids));
        self.client.borrow_mut().outbox.add(mid, body, key, browser::now());
        self.pump();
    }

    /// Sends a text.
    pub fn send(&self, text: String) {
        self.add(LogEntryBody::Message(Message { text, ..Message::default() }));
    }

    /// Sends a file that is whole.
    pub fn send_file(&self, file: Attachment) {
        self.add(LogEntryBody::Message(Message { file: Some(file), ..Message::default() }));
    }

    /// Asks to be called.
    pub fn request_callback(&self, phone: String, windows: Vec<[Millis; 2]>) {
        let count = ("windows".to_owned(), FactValue::Number(windows.len() as f64));
        let about = self.about.borrow().clone();
        self.report(EventKind::CallbackRequested, about.as_ref(), vec![count]);
        self.add(LogEntryBody::Callback(CallbackRequest { phone, windows, step: None }));
    }

    /// Tries again what was not sent.
    pub fn retry(&self) {
        self.client.borrow_mut().outbox.retry(browser::now());
        self.pump();
    }

    /// Deletes what was not sent.
    pub fn delete_held(&self) {
        let held = self.with(|client| client.outbox.held(browser::now()));
        for mid in held {
            self.client.borrow_mut().outbox.remove(mid);
        }
        self.changed();
    }

    /// Everything shown was read.
    pub fn read(&self) {
        let read = self.client.borrow_mut().read();
        if read.is_some() {
            self.ask(read);
            self.state.set_unread(0);
        }
    }

    /// The person types, or stopped.
    pub fn typing(&self, on: bool) {
        self.ask(self.with(|client| {
            client.current().map(|one| ClientFrame::Typing { conversation: one.head.id, on })
        }));
    }

    /// Rates the conversation.
    pub fn rate(&self, score: u8, comment: String) {
        let (id, comment) = (self.fresh_id(), self.state.masked(&comment));
        self.ask(self.with(|client| {
            client.current().map(|one| ClientFrame::Csat { id, conversation: one.head.id, score, comment })
        }));
    }
}
