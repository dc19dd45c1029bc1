//! What many hold at the same time: so much in all, and so much of it in one hand. A holder's own share is counted
//! before anything that all share is taken, so nobody can hold what everybody needs.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use store::Visitor;

use crate::http::{Bottleneck, Client, Refusal};

/// Something of which there is a number, for holders of the kind `K`; cheap to clone.
#[derive(Clone)]
pub struct Shares<K>(Arc<Inner<K>>);

struct Inner<K> {
    /// The most in one hand.
    of_one: usize,
    /// The most in all.
    of_all: usize,
    held: Mutex<Held<K>>,
}

/// What is held now.
struct Held<K> {
    by: HashMap<K, usize>,
    all: usize,
}

/// One of them, held; dropped, it is free again.
pub struct Share<K: Eq + Hash>(Arc<Inner<K>>, K);

impl<K: Eq + Hash + Clone> Shares<K> {
    /// At most `of_one` for each holder, and `of_all` together.
    pub fn new(of_one: usize, of_all: usize) -> Self {
        Self(Arc::new(Inner { of_one, of_all, held: Mutex::new(Held { by: HashMap::new(), all: 0 }) }))
    }

    /// Takes one; none when this holder has as many as one may have, or nothing is left.
    pub fn take(&self, holder: K) -> Option<Share<K>> {
        let mut held = self.0.held();
        if held.all >= self.0.of_all || !held.add(&holder, self.0.of_one) {
            return None;
        }
        held.all += 1;
        Some(Share(Arc::clone(&self.0), holder))
    }
}

impl<K: Eq + Hash + Clone> Share<K> {
    /// Passes it on to another holder; false when that one has as many as one may have.
    fn pass_to(&mut self, holder: K) -> bool {
        let mut held = self.0.held();
        let passes = self.1 == holder || held.add(&holder, self.0.of_one);
        if passes && self.1 != holder {
            held.remove(&self.1);
            self.1 = holder;
        }
        passes
    }
}

impl<K: Eq + Hash> Drop for Share<K> {
    fn drop(&mut self) {
        let mut held = self.0.held();
        held.all = held.all.saturating_sub(1);
        held.remove(&self.1);
    }
}

impl<K> Inner<K> {
    fn held(&self) -> MutexGuard<'_, Held<K>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash> Held<K> {
    fn add(&mut self, holder: &K, most: usize) -> bool
    where
        K: Clone,
    {
        let own = self.by.get(holder).copied().unwrap_or_default();
        if own < most {
            self.by.insert(holder.clone(), own + 1);
        }
        own < most
    }

    fn remove(&mut self, holder: &K) {
        if let Some(own) = self.by.get_mut(holder) {
            *own -= 1;
            if *own == 0 {
                self.by.remove(holder);
            }
        }
    }
}

/// Who holds a connection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// All that come from there.
    Client(Client),
    /// A person with a token, wherever they come from.
    Person(Visitor),
}

/// The share of the connections that a connection, or a request of a trusted proxy's, has. It is its client's until it
/// turns out to be a person's with a token: an office has one address and many people. Cheap to clone; it is free again
/// when all clones are dropped.
#[derive(Clone, Default)]
pub struct OwnShare(Arc<Mutex<Option<Share<Holder>>>>);

impl OwnShare {
    /// The share that was taken.
    pub fn of(share: Share<Holder>) -> Self {
        Self(Arc::new(Mutex::new(Some(share))))
    }

    /// Passes it on to a person with a token.
    ///
    /// # Errors
    /// `Busy` when they have as many as one may have.
    pub fn pass_to(&self, person: Visitor) -> Result<(), Refusal> {
        let mut share = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match share.as_mut().is_none_or(|share| share.pass_to(Holder::Person(person))) {
            true => Ok(()),
            false => Err(Refusal::Busy(Bottleneck::Client)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c28_what_one_holds_leaves_room_for_others() {
        let shares = Shares::new(50, 4096);
        let mut flood: Vec<Share<u8>> = (0..99).filter_map(|_| shares.take(1)).collect();
        assert_eq!(flood.len(), 50);
        assert!(shares.take(2).is_some());
        flood.pop();
        flood.extend(shares.take(1));
        assert_eq!(flood.len(), 50, "what is given back can be taken again");
        let everybody: Vec<Share<u8>> =
            (2..=255).flat_map(|n| (0..50).map(move |_| n)).filter_map(|n| shares.take(n)).collect();
        assert_eq!(flood.len() + everybody.len(), 4096);
        drop((flood, everybody));
        let held = shares.0.held();
        assert!(held.by.is_empty() && held.all == 0, "nothing is kept of those who hold nothing");
    }

    #[test]
    fn s4_what_is_passed_on_makes_room_and_still_counts_among_all() {
        let shares = Shares::new(2, 3);
        let [mut first, mut second] = [shares.take("office").unwrap(), shares.take("office").unwrap()];
        assert!(shares.take("office").is_none());
        assert!(first.pass_to("person") && first.pass_to("person") && second.pass_to("person"));
        let mut third = shares.take("office").unwrap();
        assert!(!third.pass_to("person"), "a person has two at most");
        assert!(shares.take("somebody else").is_none(), "three in all");
        drop((first, second, third));
        let held = shares.0.held();
        assert!(held.by.is_empty() && held.all == 0);
    }
}
