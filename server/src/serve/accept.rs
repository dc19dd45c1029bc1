//! The accept loop: connections with their limits, before anything of them is read.
//!
//! A client has its share of connections, and one that is over it is closed at once. The head of a request has to come
//! within a time from when the connection is free for it, and an answer has to be taken within one; what a request
//! itself may take is for the router and its bodies. A proxy that the operator trusts brings many clients over its own
//! connections, so there the share is counted request by request, and a connection may be idle for longer than proxies
//! keep theirs: one that is closed while a request is on its way is answered 502. Reasons:
//! `docs/decisions/0021-strangers.md`.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::{Router, http};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use crate::app::App;
use crate::app::shares::{Holder, OwnShare, Share, Shares};
use crate::http::{Bottleneck, Client, FORWARDED_FOR, Refusal, is_proxy};

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
    shares: Shares<Holder>,
    /// Connections of trusted proxies.
    proxies: Shares<()>,
    /// Whether a proxy was named in the log that is not trusted.
    named_proxy: AtomicBool,
}

/// What a connection holds as long as it is open.
#[derive(Clone)]
enum Hold {
    /// A client's share.
    Own(OwnShare),
    /// One of those of trusted proxies.
    Proxy(#[expect(dead_code, reason = "it is held")] Arc<Share<()>>),
}

impl Acceptor {
    pub(super) fn new(app: App, router: Router) -> Arc<Self> {
        let limits = &app.config.limits;
        let shares = Shares::new(limits.connections_per_client, limits.connections);
        let proxies = Shares::new(limits.connections, limits.connections);
        Arc::new(Self { router, shares, proxies, named_proxy: AtomicBool::new(false), app })
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
        let Some(hold) = self.hold(peer) else {
            self.app.metrics.connections_refused.inc();
            return;
        };
        let limits = &self.app.config.limits;
        let idle = Duration::from_secs(match hold {
            Hold::Own(_) => limits.idle_seconds,
            Hold::Proxy(_) => limits.proxy_idle_seconds,
        });
        let this = Arc::clone(self);
        tokio::spawn(async move {
            // Small answers are not held back for a next one.
            let _ = stream.set_nodelay(true);
            let mut stream = TimeoutStream::new(stream);
            stream.set_write_timeout(Some(STALL_TIMEOUT));
            let service = service_fn(|request| {
                let (this, hold) = (Arc::clone(&this), hold.clone());
                async move { Ok::<_, Infallible>(this.answer(request, peer, hold).await) }
            });
            let mut builder = Builder::new();
            builder.timer(TokioTimer::new()).header_read_timeout(idle).max_buf_size(HEAD_BYTES);
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
        });
    }

    /// Takes what a connection holds; none when there is no more of it.
    fn hold(&self, peer: SocketAddr) -> Option<Hold> {
        if is_proxy(peer.ip(), &self.app.config.trusted_proxies) {
            return self.proxies.take(()).map(|share| Hold::Proxy(Arc::new(share)));
        }
        let share = self.shares.take(Holder::Client(Client::at(peer.ip())))?;
        Some(Hold::Own(OwnShare::of(share)))
    }

    async fn answer(&self, request: http::Request<Incoming>, peer: SocketAddr, hold: Hold) -> Response {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let own = match hold {
            Hold::Own(own) => {
                self.name_proxy(request.headers());
                own
            }
            Hold::Proxy(_) => {
                let proxies = &self.app.config.trusted_proxies;
                let client = Client::of(request.extensions(), request.headers(), proxies);
                match self.shares.take(Holder::Client(client)) {
                    Some(share) => OwnShare::of(share),
                    None => {
                        let refusal = Refusal::Busy(Bottleneck::Client);
                        self.app.metrics.refused(&refusal);
                        return refusal.into_response();
                    }
                }
            }
        };
        // Who a person is, and whether a socket comes of it, is found out later.
        request.extensions_mut().insert(own.clone());
        let response = match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        // An answer may take long, such as a stream.
        response.map(|body| {
            Body::new(body.map_frame(move |frame| {
                let _held = &own;
                frame
            }))
        })
    }

    /// Says once that a peer names clients and is not believed: behind a proxy all of them are one then.
    fn name_proxy(&self, headers: &HeaderMap) {
        if headers.contains_key(FORWARDED_FOR) && !self.named_proxy.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "a peer that trusted_proxies does not name sent X-Forwarded-For; if it is your proxy, name it, or \
                 everybody behind it shares the limits of one client"
            );
        }
    }
}
