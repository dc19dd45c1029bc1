//! `serve`: listens until a signal stops it, then finishes the requests that were begun.

use anyhow::{Context, Result};
use server::web::assets;
use store_sqlite::SqliteStore;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::config::{self, Flags, ServeFlags};
use crate::print::say;
use crate::{installation, private, running};

/// Runs the collector.
pub async fn run(flags: &Flags, serve: &ServeFlags, print_config: bool) -> Result<()> {
    if print_config {
        say!("{}", config::explained(flags, serve)?.trim_end());
        return Ok(());
    }
    let config = config::load(flags, serve)?;
    log();
    private::keep();
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

fn log() {
    let filter =
        EnvFilter::try_from_env("TABIJI_LOG").unwrap_or_else(|_| EnvFilter::new("info,refinery_core=warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
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
