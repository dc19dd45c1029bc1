//! `GET /api/inbox/live`: what happens in the site's conversations from now on, as server-sent events.

use axum::extract::State;
use axum::response::Response;
use protocol::chat::ServerFrame;
use store::Role;
use tokio::sync::mpsc;

use super::author;
use crate::app::App;
use crate::auth::SiteAccess;
use crate::chat::{self, Subscription};
use crate::console::live::{CHECK_INTERVAL, stream};
use crate::http::{Refusal, SentEvent};

/// Opens the stream. While it is open, an agent counts as online; a reader does not, who answers nobody.
pub async fn get(
    State(app): State<App>,
    SiteAccess { signed, site }: SiteAccess,
) -> Result<Response, Refusal> {
    let mut subscription = match signed.grant.role {
        Role::Reader => Subscription::of_reader(&app, site.id),
        Role::Agent | Role::Admin => {
            Subscription::of_agent(&app, site.id, author(&app, &signed.session.email).await?)
        }
    };
    let (events, received) = mpsc::channel::<SentEvent>(8);
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
    Ok(stream(received))
}
