//! `GET /api/live`: server-sent events, one whenever a report of the site may have changed.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use protocol::LiveNote;
use store::{SiteId, Touched};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

use crate::app::App;
use crate::auth::{SignedIn, SiteAccess};
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
    SiteAccess { signed, site, .. }: SiteAccess,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let news = app.store.subscribe();
    let first = LiveNote { cursor: app.store.cursor().await? };
    let (notes, stream) = mpsc::channel(4);
    tokio::spawn(async move {
        tokio::select! {
            () = tell(first, news, site.id, notes) => {}
            () = until_gone(&app, &signed, site.id) => {}
        }
    });
    Ok(Sse::new(ReceiverStream::new(stream)).keep_alive(KeepAlive::new().interval(ALIVE)))
}

async fn tell(
    first: LiveNote,
    mut news: Receiver<Touched>,
    site: SiteId,
    notes: mpsc::Sender<Result<Event, Infallible>>,
) {
    let mut note = first;
    loop {
        let Ok(event) = Event::default().json_data(note) else { return };
        if notes.send(Ok(event)).await.is_err() {
            return;
        }
        tokio::select! {
            () = notes.closed() => return,
            next = heard(&mut news, site, note.cursor) => match next {
                Some(cursor) => note = LiveNote { cursor },
                None => return,
            },
        }
        tokio::time::sleep(GATHER).await;
        // One note stands for everything that came meanwhile.
        while let Ok(touched) = news.try_recv() {
            if touched.site == site {
                note.cursor = note.cursor.max(touched.seq);
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

async fn heard(news: &mut Receiver<Touched>, site: SiteId, cursor: i64) -> Option<i64> {
    loop {
        match news.recv().await {
            Ok(touched) if touched.site == site && touched.seq > cursor => return Some(touched.seq),
            Ok(_) => {}
            // Too slow: the reader fetches its report anew, wherever it stands.
            Err(RecvError::Lagged(_)) => return Some(cursor),
            Err(RecvError::Closed) => return None,
        }
    }
}
