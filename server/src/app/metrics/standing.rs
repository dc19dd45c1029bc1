//! Where things stand at the moment at which a scraper asks.

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::app::AppInner;
use crate::http::Refusal;

/// A share of something, from 0 to 1.
type Share = Gauge<f64, AtomicU64>;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    kind: &'static str,
}

/// What is looked at when a scraper asks.
pub(super) struct Standing {
    store_up: Gauge,
    writes_waiting: Gauge,
    writes_waiting_max: Gauge,
    records_to_project: Gauge,
    database_bytes: Gauge,
    wal_bytes: Gauge,
    disk_free_bytes: Gauge,
    sockets: Gauge,
    guests: Family<Kind, Share>,
    waiting: Gauge,
    waiting_seconds: Gauge,
}

impl Standing {
    pub(super) fn new(registry: &mut Registry) -> Self {
        let mut gauge = |name: &str, help: &str| {
            let gauge = Gauge::default();
            registry.register(name, help, gauge.clone());
            gauge
        };
        let this = Self {
            store_up: gauge("store_up", "1 while the store answers and can write, else 0"),
            writes_waiting: gauge("writes_waiting", "Writes that wait for the disk"),
            writes_waiting_max: gauge(
                "writes_waiting_max",
                "Writes that may wait; one more is refused as busy",
            ),
            records_to_project: gauge("records_to_project", "Records of the journal that no report has yet"),
            database_bytes: gauge("database_bytes", "The database's size without its log"),
            wal_bytes: gauge("wal_bytes", "The size of the database's log"),
            disk_free_bytes: gauge("disk_free_bytes", "Room that the disk has left for this process"),
            sockets: gauge("sockets_open", "Sockets of the chat that are open"),
            waiting: gauge("conversations_waiting", "Conversations in which a customer waits for an answer"),
            waiting_seconds: gauge(
                "conversations_waiting_seconds_max",
                "How long the first of them has waited",
            ),
            guests: Family::default(),
        };
        let help = "Share of a day's budget that the guests of one site have used, of the site with most";
        registry.register("guest_budget_used_ratio", help, this.guests.clone());
        this
    }

    /// Looks at everything. What the store does not answer keeps the value of before, and `store_up` says so.
    pub(super) async fn look(&self, app: &AppInner) {
        let load = app.store.load().await;
        self.writes_waiting.set(whole(load.writes_waiting));
        self.writes_waiting_max.set(whole(load.writes_waiting_max));
        self.database_bytes.set(whole(load.database_bytes));
        self.wal_bytes.set(whole(load.wal_bytes));
        self.disk_free_bytes.set(whole(load.disk_free_bytes));
        self.sockets.set(whole(app.chat.sockets() as u64));
        for (kind, share) in app.guests.fullest() {
            self.guests.get_or_create(&Kind { kind }).set(share);
        }
        let answers = self.ask(app).await;
        self.store_up.set(answers.is_ok().into());
    }

    async fn ask(&self, app: &AppInner) -> Result<(), Refusal> {
        let (head, cursor) = (app.store.head().await?, app.store.cursor().await?);
        self.records_to_project.set(head.records() - cursor.records());
        let now = app.clock.now();
        let (mut waiting, mut longest) = (0, 0);
        for site in app.sites.all().await? {
            let (count, since) = app.store.count_unanswered(site.id).await?;
            waiting += count;
            longest = longest.max(since.map_or(0, |since| now - since));
        }
        self.waiting.set(whole(waiting));
        self.waiting_seconds.set(longest / 1000);
        Ok(app.store.can_write().await?)
    }
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
