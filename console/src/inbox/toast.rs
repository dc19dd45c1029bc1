//! A sentence about what was just done, with a way back for some seconds.

use std::time::Duration;

use leptos::prelude::*;

/// How long it is shown.
pub const SHOWN: Duration = Duration::from_secs(5);

/// What was done, and how to take it back.
#[derive(Clone)]
struct Done {
    text: String,
    undo: Option<Callback<()>>,
}

/// The sentence that is shown; a handle.
#[derive(Clone, Copy)]
pub struct Toast {
    done: RwSignal<Option<Done>>,
    /// Numbers the sentences: the time of an older one does not end a newer one.
    number: StoredValue<u64>,
}

impl Toast {
    /// Begins with none.
    pub fn new() -> Self {
        Self { done: RwSignal::new(None), number: StoredValue::new(0) }
    }

    /// Shows a sentence; `undo` runs when the agent takes it back.
    pub fn show(self, text: String, undo: Option<Callback<()>>) {
        let number = self.number.try_update_value(|number| {
            *number += 1;
            *number
        });
        let _ = self.done.try_set(Some(Done { text, undo }));
        let end = move || {
            if self.number.try_get_value() == number {
                let _ = self.done.try_set(None);
            }
        };
        set_timeout(end, SHOWN);
    }

    /// Returns the sentence, and whether it can be taken back.
    pub fn shown(self) -> Option<(String, bool)> {
        self.done.get().map(|done| (done.text, done.undo.is_some()))
    }

    /// Takes back what was done.
    pub fn undo(self) {
        let done = self.done.get_untracked();
        self.done.set(None);
        if let Some(undo) = done.and_then(|done| done.undo) {
            undo.run(());
        }
    }
}
