//! 営業ノート: a small but believable sales admin that embeds the widget with the script tag only.
//!
//! It has what any product has that embeds Tabiji: its own pages, its own data, and a backend that
//! signs identity tokens and posts facts to the collector with the secret key. It depends on no crate of
//! ours, so it shows that the public interface is enough.

mod backend;
mod book;
mod pages;
mod text;

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;
use tokio::net::TcpListener;

/// The demo site of Tabiji.
#[derive(Debug, Parser)]
struct Arguments {
    /// The port to listen on
    #[arg(long, default_value_t = 7601)]
    port: u16,
    /// Where the collector is, as browsers and this backend reach it
    #[arg(long, env = "TABIJI_PUBLIC_URL", default_value = "http://127.0.0.1:7600")]
    collector: String,
    /// The site's public key
    #[arg(long, env = "TABIJI_PUBLIC_KEY")]
    public_key: String,
    /// The site's secret key
    #[arg(long, env = "TABIJI_SECRET_KEY", hide_env_values = true)]
    secret_key: String,
    /// The site's identity secret
    #[arg(long, env = "TABIJI_IDENTITY_SECRET", hide_env_values = true)]
    identity_secret: String,
    /// Keep the data in this file
    #[arg(long, value_name = "FILE")]
    book: Option<PathBuf>,
    /// Leave 'wasm-unsafe-eval' out of the content security policy, to see the basic panel
    #[arg(long)]
    forbid_wasm: bool,
    /// Leave sockets out of it, to see the chat's slower way
    #[arg(long)]
    forbid_sockets: bool,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(tracing::Level::INFO).init();
    let book = book::Book::open(arguments.book.clone())?;
    let backend = backend::Backend::start(&arguments, &book);
    let app = pages::App::new(book, backend, &arguments);
    let address = SocketAddr::from(([127, 0, 0, 1], arguments.port));
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}; choose another with --port"))?;
    tracing::info!(%address, "the demo site listens");
    axum::serve(listener, pages::router(app)).await.context("the listener failed")
}
