//! The log of `serve`: what is written, and how. It goes to standard error.

use clap::ValueEnum;
use tracing::Level;
use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

/// How lines of the log are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object a line, for what collects logs
    Json,
}

/// Writes the log as `TABIJI_LOG` asks for. Below "info" only our own words are in it: libraries print there what
/// passes through them, such as frames with tokens and people's texts.
pub fn begin(format: LogFormat) {
    let filter =
        EnvFilter::try_from_env("TABIJI_LOG").unwrap_or_else(|_| EnvFilter::new("info,refinery_core=warn"));
    let ours = filter_fn(|event| *event.level() <= Level::INFO || event.target().starts_with("tabiji"));
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry().with(lines.with_filter(filter.and(ours))).init();
}
