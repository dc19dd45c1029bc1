//! Frames of `tabiji-chat/1` and stored messages, to JavaScript values and JSON.

use journey::chat_client::{Destination, Outgoing};
use protocol::chat::{
    Attachment, CallbackRequest, ClientFrame, ClipMoment, ConversationStatus, ConversationSummary,
    LogEntryBody, Message, ResumePoint, VisitorContext,
};
use protocol::ids::{ConversationId, EventId};
use wasm_bindgen::JsValue;

use crate::js::list;
use crate::wire::{object, print};

fn id(id: EventId) -> JsValue {
    id.text().into()
}

fn maybe<T>(value: Option<T>, write: impl FnOnce(T) -> JsValue) -> JsValue {
    value.map_or(JsValue::UNDEFINED, write)
}

fn filled(text: &str) -> JsValue {
    if text.is_empty() { JsValue::UNDEFINED } else { text.into() }
}

fn conversation(c: Option<ConversationId>) -> JsValue {
    maybe(c, |c| id(c.0))
}

fn windows(call: &[[i64; 2]]) -> JsValue {
    list(call.iter().map(|window| list(window.iter().map(|at| (*at as f64).into()))))
}

fn file(file: &Attachment) -> JsValue {
    object(&[
        ("id", id(file.id)),
        ("name", file.name.as_str().into()),
        ("size", (file.size as f64).into()),
        ("kind", file.kind.as_str().into()),
    ])
}

/// A moment of a clip.
pub fn clip(moment: &ClipMoment) -> JsValue {
    object(&[("clip", moment.clip.as_str().into()), ("from", moment.from.into())])
}

fn context(context: &VisitorContext) -> JsValue {
    object(&[
        ("page", context.page.as_str().into()),
        ("step", maybe(context.step.as_ref(), |step| step.as_str().into())),
        ("stuck", maybe(context.step_open_for, |stuck| (stuck as f64).into())),
        ("error", filled(&context.error)),
        ("clip", maybe(context.clip.as_ref(), clip)),
        ("article", filled(&context.article)),
        ("locale", filled(&context.locale)),
    ])
}

/// A frame.
pub fn frame(frame: &ClientFrame) -> JsValue {
    let number = |number: &u64| JsValue::from(*number as f64);
    match frame {
        ClientFrame::Send(send) => {
            let body = object(&[
                ("text", send.body.text.as_str().into()),
                ("file", maybe(send.body.file.as_ref(), file)),
            ]);
            object(&[
                ("t", "send".into()),
                ("body", body),
                ("mid", id(send.id)),
                ("c", conversation(send.conversation)),
                ("ck", maybe(send.conversation_key, id)),
                ("ctx", maybe(send.context.as_ref(), context)),
            ])
        }
        ClientFrame::Callback(call) => object(&[
            ("t", "callback".into()),
            ("phone", call.phone.as_str().into()),
            ("windows", windows(&call.windows)),
            ("mid", id(call.id)),
            ("c", conversation(call.conversation)),
            ("ck", maybe(call.conversation_key, id)),
            ("ctx", maybe(call.context.as_ref(), context)),
        ]),
        ClientFrame::Read { conversation: c, seq } => {
            object(&[("t", "read".into()), ("c", id(c.0)), ("seq", number(seq))])
        }
        ClientFrame::Typing { conversation: c, on } => {
            object(&[("t", "typing".into()), ("c", id(c.0)), ("on", (*on).into())])
        }
        ClientFrame::Sync { conversation: c, from, to, .. } => {
            object(&[("t", "sync".into()), ("c", id(c.0)), ("from", number(from)), ("to", number(to))])
        }
        ClientFrame::Token { token } => object(&[("t", "token".into()), ("tok", token.as_str().into())]),
        ClientFrame::Csat { id: mid, conversation: c, score, comment } => object(&[
            ("t", "csat".into()),
            ("mid", id(*mid)),
            ("c", id(c.0)),
            ("score", (*score).into()),
            ("comment", filled(comment)),
        ]),
        // A hello has its own function; see `session`.
        ClientFrame::Ping | ClientFrame::Hello(_) => object(&[("t", "ping".into())]),
    }
}

/// Where logs stand, for a hello.
pub fn resume(known: &[ResumePoint]) -> JsValue {
    list(known.iter().map(|known| {
        object(&[("c", id(known.conversation.0)), ("log", "pub".into()), ("seq", (known.seq as f64).into())])
    }))
}

/// Conversations, as a welcome tells another tab of them.
pub fn heads(heads: impl Iterator<Item = ConversationSummary>) -> JsValue {
    list(heads.map(|head| {
        let standing = match head.status {
            ConversationStatus::Open => "open",
            ConversationStatus::Snoozed => "snoozed",
            ConversationStatus::Resolved => "resolved",
        };
        object(&[
            ("c", id(head.id.0)),
            ("seq", (head.seq as f64).into()),
            ("read", (head.read as f64).into()),
            ("seen", (head.peer_read as f64).into()),
            ("standing", standing.into()),
        ])
    }))
}

/// A message as it is stored: the form that widgets of every release read.
pub fn stored(message: &Outgoing) -> String {
    let (mut text, mut attached, mut call) = (JsValue::UNDEFINED, JsValue::UNDEFINED, JsValue::UNDEFINED);
    match &message.body {
        LogEntryBody::Message(Message { text: words, file: beside, .. }) => {
            text = words.as_str().into();
            attached = maybe(beside.as_ref(), file);
        }
        LogEntryBody::Callback(CallbackRequest { phone, windows: times, .. }) => {
            call = object(&[("phone", phone.as_str().into()), ("windows", windows(times))]);
        }
        _ => {}
    }
    let to = match message.to {
        Some(Destination::Conversation(c)) => object(&[("c", id(c.0))]),
        Some(Destination::Key(key)) => object(&[("ck", id(key))]),
        None => JsValue::UNDEFINED,
    };
    print(&object(&[
        ("mid", id(message.id)),
        ("text", text),
        ("file", attached),
        ("call", call),
        ("key", id(message.key)),
        ("at", (message.at as f64).into()),
        ("to", to),
        ("failed", maybe(message.failed.as_deref(), Into::into)),
    ]))
}
