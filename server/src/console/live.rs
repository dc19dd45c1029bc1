//! `GET /api/live`: server-sent events, one whenever a report of the site may have changed.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use protocol::console::ReportChanged;
use store::{Mark, ProjectionUpdate, SiteId};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

use super::guard::{AtSite, SignedIn};
use crate::app::App;
use crate::http::Refusal;

/// News that come together are told together.
const GATHER: Duration = Duration::from_millis(150);
/// How soon somebody who is signed out hears nothing more.
const CHECK: Duration = Duration::from_secs(3);
/// How often an open feed is asked whether its reader is still there.
const ALIVE: Duration = Duration::from_secs(15);

/// Opens the feed; its first note says where the reports stand.
pub async fn get(
    State(app): State<App>,
    AtSite { signed, site }: AtSite,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let news = app.store.subscribe();
    let projected = app.store.cursor().await?;
    let (notes, stream) = mpsc::channel(4);
    tokio::spawn(async move {
        tokio::select! {
            () = tell(projected, news, site.id, notes) => {}
            () = until_gone(&app, &signed, site.id) => {}
        }
    });
    Ok(Sse::new(ReceiverStream::new(stream)).keep_alive(KeepAlive::new().interval(ALIVE)))
}

async fn tell(
    mut projected: Mark,
    mut news: Receiver<ProjectionUpdate>,
    site: SiteId,
    notes: mpsc::Sender<Result<Event, Infallible>>,
) {
    loop {
        let note = ReportChanged { cursor: projected.records() };
        let Ok(event) = Event::default().json_data(note) else { return };
        if notes.send(Ok(event)).await.is_err() {
            return;
        }
        tokio::select! {
            () = notes.closed() => return,
            open = heard(&mut news, site, &mut projected) => if !open { return },
        }
        tokio::time::sleep(GATHER).await;
        // One note stands for everything that came meanwhile.
        while let Ok(touched) = news.try_recv() {
            if touched.site == site {
                projected.advance(touched.position);
            }
        }
    }
}

/// Waits until somebody is signed out or no longer sees the site.
pub(super) async fn until_gone(app: &App, signed: &SignedIn, site: SiteId) {
    while signed.still_sees(app, site).await {
        tokio::time::sleep(CHECK).await;
    }
}

/// Waits until something of the site is projected that the reader does not know; false when the store closes.
async fn heard(news: &mut Receiver<ProjectionUpdate>, site: SiteId, projected: &mut Mark) -> bool {
    loop {
        match news.recv().await {
            Ok(touched) if touched.site == site && !projected.covers(touched.position) => {
                projected.advance(touched.position);
                return true;
            }
            Ok(_) => {}
            // Too slow: the reader fetches its report again, wherever it stands.
            Err(RecvError::Lagged(_)) => return true,
            Err(RecvError::Closed) => return false,
        }
    }
}
