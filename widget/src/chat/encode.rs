//! Frames of `tabiji-chat/1` and stored messages, to JavaScript values and JSON.

use journey::chat_client::{Destination, Outgoing};
use protocol::Millis;
use protocol::chat::{
    Attachment, CallbackRequest, ClientFrame, ConversationStatus, ConversationSummary, Envelope,
    LogEntryBody, Message, ResumePoint, VisitorContext,
};
use protocol::ids::{ConversationId, EventId};
use wasm_bindgen::JsValue;

use crate::js;
use crate::wire::{object, print};

/// An object that is being filled. A call for each field is a third of the code of a list of fields.
pub struct Fields(JsValue);

impl Fields {
    /// An empty object.
    pub fn new() -> Self {
        Self(object(&[]))
    }

    /// A frame of this kind.
    fn frame(kind: &str) -> Self {
        let fields = Self::new();
        fields.text("t", kind);
        fields
    }

    /// The object.
    pub fn done(self) -> JsValue {
        self.0
    }

    /// Sets a field.
    #[inline(never)]
    pub fn set(&self, name: &str, value: &JsValue) {
        js::set(&self.0, name, value);
    }

    /// Sets a field to a text.
    #[inline(never)]
    pub fn text(&self, name: &str, text: &str) {
        self.set(name, &text.into());
    }

    /// Sets a field to a text, unless it is empty.
    fn filled(&self, name: &str, text: &str) {
        if !text.is_empty() {
            self.text(name, text);
        }
    }

    /// Sets a field to a number.
    #[inline(never)]
    pub fn number(&self, name: &str, number: f64) {
        self.set(name, &number.into());
    }

    /// Sets a field to an id.
    #[inline(never)]
    pub fn id(&self, name: &str, id: &EventId) {
        self.text(name, &id.text());
    }

    /// Sets a field to an id, where there is one.
    fn maybe_id(&self, name: &str, id: Option<&EventId>) {
        if let Some(id) = id {
            self.id(name, id);
        }
    }
}

fn call(fields: &Fields, phone: &str, windows: &[[Millis; 2]]) {
    let all = js::empty_list();
    for [from, to] in windows {
        let window = js::empty_list();
        js::push(&window, (*from as f64).into());
        js::push(&window, (*to as f64).into());
        js::push(&all, window);
    }
    fields.text("phone", phone);
    fields.set("windows", &all);
}

fn file(fields: &Fields, file: Option<&Attachment>) {
    if let Some(file) = file {
        let attached = Fields::new();
        attached.id("id", &file.id);
        attached.text("name", &file.name);
        attached.number("size", file.size as f64);
        attached.text("kind", &file.kind);
        fields.set("file", &attached.0);
    }
}

/// Where a message goes, and what the person was doing.
fn address(fields: &Fields, envelope: &Envelope) {
    fields.id("mid", &envelope.id);
    fields.maybe_id("c", envelope.conversation.as_ref().map(|conversation| &conversation.0));
    fields.maybe_id("ck", envelope.conversation_key.as_ref());
    if let Some(doing) = &envelope.context {
        fields.set("ctx", &context(doing).0);
    }
}

fn context(context: &VisitorContext) -> Fields {
    let fields = Fields::new();
    fields.text("page", &context.page);
    if let Some(step) = &context.step {
        fields.text("step", step.as_str());
    }
    if let Some(stuck) = context.step_open_for {
        fields.number("stuck", stuck as f64);
    }
    fields.filled("error", &context.error);
    if let Some(moment) = &context.clip {
        let clip = Fields::new();
        clip.text("clip", &moment.clip);
        clip.number("from", moment.from.into());
        fields.set("clip", &clip.0);
    }
    fields.filled("article", &context.article);
    fields.filled("locale", &context.locale);
    fields
}

/// A frame.
pub fn frame(frame: &ClientFrame) -> JsValue {
    let of = |kind: &str, conversation: &ConversationId| {
        let fields = Fields::frame(kind);
        fields.id("c", &conversation.0);
        fields
    };
    let fields = match frame {
        ClientFrame::Send(send) => {
            let (fields, body) = (Fields::frame("send"), Fields::new());
            body.text("text", &send.body.text);
            file(&body, send.body.file.as_ref());
            fields.set("body", &body.0);
            address(&fields, &send.envelope);
            fields
        }
        ClientFrame::Callback(asked) => {
            let fields = Fields::frame("callback");
            call(&fields, &asked.phone, &asked.windows);
            address(&fields, &asked.envelope);
            fields
        }
        ClientFrame::Read { conversation, seq } => {
            let fields = of("read", conversation);
            fields.number("seq", *seq as f64);
            fields
        }
        ClientFrame::Typing { conversation, on } => {
            let fields = of("typing", conversation);
            fields.set("on", &(*on).into());
            fields
        }
        ClientFrame::Sync { conversation, from, to, .. } => {
            let fields = of("sync", conversation);
            fields.number("from", *from as f64);
            fields.number("to", *to as f64);
            fields
        }
        ClientFrame::Token { token } => {
            let fields = Fields::frame("token");
            fields.text("tok", token);
            fields
        }
        ClientFrame::Csat { id, conversation, score, comment } => {
            let fields = of("csat", conversation);
            fields.id("mid", id);
            fields.number("score", f64::from(*score));
            fields.filled("comment", comment);
            fields
        }
        // A hello has its own function; see `session`.
        ClientFrame::Ping | ClientFrame::Hello(_) => Fields::frame("ping"),
    };
    fields.done()
}

/// Where logs stand, for a hello.
pub fn resume(known: &[ResumePoint]) -> JsValue {
    let all = js::empty_list();
    for known in known {
        let fields = Fields::new();
        fields.id("c", &known.conversation.0);
        fields.text("log", "pub");
        fields.number("seq", known.seq as f64);
        js::push(&all, fields.0);
    }
    all
}

/// A conversation, as a welcome tells another tab of it.
pub fn head(head: &ConversationSummary) -> JsValue {
    let fields = Fields::new();
    fields.id("c", &head.id.0);
    fields.number("seq", head.seq as f64);
    fields.number("read", head.read as f64);
    fields.number("seen", head.peer_read as f64);
    let standing = match head.status {
        ConversationStatus::Open => "open",
        ConversationStatus::Snoozed => "snoozed",
        ConversationStatus::Resolved => "resolved",
    };
    fields.text("standing", standing);
    fields.done()
}

/// A message as it is stored: the form that widgets of every release read.
pub fn stored(message: &Outgoing) -> String {
    let fields = Fields::new();
    fields.id("mid", &message.id);
    match &message.body {
        LogEntryBody::Message(Message { text, file: beside, .. }) => {
            fields.text("text", text);
            file(&fields, beside.as_ref());
        }
        LogEntryBody::Callback(CallbackRequest { phone, windows, .. }) => {
            let asked = Fields::new();
            call(&asked, phone, windows);
            fields.set("call", &asked.0);
        }
        _ => {}
    }
    fields.id("key", &message.key);
    fields.number("at", message.at as f64);
    if let Some(to) = &message.to {
        let place = Fields::new();
        match to {
            Destination::Conversation(c) => place.id("c", &c.0),
            Destination::Key(key) => place.id("ck", key),
        }
        fields.set("to", &place.0);
    }
    if let Some(code) = &message.failed {
        fields.text("failed", code);
    }
    print(&fields.0)
}
