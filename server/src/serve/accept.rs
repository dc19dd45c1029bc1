//! The accept loop: connections with their limits, before anything of them is read.
//!
//! A client has its share of connections, and one that is over it is closed at once. Requests and the pauses between
//! them have to come within a time, and an answer has to be taken within one; what a request itself may take is for the
//! router and its bodies. A proxy that the operator trusts brings many clients over its own connections, so there the
//! share is counted request by request. Reasons: `docs/decisions/0021-strangers.md`.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::{IntoResponse, Response};
use axum::{Router, http};
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use crate::app::App;
use crate::app::shares::{OwnShare, Shares};
use crate::http::{Bottleneck, Client, Refusal, is_proxy};

/// How long the head of a request may take, and a connection may be without one.
const HEAD_TIMEOUT: Duration = Duration::from_secs(20);
/// How long a client may take nothing of an answer.
const STALL_TIMEOUT: Duration = Duration::from_secs(30);
/// The largest head of a request, in bytes.
const HEAD_BYTES: usize = 16 * 1024;
/// How long the listener rests when the system has no connection left to give.
const REST: Duration = Duration::from_millis(50);

/// Accepts connections for a router.
pub(super) struct Acceptor {
    app: App,
    router: Router,
    /// Connections, and requests that come through trusted proxies.
    shares: Shares<Client>,
    proxies: Shares<()>,
}

impl Acceptor {
    pub(super) fn new(app: App, router: Router) -> Arc<Self> {
        let limits = &app.config.limits;
        let shares = Shares::new(limits.connections_per_client, limits.connections);
        let proxies = Shares::new(limits.connections, limits.connections);
        Arc::new(Self { router, shares, proxies, app })
    }

    /// Accepts until this is dropped. Connections end after the request that they are at when `stop` is sent, and
    /// listen to it as long as they last.
    pub(super) async fn run(self: Arc<Self>, listener: &TcpListener, stop: &watch::Sender<()>) -> Infallible {
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => self.begin(stream, peer, stop.subscribe()),
                Err(error) => {
                    // A client that went away already, or no file descriptor is left: others are being closed.
                    tracing::debug!(%error, "a connection was not accepted");
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }

    /// Serves a connection in a task of its own; one more than a client may have is closed.
    fn begin(self: &Arc<Self>, stream: TcpStream, peer: SocketAddr, mut stop: watch::Receiver<()>) {
        let is_proxy = is_proxy(peer.ip(), &self.app.config.trusted_proxies);
        let (own, of_proxy) = match is_proxy {
            true => (OwnShare::default(), self.proxies.take(())),
            false => (OwnShare::of(self.shares.take(Client::at(peer.ip()))), None),
        };
        if !own.is_held() && of_proxy.is_none() {
            return;
        }
        let this = Arc::clone(self);
        tokio::spawn(async move {
            // Small answers are not held back for a next one.
            let _ = stream.set_nodelay(true);
            let mut stream = TimeoutStream::new(stream);
            stream.set_write_timeout(Some(STALL_TIMEOUT));
            let service = service_fn(|request| {
                let (this, own) = (Arc::clone(&this), own.clone());
                async move { Ok::<_, Infallible>(this.answer(request, peer, is_proxy, own).await) }
            });
            let mut builder = Builder::new();
            builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(HEAD_BYTES);
            let connection = builder.serve_connection(TokioIo::new(Box::pin(stream)), service);
            let mut connection = pin!(connection.with_upgrades());
            // A connection that fails is the client's; its requests were answered or not.
            tokio::select! {
                _ = &mut connection => {}
                _ = stop.changed() => {
                    connection.as_mut().graceful_shutdown();
                    let _ = connection.await;
                }
            }
            drop(of_proxy);
        });
    }

    async fn answer(
        &self,
        request: http::Request<Incoming>,
        peer: SocketAddr,
        is_proxy: bool,
        own: OwnShare,
    ) -> Response {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let own = if is_proxy {
            let client =
                Client::of(request.extensions(), request.headers(), &self.app.config.trusted_proxies);
            OwnShare::of(self.shares.take(client))
        } else {
            own
        };
        if is_proxy && !own.is_held() {
            return Refusal::Busy(Bottleneck::Client).into_response();
        }
        // Held here until it is answered, or given back by the admission.
        request.extensions_mut().insert(own.clone());
        match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}
