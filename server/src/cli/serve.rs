//! `serve`: listens until it is told to stop, then finishes what was begun.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use store_sqlite::SqliteStore;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::config::{Config, Flags, ServeFlags};
use crate::{assets, chat, console, router};

/// How long requests may take to finish after the first signal.
const GRACE: Duration = Duration::from_secs(8);

pub(super) async fn run(flags: &Flags, serve: &ServeFlags, print_config: bool) -> Result<()> {
    let config = Config::load(flags, serve)?;
    if print_config {
        print!("{}", toml::to_string_pretty(&config)?);
        return Ok(());
    }
    log();
    let address = format!("{}:{}", config.host, config.port);
    let listener = TcpListener::bind(&address)
        .await
        .with_context(|| format!("cannot listen on {address}; choose another with --port"))?;
    let store = super::open(&config, SqliteStore::open)?;
    let app = super::app(config, store);
    if !assets::are_built() {
        tracing::warn!(
            "this binary has no widget and no console in it; `cargo xtask dist` makes one that has"
        );
    }
    tracing::info!(address = %listener.local_addr()?, public_url = app.config.public_url, "listening");
    let stopping = app.clone();
    let service = router::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        told_to_stop().await;
        stopping.stop();
    });
    let cut_off = async {
        told_to_stop().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = async {
            let ended = server.await;
            // Sockets are on their own since they were opened.
            app.chat.farewell().await;
            ended
        } => ended.context("the listener failed")?,
        never = console::keep_ready(&app) => match never {},
        never = chat::keep_watch(&app) => match never {},
        never = chat::keep_clean(&app) => match never {},
        // Held questions and live feeds do not end by themselves; all that was accepted is answered.
        () = cut_off => {}
    }
    tracing::info!("stopped");
    Ok(())
}

fn log() {
    let filter =
        EnvFilter::try_from_env("TABIJI_LOG").unwrap_or_else(|_| EnvFilter::new("info,refinery_core=warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

async fn told_to_stop() {
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
