//! How a person uses help before they write to support; each use is a row of its own.

use protocol::Millis;
use protocol::backend::FactValue;
use protocol::ids::{OrderKey, StepId};
use protocol::widget::{Event, EventKind};

/// The longest id of an article, in bytes.
const MAX_ID: usize = 64;

/// What a person did with help. The numbers stand in stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum HelpKind {
    /// Articles were offered when they opened the chat.
    Offered = 0,
    /// They read an article.
    Read = 1,
    /// They said that an article helped.
    Helped = 2,
}

impl HelpKind {
    /// The kind of a number from a store.
    pub fn of_number(number: i64) -> Option<Self> {
        [Self::Offered, Self::Read, Self::Helped].into_iter().find(|kind| *kind as i64 == number)
    }
}

/// One use of help.
#[derive(Clone, Debug, PartialEq)]
pub struct HelpUse {
    /// When it happened.
    pub key: OrderKey,
    /// What they did.
    pub kind: HelpKind,
    /// The step that it was about.
    pub step: Option<StepId>,
    /// The article; empty when articles were offered.
    pub article: String,
}

impl HelpUse {
    /// Reads an event; none when it is no use of help.
    pub fn of(event: &Event, at: Millis) -> Option<Self> {
        let offered = event.data.get("help") == Some(&FactValue::Flag(true));
        let kind = match event.kind {
            EventKind::ChatOpened if offered => HelpKind::Offered,
            EventKind::FaqViewed => HelpKind::Read,
            EventKind::FaqHelped => HelpKind::Helped,
            _ => return None,
        };
        let article = event.text("article").unwrap_or_default();
        if article.len() > MAX_ID || (kind != HelpKind::Offered && article.is_empty()) {
            return None;
        }
        let step = event.step.clone().filter(|step| !step.as_str().is_empty());
        Some(Self { key: OrderKey(at, event.n, event.id), kind, step, article: article.to_owned() })
    }
}
