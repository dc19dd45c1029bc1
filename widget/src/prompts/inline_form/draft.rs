//! What a person entered for a step, and what became of it.

use std::cell::{Cell, RefCell};
use std::rc::Weak;

use journey::paste_parser::Row;

use super::action::Outcome;
use crate::prompts::tab_storage;

/// A row, with what the host's action said of it.
#[derive(Clone)]
pub struct Entry {
    pub row: Row,
    pub outcome: Option<Outcome>,
}

impl Entry {
    /// Whether the action did it.
    pub fn is_done(&self) -> bool {
        self.outcome.as_ref().is_some_and(|outcome| outcome.ok)
    }

    /// Whether the action is still to do it.
    pub fn is_open(&self) -> bool {
        self.is_good() && !self.is_done()
    }

    /// The same row as one that the action has not done.
    pub fn undone(&self) -> Self {
        let outcome = self.outcome.clone().filter(|outcome| !outcome.ok);
        Self { row: self.row.clone(), outcome }
    }

    /// Whether the action can be asked for it: it was read, and not refused.
    pub fn is_good(&self) -> bool {
        self.row.wrong.is_none() && !self.row.double && self.outcome.as_ref().is_none_or(|outcome| outcome.ok)
    }
}

/// What shows a draft.
pub trait Shows {
    /// Shows the draft as it is now; `status` is what the action answered.
    fn resume(&self, status: Option<String>);
}

/// Outlives the card that it is shown in, and what was entered outlives the page: it stays in this tab, and is sent to
/// nobody.
#[derive(Default)]
pub struct Draft {
    key: String,
    text: RefCell<String>,
    /// What became of the rows, once they were handed over.
    pub entries: RefCell<Option<Vec<Entry>>>,
    /// Whether the action is at work; nothing can be done twice.
    pub running: Cell<bool>,
    ended: Cell<bool>,
    card: RefCell<Option<Weak<dyn Shows>>>,
}

impl Draft {
    /// A draft under a key of its own.
    pub fn of(key: String) -> Self {
        let kept = tab_storage::recall(&key);
        Self { key, text: RefCell::new(kept.unwrap_or_default()), ..Self::default() }
    }

    /// What was entered.
    pub fn text(&self) -> String {
        self.text.borrow().clone()
    }

    /// Keeps what was entered.
    pub fn write(&self, text: String) {
        tab_storage::remember(&self.key, &text);
        *self.text.borrow_mut() = text;
    }

    /// From now on this card shows it.
    pub fn show_in(&self, card: Weak<dyn Shows>) {
        *self.card.borrow_mut() = Some(card);
    }

    /// Goes on where this step is, in whichever card is the newest.
    pub fn resume(&self, status: Option<String>) {
        let card = self.card.borrow().as_ref().and_then(Weak::upgrade);
        if let Some(card) = card.filter(|_| !self.ended.get()) {
            card.resume(status);
        }
    }

    /// Its person is gone.
    pub fn end(&self) {
        self.ended.set(true);
    }

    /// Whether its person is gone: then nothing is shown or reported any more.
    pub fn is_ended(&self) -> bool {
        self.ended.get()
    }
}
