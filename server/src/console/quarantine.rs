//! `GET /api/quarantine`: the records of a site that are kept and count for nothing, the newest first.

use axum::Json;
use axum::extract::State;
use protocol::console::QuarantinedRecord;
use store::Record;

use crate::app::App;
use crate::auth::SiteAccess;
use crate::http::Refusal;

/// Records in one answer.
const MAX: usize = 100;
/// The beginning of a body that is shown, in bytes.
const SHOWN: usize = 2000;

/// Returns the newest quarantined records.
///
/// # Errors
/// When the store does not answer.
pub async fn get(
    State(app): State<App>,
    SiteAccess { site, .. }: SiteAccess,
) -> Result<Json<Vec<QuarantinedRecord>>, Refusal> {
    let records = app.store.quarantined(site.id, None, MAX).await?;
    Ok(Json(records.into_iter().map(shown).collect()))
}

fn shown(Record { record, .. }: Record) -> QuarantinedRecord {
    QuarantinedRecord {
        id: record.id,
        at: record.received,
        reason: record.quarantine.unwrap_or_default(),
        account: record.account,
        body: record.body[..record.body.floor_char_boundary(SHOWN)].to_owned(),
    }
}
