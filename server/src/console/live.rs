//! `GET /api/live`: server-sent events, one whenever a report of the site may have changed.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use protocol::{LiveNote, SiteKey};
use serde::Deserialize;
use store::{SiteId, Touched};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

use super::sign_in::SignedIn;
use crate::app::App;
use crate::http::Refusal;

/// News that come together are told together.
const GATHER: Duration = Duration::from_millis(150);
/// How often an open feed is asked whether its reader is still there and signed in.
const ALIVE: Duration = Duration::from_secs(15);

/// Which site.
#[derive(Deserialize)]
pub struct Question {
    site: SiteKey,
}

/// Opens the feed; its first note says where the reports stand.
pub async fn get(
    State(app): State<App>,
    _viewer: SignedIn,
    Query(question): Query<Question>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let site = app.store.site(&question.site).await?.ok_or(Refusal::NotFound)?;
    let news = app.store.subscribe();
    let first = LiveNote { cursor: app.store.cursor().await? };
    let (notes, stream) = mpsc::channel(4);
    tokio::spawn(tell(first, news, site.id, notes));
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
