//! What an operator measures: what happened since the start, and where things stand when a scraper asks. Every value of
//! a label is a word of this code, so nothing that a person or a page sent can become one. What each name means stands
//! in `docs/operations.md`; reasons: `docs/decisions/0022-measures.md`.

mod requests;
mod standing;

use std::collections::HashSet;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::prometheus_text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use protocol::widget::{EventOutcome, EventResult};

use super::AppInner;
use crate::http::Refusal;
pub use requests::{Routed, measure};
use standing::Standing;

/// Upper bounds of the durations that are counted apart, in seconds. A held question takes 25.
const DURATIONS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

/// Everything that is measured.
pub struct Metrics {
    registry: Registry,
    events: Family<Events, Counter>,
    refusals: Family<Refused, Counter>,
    requests: Family<Answered, Histogram, fn() -> Histogram>,
    /// Connections that were closed at once: their client had its share.
    pub(crate) connections_refused: Counter,
    streams: Gauge,
    questions: Gauge,
    standing: Standing,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Events {
    source: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Refused {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: &'static str,
    status: &'static str,
}

/// Who sent events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventSource {
    /// A widget.
    Widget,
    /// The host's backend: its facts.
    Backend,
}

/// Something that is counted as long as it lasts.
pub(crate) struct Lasting(Gauge);

impl Lasting {
    fn of(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Lasting {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("tabiji");
        let (events, refusals, streams, questions) = <(_, _, Gauge, Gauge)>::default();
        let durations: fn() -> Histogram = || Histogram::new(DURATIONS);
        let requests = Family::new_with_constructor(durations);
        let connections_refused = Counter::default();
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The release that runs", version);
        registry.register("events", "Events and facts by what became of them", Family::clone(&events));
        registry.register("refusals", "Requests and frames that were refused", Family::clone(&refusals));
        registry.register(
            "request_duration_seconds",
            "Time until an answer began, by route and status",
            Family::clone(&requests),
        );
        registry.register(
            "connections_refused",
            "Connections closed at once since their client had its share",
            connections_refused.clone(),
        );
        registry.register("streams_open", "Event streams that are open", streams.clone());
        registry.register("questions_held", "Questions about progress that are held open", questions.clone());
        let standing = Standing::new(&mut registry);
        Self { registry, events, refusals, requests, connections_refused, streams, questions, standing }
    }
}

impl Metrics {
    /// Counts what became of a batch.
    pub(crate) fn count(&self, source: EventSource, results: &[EventResult]) {
        let source = match source {
            EventSource::Widget => "widget",
            EventSource::Backend => "backend",
        };
        for (outcome, word) in [
            (EventOutcome::Stored, "stored"),
            (EventOutcome::Duplicate, "duplicate"),
            (EventOutcome::Quarantined, "quarantined"),
        ] {
            let count = results.iter().filter(|result| result.outcome == outcome).count();
            self.events.get_or_create(&Events { source, outcome: word }).inc_by(count as u64);
        }
    }

    /// Counts a refusal.
    pub(crate) fn refused(&self, refusal: &Refusal) {
        self.refusals.get_or_create(&Refused { reason: refusal.tag() }).inc();
    }

    /// Counts a question as held until the guard is dropped.
    pub(crate) fn hold_question(&self) -> Lasting {
        Lasting::of(&self.questions)
    }
}

impl AppInner {
    /// Writes everything that is measured in Prometheus's text format.
    pub async fn measured(&self) -> String {
        self.metrics.standing.look(self).await;
        let mut text = String::new();
        // A text takes whatever is written.
        let _ = encode(&mut text, &self.metrics.registry);
        text
    }
}

/// The paths of routes with their parameters in braces.
pub type Templates = HashSet<&'static str>;
