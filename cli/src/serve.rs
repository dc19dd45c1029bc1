//! `serve`: listens until a signal stops it, then finishes the requests that were begun.

use anyhow::{Context, Result};
use rustix::process::{Resource, getrlimit, setrlimit};
use server::web::assets;
use store_sqlite::SqliteStore;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing::Level;
use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::config::{self, Flags, ServeFlags};
use crate::print::say;
use crate::{installation, private, running};

/// Files that the collector has open beside its connections: databases, uploads, clips.
const OWN_FILES: u64 = 256;

/// Runs the collector.
pub async fn run(flags: &Flags, serve: &ServeFlags, print_config: bool) -> Result<()> {
    if print_config {
        say!("{}", config::explained(flags, serve)?.trim_end());
        return Ok(());
    }
    let config = config::load(flags, serve)?;
    log();
    private::keep();
    allow_connections(config.limits.connections);
    let _lock = running::lock(&config)?;
    let address = format!("{}:{}", config.host, config.port);
    let listener = TcpListener::bind(&address)
        .await
        .with_context(|| format!("cannot listen on {address}; choose another with --port"))?;
    let store = installation::open(&config, SqliteStore::open)?;
    let app = installation::app(config, store);
    if !assets::are_built() {
        tracing::warn!(
            "this binary has no widget and no console in it; `cargo xtask dist` makes one that has"
        );
    }
    tracing::info!(address = %listener.local_addr()?, public_url = app.config.public_url, "listening");
    server::serve::serve(app, listener, stop_signal()).await.context("the listener failed")?;
    tracing::info!("stopped");
    Ok(())
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

/// Writes the log as `TABIJI_LOG` asks for. Below "info" only our own words are in it: libraries print there what
/// passes through them, such as frames with tokens and people's texts.
fn log() {
    let filter =
        EnvFilter::try_from_env("TABIJI_LOG").unwrap_or_else(|_| EnvFilter::new("info,refinery_core=warn"));
    let ours = filter_fn(|event| *event.level() <= Level::INFO || event.target().starts_with("tabiji"));
    let lines = fmt::layer().with_writer(std::io::stderr).with_filter(filter.and(ours));
    tracing_subscriber::registry().with(lines).init();
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
