//! How far a load has come, so that a fault meets it in the middle however fast the machine is.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::sync::watch;

/// How long a load may take to come so far, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A count that several clients add to.
#[derive(Clone, Default)]
pub struct Tally(watch::Sender<usize>);

impl Tally {
    /// Adds to it.
    pub fn add(&self, more: usize) {
        self.0.send_modify(|count| *count += more);
    }

    /// The count.
    pub fn count(&self) -> usize {
        *self.0.borrow()
    }

    /// Waits until it is so much.
    pub async fn reaches(&self, enough: usize) -> Result<()> {
        let mut counts = self.0.subscribe();
        let reached = tokio::time::timeout(PATIENCE, counts.wait_for(|count| *count >= enough));
        reached.await.with_context(|| format!("{} of {enough}", self.count()))??;
        Ok(())
    }
}
