//! Who is subscribed, and the hints that a conversation has new entries.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use protocol::Millis;
use protocol::chat::{Author, Log, ServerFrame};
use protocol::ids::ConversationId;
use store::{SiteId, Visitor};
use tokio::sync::Notify;

/// Connections of one person; one more is refused.
const MAX_CONNECTIONS: usize = 16;
/// Ephemeral frames that wait for one subscriber; more are dropped, since none of them matters for long.
const MAX_EPHEMERAL: usize = 32;
/// Visitors in the map from which on those who left are removed now and then.
const CLEAN_FROM: usize = 64;

/// All subscribers of this collector.
#[derive(Default)]
pub struct Hub {
    visitors: Mutex<HashMap<Visitor, Vec<Weak<Subscriber>>>>,
    agents: Mutex<HashMap<SiteId, Vec<AgentConnection>>>,
    last_seen: Mutex<HashMap<(SiteId, String), Millis>>,
}

/// One browser of an agent, or of an operator who only reads and is no author.
type AgentConnection = (Option<Author>, Weak<Subscriber>);

/// One connection that is subscribed. Hints for the same log are joined, so what waits stays small.
#[derive(Default)]
pub struct Subscriber {
    pending: Mutex<Pending>,
    waker: Notify,
}

/// What a subscriber has not taken yet.
#[derive(Default)]
pub struct Pending {
    /// Logs with new entries, each with the numbers of the first and the last one that was hinted at.
    pub entries: BTreeMap<(ConversationId, Log), (u64, u64)>,
    /// Frames that are sent once and never kept: who types, who has read.
    pub ephemeral: Vec<ServerFrame>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Subscriber {
    /// Waits until something is pending; may be cancelled at any time.
    pub async fn ready(&self) {
        loop {
            let woken = self.waker.notified();
            {
                let pending = lock(&self.pending);
                if !pending.entries.is_empty() || !pending.ephemeral.is_empty() {
                    return;
                }
            }
            woken.await;
        }
    }

    /// Takes everything that is pending.
    pub fn take(&self) -> Pending {
        std::mem::take(&mut lock(&self.pending))
    }

    /// Adds a hint: the log has entries from `first` to `last`.
    pub fn hint(&self, conversation: ConversationId, log: Log, first: u64, last: u64) {
        let mut pending = lock(&self.pending);
        let known = pending.entries.entry((conversation, log)).or_insert((first, last));
        *known = (known.0.min(first), known.1.max(last));
        drop(pending);
        self.waker.notify_one();
    }

    fn send_ephemeral(&self, frame: &ServerFrame) {
        let mut pending = lock(&self.pending);
        if pending.ephemeral.len() < MAX_EPHEMERAL {
            pending.ephemeral.push(frame.clone());
        }
        drop(pending);
        self.waker.notify_one();
    }
}

impl Hub {
    /// Subscribes a customer; none when they have too many connections already.
    pub fn subscribe_visitor(&self, visitor: &Visitor) -> Option<Arc<Subscriber>> {
        let mut all = lock(&self.visitors);
        if all.len() > CLEAN_FROM && all.len().is_power_of_two() {
            all.retain(|_, connections| connections.iter().any(|one| one.strong_count() > 0));
        }
        let connections = all.entry(visitor.clone()).or_default();
        connections.retain(|one| one.strong_count() > 0);
        if connections.len() >= MAX_CONNECTIONS {
            return None;
        }
        let subscriber = Arc::new(Subscriber::default());
        connections.push(Arc::downgrade(&subscriber));
        Some(subscriber)
    }

    /// Subscribes an agent to all conversations of a site.
    pub fn subscribe_agent(&self, site: SiteId, agent: Author) -> Arc<Subscriber> {
        self.subscribe(site, Some(agent))
    }

    /// Subscribes an operator who only reads, and is never present for customers.
    pub fn subscribe_reader(&self, site: SiteId) -> Arc<Subscriber> {
        self.subscribe(site, None)
    }

    fn subscribe(&self, site: SiteId, agent: Option<Author>) -> Arc<Subscriber> {
        let mut all = lock(&self.agents);
        let agents = all.entry(site).or_default();
        agents.retain(|(_, one)| one.strong_count() > 0);
        let subscriber = Arc::new(Subscriber::default());
        agents.push((agent, Arc::downgrade(&subscriber)));
        subscriber
    }

    /// Returns the agents who are subscribed to a site now, and notes that they were seen.
    pub fn present(&self, site: SiteId, now: Millis) -> Vec<Author> {
        let mut present: Vec<Author> = Vec::new();
        for (agent, one) in lock(&self.agents).get(&site).into_iter().flatten() {
            let Some(agent) = agent else { continue };
            if one.strong_count() > 0 && present.iter().all(|other| other.id != agent.id) {
                present.push(agent.clone());
            }
        }
        let mut last_seen = lock(&self.last_seen);
        last_seen.extend(present.iter().map(|agent| ((site, agent.id.clone()), now)));
        present
    }

    /// Returns when an agent was last seen at a site.
    pub fn last_seen(&self, site: SiteId, agent: &str) -> Option<Millis> {
        lock(&self.last_seen).get(&(site, agent.to_owned())).copied()
    }

    /// Hints at a new entry of a conversation's log. Customers have no internal log, so they get no hint of it.
    pub fn notify(&self, visitor: &Visitor, conversation: ConversationId, log: Log, seq: u64) {
        if log == Log::Public {
            self.of_visitor(visitor).iter().for_each(|one| one.hint(conversation, log, seq, seq));
        }
        self.of_agents(visitor.site).iter().for_each(|one| one.hint(conversation, log, seq, seq));
    }

    /// Tells a site's agents that their list of conversations changed in a way that no entry says.
    pub fn list_changed(&self, site: SiteId) {
        self.send_ephemeral_to_agents(site, &ServerFrame::Changed);
    }

    /// Sends a customer a frame that is not kept.
    pub fn send_ephemeral(&self, visitor: &Visitor, frame: &ServerFrame) {
        self.of_visitor(visitor).iter().for_each(|one| one.send_ephemeral(frame));
    }

    /// Sends a site's agents a frame that is not kept.
    pub fn send_ephemeral_to_agents(&self, site: SiteId, frame: &ServerFrame) {
        self.of_agents(site).iter().for_each(|one| one.send_ephemeral(frame));
    }

    fn of_visitor(&self, visitor: &Visitor) -> Vec<Arc<Subscriber>> {
        let mut all = lock(&self.visitors);
        let Some(connections) = all.get_mut(visitor) else { return Vec::new() };
        connections.retain(|one| one.strong_count() > 0);
        connections.iter().filter_map(Weak::upgrade).collect()
    }

    fn of_agents(&self, site: SiteId) -> Vec<Arc<Subscriber>> {
        let all = lock(&self.agents);
        all.get(&site).into_iter().flatten().filter_map(|(_, one)| one.upgrade()).collect()
    }
}
