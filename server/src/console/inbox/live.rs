//! `GET /api/inbox/live`: what happens in the site's conversations from now on, as server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use protocol::chat::ServerFrame;
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

use super::author;
use crate::app::App;
use crate::auth::SiteAccess;
use crate::chat::{self, Subscription};
use crate::http::Refusal;

/// How soon a stream ends after its operator was signed out or sees less.
const CHECK_INTERVAL: Duration = Duration::from_secs(3);
/// How often an open stream is checked for a reader.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Opens the stream. While it is open, the agent counts as online.
pub async fn get(
    State(app): State<App>,
    SiteAccess { signed, site }: SiteAccess,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let mut subscription = Subscription::of_agent(&app, site.id, author(&signed.session.email));
    let (events, stream) = mpsc::channel::<Result<Event, Infallible>>(8);
    // The first frame says that the subscription stands: a list that is asked for now misses nothing.
    let mut frames = vec![ServerFrame::Pong];
    tokio::spawn(async move {
        loop {
            if !chat::forward_frames(&events, std::mem::take(&mut frames)).await {
                return;
            }
            tokio::select! {
                () = events.closed() => return,
                () = app.stopped() => return,
                () = subscription.ready() => match subscription.take().await {
                    Ok(news) => frames = news,
                    Err(_) => return,
                },
                () = tokio::time::sleep(CHECK_INTERVAL) => {}
            }
            if !signed.still_sees(&app, site.id).await {
                return;
            }
        }
    });
    Ok(Sse::new(ReceiverStream::new(stream)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}
