//! The running collector: the listener, and beside it the duties that no request asks for.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::app::App;
use crate::chat::{assignment, retention};
use crate::console::reports::journey;
use crate::router::router;
use crate::telemetry;
use crate::web::former;

/// How long requests may take to finish after the stop signal.
const GRACE: Duration = Duration::from_secs(8);

/// Serves until `stop` is done, then finishes the requests that were begun.
///
/// # Errors
/// When the listener fails, and when the disk failed to sync.
pub async fn serve(app: App, listener: TcpListener, stop: impl Future<Output = ()>) -> io::Result<()> {
    let stopping = watch::Sender::new(false);
    let mut stopped = stopping.subscribe();
    let service = router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        // The sender lives as long as the server, so waiting cannot fail.
        let _ = stopped.wait_for(|stopping| *stopping).await;
    });
    let served = async {
        let ended = server.await;
        // The listener does not wait for upgraded connections.
        app.chat.wait_for_disconnects().await;
        ended
    };
    let cut_off = async {
        stop.await;
        stopping.send_replace(true);
        app.stop();
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = served => ended,
        // Nothing can be acknowledged any more, and a fresh process reads what is really there.
        why = app.disk_lost() => Err(io::Error::other(why)),
        // Held questions and live streams are cut off; every other request that was accepted is answered.
        () = cut_off => Ok(()),
        never = journey::keep_warm(&app) => match never {},
        never = assignment::run(&app) => match never {},
        never = retention::run(&app) => match never {},
        never = telemetry::run(&app) => match never {},
        never = former::run(&app) => match never {},
    }
}
