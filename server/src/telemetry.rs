//! What is kept of old telemetry, by the group `keep` of the configuration. Conversations have their own rule in the
//! support file (`crate::chat::retention`). What is kept for how long: `docs/privacy.md`.

use std::convert::Infallible;
use std::time::Duration;

use protocol::{DAY, Millis};
use store::Thinned;

use crate::app::{App, AppInner};
use crate::http::Refusal;

/// How long after its start a collector begins.
const FIRST_AFTER: Duration = Duration::from_secs(10);
/// How often it looks.
const INTERVAL: Duration = Duration::from_secs(60 * 60);
/// How long others may write between two transactions.
const PAUSE: Duration = Duration::from_millis(50);
/// How long the counts of a visit are kept.
const VISIT_DAYS: Millis = 90;
/// Counts of visits that are deleted in one transaction.
const VISITS: u64 = 500;

/// Lets go of what is old, as long as the collector runs.
pub async fn run(app: &App) -> Infallible {
    loop {
        tokio::time::sleep(FIRST_AFTER).await;
        if let Err(error) = let_go(app).await {
            tracing::warn!(?error, "old telemetry was not thinned; the next run goes on");
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Thins events, and deletes rejected bodies, files and counts of visits, that are older than they are kept.
///
/// # Errors
/// When the store does not answer; the next run does what is left.
pub async fn let_go(app: &AppInner) -> Result<(), Refusal> {
    let (now, keep) = (app.clock.now(), &app.config.keep);
    let before = |days: u32| now - Millis::from(days) * DAY;
    if let Some(days) = keep.telemetry_days {
        let mut records = 0;
        loop {
            let Thinned { records: more, has_more } = app.store.thin_events(before(days)).await?;
            records += more;
            if !has_more {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        if records > 0 {
            tracing::info!(records, "old telemetry was thinned");
        }
    }
    let dated = || app.store.delete_dated(before(keep.rejected_days), keep.files_days.map(before));
    while dated().await? > 0 {
        tokio::time::sleep(PAUSE).await;
    }
    while app.store.delete_visits(now - VISIT_DAYS * DAY, VISITS).await? > 0 {
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}
