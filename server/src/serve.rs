//! The running collector: the accept loop, and beside it the duties that no request asks for. Reasons:
//! `docs/decisions/0013-collector.md`, `docs/decisions/0021-strangers.md`.

mod accept;
mod measures;

use std::io;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;

use accept::Acceptor;

use crate::app::App;
use crate::chat::{assignment, retention};
use crate::console::reports::journey;
use crate::router::router;
use crate::telemetry;
use crate::web::former;

/// How long requests may take to finish after the stop signal.
const GRACE: Duration = Duration::from_secs(8);

/// Serves until `stop` is done, and at `metrics` what is measured, then finishes the requests that were begun. What comes after that is answered 503 as
/// long as this takes.
///
/// # Errors
/// When the listener fails, and when the disk failed to sync.
pub async fn serve(
    app: App,
    listener: TcpListener,
    metrics: Option<TcpListener>,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let acceptor = Acceptor::new(app.clone(), router(app.clone()));
    let begun = watch::Sender::new(());
    tokio::select! {
        never = std::sync::Arc::clone(&acceptor).run(&listener, &begun) => match never {},
        () = stop => {}
        // Nothing can be acknowledged any more, and a fresh process reads what is really there.
        why = app.disk_lost() => return Err(io::Error::other(why)),
        never = journey::keep_warm(&app) => match never {},
        never = assignment::run(&app) => match never {},
        never = retention::run(&app) => match never {},
        never = telemetry::run(&app) => match never {},
        never = former::run(&app) => match never {},
        never = measures::run(&app, metrics) => match never {},
    }
    app.stop();
    let late = watch::Sender::new(());
    let finished = async {
        begun.send_replace(());
        begun.closed().await;
        // Upgraded connections are no longer the listener's.
        app.chat.wait_for_disconnects().await;
    };
    tokio::select! {
        () = finished => {}
        // Whatever was accepted and takes longer is cut off.
        () = tokio::time::sleep(GRACE) => {}
        never = acceptor.run(&listener, &late) => match never {},
    }
    if let Err(error) = app.guests.write().await {
        tracing::warn!(?error, "what guests used in the last second was not written");
    }
    Ok(())
}
