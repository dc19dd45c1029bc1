//! `serve`: listens until a signal stops it, then finishes the requests that were begun.

use anyhow::{Context, Result};
use rustix::process::{Resource, getrlimit, setrlimit};
use server::web::assets;
use store_sqlite::SqliteStore;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::config::{self, Flags, ServeFlags};
use crate::log::{self, LogFormat};
use crate::{installation, running};

/// Files that the collector has open beside its connections: databases, uploads, clips.
const OWN_FILES: u64 = 256;

/// Runs the collector.
pub async fn run(flags: &Flags, serve: &ServeFlags, log_format: LogFormat) -> Result<()> {
    let config = config::load(flags, serve)?;
    log::begin(log_format);
    allow_connections(config.limits.connections);
    let _lock = running::lock(&config)?;
    let listener = listen(&format!("{}:{}", config.host, config.port), "--port").await?;
    let metrics = match &config.metrics {
        Some(address) => Some(listen(address, "--metrics").await?),
        None => None,
    };
    let store = installation::open(&config, SqliteStore::open)?;
    let app = installation::app(config, store);
    if !assets::are_built() {
        tracing::warn!(
            "this binary has no widget and no console in it; `cargo xtask dist` makes one that has"
        );
    }
    tracing::info!(address = %listener.local_addr()?, public_url = app.config.public_url, "listening");
    if let Some(metrics) = &metrics {
        tracing::info!(address = %metrics.local_addr()?, "measures are at /metrics");
    }
    server::serve::serve(app, listener, metrics, stop_signal()).await.context("the listener failed")?;
    tracing::info!("stopped");
    Ok(())
}

async fn listen(address: &str, flag: &str) -> Result<TcpListener> {
    let listener = TcpListener::bind(address).await;
    listener.with_context(|| format!("cannot listen on {address}; choose another with {flag}"))
}

/// Allows this process as many open files as the connections may be, and what it opens itself; the system starts most
/// programs with fewer than they may have.
fn allow_connections(connections: usize) {
    let wanted = connections as u64 + OWN_FILES;
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= wanted) {
        return;
    }
    limit.current = Some(limit.maximum.map_or(wanted, |most| most.min(wanted)));
    if setrlimit(Resource::Nofile, limit).is_err() || limit.current < Some(wanted) {
        let most = getrlimit(Resource::Nofile).current;
        tracing::warn!(?most, wanted, "this process may open fewer files than limits.connections needs");
    }
}

/// Waits for SIGINT or SIGTERM.
async fn stop_signal() {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate => {}
    }
}
