//! How far each site's integration is: what was seen to work, and which requests were refused. The developers who
//! embed the widget read it in the console, in `tabiji doctor` and in the log. Reasons:
//! `docs/decisions/0016-first-minutes.md`.

mod pace;
mod remedy;

use std::sync::Arc;

use store::{RefusedRequests, Sighting, Site, SiteId, Store};

use pace::{Pace, Topic};
pub use remedy::remedy;

use crate::clock::Clock;
use crate::http::Refusal;

/// The longest sentence and the longest origin that are kept, in characters.
const MAX_TEXT: usize = 500;

/// Notes what is seen of integrations.
pub struct Integration {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    pace: Pace,
}

impl Integration {
    /// Notes into `store`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, pace: Pace::default() }
    }

    /// Notes that something of a site works.
    pub(crate) fn saw(&self, site: SiteId, sighting: Sighting) {
        let topic = match &sighting {
            Sighting::Page { origin } => Topic::Page(site, origin.clone()),
            Sighting::Person { .. } => Topic::Person(site),
            Sighting::Fact { .. } => Topic::Fact(site),
        };
        let now = self.clock.now();
        if self.pace.due(topic, now).is_none() {
            return;
        }
        let store = Arc::clone(&self.store);
        // The request does not wait for it.
        tokio::spawn(async move {
            if let Err(error) = store.note_sighting(site, sighting, now).await {
                tracing::warn!(%error, "what works of a site was not written");
            }
        });
    }

    /// Notes that a request was refused, in the log and in the store.
    pub(crate) fn refused(&self, site: Option<&Site>, refusal: &Refusal, origin: Option<String>) {
        let (id, now) = (site.map(|site| site.id), self.clock.now());
        let origin = origin.map(|origin| plain(&origin));
        let topic = Topic::Refused(id, refusal.tag(), origin.clone());
        let Some(count) = self.pace.due(topic, now) else { return };
        let (tag, message) = (refusal.tag().to_owned(), plain(&refusal.message()));
        let (name, logged) = (site.map(|site| site.name.as_str()), refusal.logged());
        tracing::warn!(tag, site = name, origin, count, "refused: {logged}");
        let refused = RefusedRequests { tag, origin, message, times: (now, now), count };
        let store = Arc::clone(&self.store);
        tokio::spawn(async move {
            if let Err(error) = store.note_refused(id, refused).await {
                tracing::warn!(%error, "a refused request was not written");
            }
        });
    }
}

/// What strangers sent, for a log and a terminal: one line without control characters, not too long.
fn plain(text: &str) -> String {
    let printable = text.chars().map(|one| if one.is_control() { ' ' } else { one });
    printable.take(MAX_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strangers_sent_cannot_move_a_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\r\nc"), "a [2Jb  c");
        assert_eq!(plain(&"x".repeat(9_999)).len(), MAX_TEXT);
    }
}
