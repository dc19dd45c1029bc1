//! Who listens, and the hint that a conversation moved.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use protocol::Millis;
use protocol::chat::{Author, ServerFrame};
use protocol::ids::ConversationId;
use store::{SiteId, Visitor};
use tokio::sync::Notify;

/// Connections of one person; one more is refused.
const MOST: usize = 16;
/// Whispers that wait for one listener; what comes then is dropped, since none of it matters for long.
const WHISPERS: usize = 32;

/// Everybody who listens on this collector.
#[derive(Default)]
pub struct Hub {
    visitors: Mutex<HashMap<Visitor, Vec<Weak<Ear>>>>,
    agents: Mutex<HashMap<SiteId, Vec<Attendant>>>,
    seen: Mutex<HashMap<(SiteId, String), Millis>>,
}

/// An agent's browser.
type Attendant = (Author, Weak<Ear>);

/// One listener. Hints for the same conversation are one hint, so what waits stays small.
#[derive(Default)]
pub struct Ear {
    heard: Mutex<Heard>,
    bell: Notify,
}

/// What a listener has not looked at yet.
#[derive(Default)]
pub struct Heard {
    /// Conversations with new lines.
    pub moved: BTreeSet<ConversationId>,
    /// What is told and never kept: who types, who has read.
    pub whispers: Vec<ServerFrame>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Ear {
    /// Waits until there is something; may be given up at any time.
    pub async fn ready(&self) {
        loop {
            let bell = self.bell.notified();
            {
                let heard = lock(&self.heard);
                if !heard.moved.is_empty() || !heard.whispers.is_empty() {
                    return;
                }
            }
            bell.await;
        }
    }

    /// Takes what was heard.
    pub fn take(&self) -> Heard {
        std::mem::take(&mut lock(&self.heard))
    }

    /// Says that a conversation has more to read.
    pub fn hint(&self, c: ConversationId) {
        lock(&self.heard).moved.insert(c);
        self.bell.notify_one();
    }

    fn whisper(&self, tell: &ServerFrame) {
        let mut heard = lock(&self.heard);
        if heard.whispers.len() < WHISPERS {
            heard.whispers.push(tell.clone());
        }
        drop(heard);
        self.bell.notify_one();
    }
}

/// The listeners that are still there.
fn living(ears: Option<&mut Vec<Weak<Ear>>>) -> Vec<Arc<Ear>> {
    let Some(ears) = ears else { return Vec::new() };
    ears.retain(|ear| ear.strong_count() > 0);
    ears.iter().filter_map(Weak::upgrade).collect()
}

impl Hub {
    /// A customer listens; none when they have too many connections already.
    pub fn listen(&self, visitor: &Visitor) -> Option<Arc<Ear>> {
        let mut all = lock(&self.visitors);
        // Whoever went away without a word is forgotten when others come.
        if all.len() > 64 && all.len().is_power_of_two() {
            all.retain(|_, ears| ears.iter().any(|ear| ear.strong_count() > 0));
        }
        let ears = all.entry(visitor.clone()).or_default();
        ears.retain(|ear| ear.strong_count() > 0);
        (ears.len() < MOST).then(|| add(ears))
    }

    /// An agent listens to a site.
    pub fn attend(&self, site: SiteId, agent: Author) -> Arc<Ear> {
        let mut all = lock(&self.agents);
        let ears = all.entry(site).or_default();
        ears.retain(|(_, ear)| ear.strong_count() > 0);
        let ear = Arc::new(Ear::default());
        ears.push((agent, Arc::downgrade(&ear)));
        ear
    }

    /// The agents who listen to a site now; it is remembered that they were seen.
    pub fn present(&self, site: SiteId, now: Millis) -> Vec<Author> {
        let mut present: Vec<Author> = Vec::new();
        for (agent, ear) in lock(&self.agents).get(&site).into_iter().flatten() {
            if ear.strong_count() > 0 && present.iter().all(|other| other.id != agent.id) {
                present.push(agent.clone());
            }
        }
        let mut seen = lock(&self.seen);
        seen.extend(present.iter().map(|agent| ((site, agent.id.clone()), now)));
        present
    }

    /// When an agent was last seen there.
    pub fn seen(&self, site: SiteId, agent: &str) -> Option<Millis> {
        lock(&self.seen).get(&(site, agent.to_owned())).copied()
    }

    /// A conversation has a new line.
    pub fn moved(&self, visitor: &Visitor, c: ConversationId) {
        for ear in self.of_visitor(visitor).iter().chain(&self.of_agents(visitor.site)) {
            ear.hint(c);
        }
    }

    /// Something changed in a site's list of conversations that no line says.
    pub fn changed(&self, site: SiteId) {
        self.whisper_agents(site, &ServerFrame::Changed);
    }

    /// Tells a customer something that is not kept.
    pub fn whisper(&self, visitor: &Visitor, tell: &ServerFrame) {
        self.of_visitor(visitor).iter().for_each(|ear| ear.whisper(tell));
    }

    /// Tells a site's agents something that is not kept.
    pub fn whisper_agents(&self, site: SiteId, tell: &ServerFrame) {
        self.of_agents(site).iter().for_each(|ear| ear.whisper(tell));
    }

    fn of_visitor(&self, visitor: &Visitor) -> Vec<Arc<Ear>> {
        living(lock(&self.visitors).get_mut(visitor))
    }

    fn of_agents(&self, site: SiteId) -> Vec<Arc<Ear>> {
        let all = lock(&self.agents);
        all.get(&site).into_iter().flatten().filter_map(|(_, ear)| ear.upgrade()).collect()
    }
}

fn add(ears: &mut Vec<Weak<Ear>>) -> Arc<Ear> {
    let ear = Arc::new(Ear::default());
    ears.push(Arc::downgrade(&ear));
    ear
}
