//! What the agent writes in the open conversation: text, what goes with it, and whether it is a note. The text
//! is kept on the device until the collector has it ([`super::drafts`]).

use std::collections::HashMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::chat::{ClipMoment, LogEntryBody, Message};
use protocol::ids::{ConversationId, EventId, StepId};

use super::agent::Agent;
use super::append::append;
use super::attachment::AttachmentUpload;
use super::conversation::OpenConversation;
use super::drafts::{self, Draft};
use super::held_note::HeldNote;
use crate::api::inbox;
use crate::ids::fresh_id;

/// What a message shows the customer with one press.
#[derive(Clone, Debug, PartialEq)]
pub enum Pointer {
    /// A clip from a moment on.
    Clip(ClipMoment),
    /// The guide of a step: from a stop, counted from 1, or from where the customer stands in it.
    Place(StepId, Option<u32>),
}

/// What the agent writes; a handle.
#[derive(Clone, Copy)]
pub struct Composer {
    agent: Agent,
    conversation: OpenConversation,
    /// The text.
    pub text: RwSignal<String>,
    /// Whether it is a note to colleagues. Stays after one is sent: a second note must not go to the customer.
    pub is_note: RwSignal<bool>,
    /// What the message points at, with its title.
    pub pointer: RwSignal<Option<(Pointer, String)>>,
    /// Answers that the customer can send with a press.
    pub quick_replies: RwSignal<Vec<String>>,
    /// The attachment.
    pub attachment: AttachmentUpload,
    /// The note that is about to be sent.
    pub held: HeldNote,
    /// Whether a message is on its way.
    pub is_busy: RwSignal<bool>,
    /// Why the last one was not taken; empty when it was.
    pub error: RwSignal<&'static str>,
    /// The newest entry of each conversation that is not acknowledged, with its id.
    unacknowledged: StoredValue<HashMap<ConversationId, (EventId, LogEntryBody)>>,
}

impl Composer {
    /// Begins empty.
    pub fn new(agent: Agent, conversation: OpenConversation) -> Self {
        let error = RwSignal::new("");
        Self {
            agent,
            conversation,
            text: RwSignal::new(String::new()),
            is_note: RwSignal::new(false),
            pointer: RwSignal::new(None),
            quick_replies: RwSignal::new(Vec::new()),
            attachment: AttachmentUpload::new(agent, conversation),
            held: HeldNote::new(agent, error),
            is_busy: RwSignal::new(false),
            error,
            unacknowledged: StoredValue::new(HashMap::new()),
        }
    }

    /// Shows the draft of a conversation that was just opened.
    pub fn load(self, conversation: ConversationId) {
        let draft = drafts::load(&self.agent.id(), conversation);
        self.clear();
        self.error.set("");
        self.is_note.set(draft.is_note);
        self.text.set(draft.text);
    }

    /// Takes what the agent has written.
    pub fn write(self, text: String) {
        self.text.set(text);
        self.keep_draft();
    }

    /// Chooses between an answer and a note.
    pub fn set_note(self, is_note: bool) {
        self.is_note.set(is_note);
        self.keep_draft();
    }

    /// Appends a canned reply to the text.
    pub fn insert(self, text: &str, quick_replies: Vec<String>) {
        let before = self.text.get_untracked();
        let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
        self.quick_replies.set(quick_replies);
        self.write([&before, gap, text].concat());
    }

    fn keep_draft(self) {
        let Some(conversation) = self.conversation.id() else { return };
        let draft = Draft { is_note: self.is_note.get_untracked(), text: self.text.get_untracked() };
        drafts::keep(&self.agent.id(), conversation, &draft);
    }

    /// Empties everything but the mark of a note.
    fn clear(self) {
        self.text.set(String::new());
        self.pointer.set(None);
        self.attachment.clear();
        self.quick_replies.set(Vec::new());
    }

    /// Returns the message; none when it says nothing.
    fn message(self) -> Option<Message> {
        let pointer = self.pointer.get_untracked().map(|(pointer, _)| pointer);
        let (clip, step, stop) = match pointer {
            Some(Pointer::Clip(clip)) => (Some(clip), None, None),
            Some(Pointer::Place(step, stop)) => (None, Some(step), stop),
            None => (None, None, None),
        };
        let message = Message {
            text: self.text.get_untracked(),
            clip,
            step,
            stop,
            file: self.attachment.complete(),
            quick_replies: self.quick_replies.get_untracked(),
        };
        // A place or a clip goes by a press of the button, as a text does by Enter.
        let says_something = !message.text.trim().is_empty()
            || message.clip.is_some()
            || message.step.is_some()
            || message.file.is_some();
        says_something.then_some(message)
    }

    /// Sends what is written; `sent` runs when the collector has it, or when a note is held for the moment in
    /// which it can be taken back. What was refused stays where it is.
    pub fn send(self, sent: impl FnOnce() + 'static) {
        if self.is_busy.get_untracked() || self.attachment.is_uploading_untracked() {
            return;
        }
        let (Some(message), Some(conversation)) = (self.message(), self.conversation.id()) else { return };
        if !self.is_note.get_untracked() {
            return self.send_answer(conversation, LogEntryBody::Message(message), sent);
        }
        if message.file.is_some() {
            return self.error.set(self.agent.texts.file_in_note);
        }
        self.held.hold(conversation, message);
        self.clear();
        self.keep_draft();
        sent();
    }

    /// Takes the last note back into the field.
    pub fn take_back_note(self) {
        let Some((conversation, message)) = self.held.take_back() else { return };
        let draft = Draft { is_note: true, text: message.text };
        drafts::keep(&self.agent.id(), conversation, &draft);
        if self.conversation.id() == Some(conversation) {
            self.load(conversation);
        }
    }

    /// The same text sent again has the same id, so it is appended once.
    fn send_answer(self, conversation: ConversationId, body: LogEntryBody, sent: impl FnOnce() + 'static) {
        let id = self.entry_id(conversation, &body);
        self.is_busy.set(true);
        spawn_local(async move {
            let taken = append(self.agent, conversation, id, body).await;
            let is_open = self.conversation.id() == Some(conversation);
            let _ = self.is_busy.try_set(false);
            if taken.is_ok() {
                self.unacknowledged.update_value(|sent| sent.retain(|_, (known, _)| *known != id));
                drafts::keep(&self.agent.id(), conversation, &Draft::default());
            }
            if is_open {
                self.error.set(taken.err().unwrap_or_default());
                if taken.is_ok() {
                    self.clear();
                    sent();
                }
            }
        });
    }

    /// Returns the id of an entry: the one that it was sent with before, until it is acknowledged.
    fn entry_id(self, conversation: ConversationId, body: &LogEntryBody) -> EventId {
        let known = self
            .unacknowledged
            .with_value(|sent| sent.get(&conversation).filter(|(_, sent)| sent == body).map(|(id, _)| *id));
        let id = known.unwrap_or_else(fresh_id);
        self.unacknowledged.update_value(|sent| drop(sent.insert(conversation, (id, body.clone()))));
        id
    }

    /// Says that the agent is typing.
    pub fn signal_typing(self) {
        let (Some(conversation), Some(site)) = (self.conversation.id(), self.agent.site()) else { return };
        spawn_local(async move {
            // The next signal covers this one.
            let _ = inbox::signal_typing(&site, conversation).await;
        });
    }
}
