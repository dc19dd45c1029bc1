//! `GET /api/live`: server-sent events, one whenever a report of the site may have changed.

use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use axum::response::sse::Event;
use protocol::console::ReportChanged;
use store::SiteId;
use tokio::sync::{mpsc, watch};

use crate::app::App;
use crate::auth::{SignedIn, SiteAccess};
use crate::console::live::{CHECK_INTERVAL, stream};
use crate::http::{Refusal, SentEvent};

/// Updates within this time are one event.
const GATHER: Duration = Duration::from_millis(150);

/// Opens the stream; its first event says where the reports stand.
///
/// # Errors
/// When the store does not answer.
pub async fn get(
    State(app): State<App>,
    SiteAccess { signed, site }: SiteAccess,
) -> Result<Response, Refusal> {
    // Listen first, read then: what is projected in between makes one event more.
    let projected = app.updates.of_site(site.id);
    let first = ReportChanged { cursor: app.store.cursor().await?.records() };
    let (events, received) = mpsc::channel(4);
    tokio::spawn(async move {
        tokio::select! {
            () = forward(first, projected, events) => {}
            () = until_signed_out(&app, &signed, site.id) => {}
            () = app.stopped() => {}
        }
    });
    Ok(stream(received))
}

async fn forward(
    mut note: ReportChanged,
    mut projected: watch::Receiver<i64>,
    events: mpsc::Sender<SentEvent>,
) {
    loop {
        let Ok(event) = Event::default().json_data(note) else { return };
        if events.send(Ok(event)).await.is_err() {
            return;
        }
        tokio::select! {
            () = events.closed() => return,
            changed = projected.changed() => if changed.is_err() {
                return;
            },
        }
        tokio::time::sleep(GATHER).await;
        note = ReportChanged { cursor: note.cursor.max(*projected.borrow_and_update()) };
    }
}

/// Waits until an operator is signed out or no longer sees the site.
async fn until_signed_out(app: &App, signed: &SignedIn, site: SiteId) {
    while signed.still_sees(app, site).await {
        tokio::time::sleep(CHECK_INTERVAL).await;
    }
}
