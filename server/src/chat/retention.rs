//! Deletes conversations that a site no longer keeps (`keep_days` of the support file), and files that no
//! conversation has. What is kept for how long: `docs/privacy.md`.

use std::convert::Infallible;
use std::time::Duration;

use protocol::{DAY, Millis};
use store::SiteId;

use crate::app::security::{BROWSERS_KEPT, EVENTS_KEPT};
use crate::app::{App, AppInner};
use crate::auth::{IDLE, SESSION_LIFETIME};
use crate::http::Refusal;
use crate::uploads;

/// How long after its start a collector begins.
const FIRST_AFTER: Duration = Duration::from_secs(5);
/// How often expired conversations are looked for.
const INTERVAL: Duration = Duration::from_secs(60 * 60);
/// Conversations that are deleted in one transaction.
const BATCH: u64 = 10;
/// How long others may write between two such transactions.
const PAUSE: Duration = Duration::from_millis(100);

/// Deletes what has expired, as long as the collector runs.
pub async fn run(app: &App) -> Infallible {
    loop {
        tokio::time::sleep(FIRST_AFTER).await;
        if let Err(error) = delete_expired(app).await {
            tracing::warn!(?error, "expired conversations were not deleted; the next run deletes them");
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Deletes the expired conversations and orphaned files of every site, and links and sessions that let nobody in.
///
/// # Errors
/// When the store does not answer; the next run deletes what is left.
pub async fn delete_expired(app: &AppInner) -> Result<(), Refusal> {
    let now = app.clock.now();
    app.store.delete_expired_access(now, now - IDLE, now - SESSION_LIFETIME).await?;
    app.store.forget_security(now - EVENTS_KEPT, now - BROWSERS_KEPT).await?;
    for site in app.sites.all().await? {
        if let Some(days) = app.support.config(site.id).await?.file.keep_days
            && delete_inactive(app, site.id, app.clock.now() - Millis::from(days) * DAY).await? > 0
        {
            app.chat.hub.list_changed(site.id);
        }
        uploads::remove_orphans(app, site.id).await?;
    }
    Ok(())
}

/// Deletes conversations without an entry since `before`, a few at a time; returns how many there were.
async fn delete_inactive(app: &AppInner, site: SiteId, before: Millis) -> Result<u64, Refusal> {
    let mut all = 0;
    loop {
        let deleted = app.store.delete_inactive(site, before, BATCH).await?;
        if deleted == 0 {
            return Ok(all);
        }
        all += deleted;
        tokio::time::sleep(PAUSE).await;
    }
}
