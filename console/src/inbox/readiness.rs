//! Whether the collector takes what is written, so that an agent learns it before they write.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::health;

/// What the collector answered last, or did; a handle.
#[derive(Clone, Copy)]
pub struct Readiness(RwSignal<bool>);

impl Readiness {
    /// Begins with a collector that takes everything.
    pub fn new() -> Self {
        Self(RwSignal::new(true))
    }

    /// Returns whether the collector takes what is written.
    pub fn takes_writes(self) -> bool {
        self.0.get()
    }

    /// Notes that it took something.
    pub fn confirm(self) {
        self.0.set(true);
    }

    /// Asks the collector.
    pub fn ask(self) {
        spawn_local(async move {
            // Does nothing when the page is gone by then.
            let _ = self.0.try_set(health::takes_writes().await);
        });
    }
}
