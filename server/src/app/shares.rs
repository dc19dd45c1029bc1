//! What many hold at the same time: so much in all, and so much of it in one hand. A holder's own share is counted
//! before anything that all share is taken, so nobody can hold what everybody needs.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use crate::http::Client;

/// Something of which there is a number, for holders of the kind `K`.
#[derive(Clone)]
pub struct Shares<K> {
    /// The most in one hand.
    of_one: usize,
    /// The most in all.
    of_all: usize,
    held: Arc<Mutex<Held<K>>>,
}

/// What is held now.
struct Held<K> {
    by: HashMap<K, usize>,
    all: usize,
}

/// One of them, held; dropped, it is free again.
pub struct Share<K: Eq + Hash>(Arc<Mutex<Held<K>>>, K);

impl<K: Eq + Hash + Copy> Shares<K> {
    /// At most `of_one` for each holder, and `of_all` together.
    pub fn new(of_one: usize, of_all: usize) -> Self {
        Self { of_one, of_all, held: Arc::new(Mutex::new(Held { by: HashMap::new(), all: 0 })) }
    }

    /// Takes one; none when this holder has as many as one may have, or nothing is left.
    pub fn take(&self, holder: K) -> Option<Share<K>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let own = held.by.get(&holder).copied().unwrap_or_default();
        if own >= self.of_one || held.all >= self.of_all {
            return None;
        }
        held.by.insert(holder, own + 1);
        held.all += 1;
        Some(Share(Arc::clone(&self.held), holder))
    }
}

impl<K: Eq + Hash> Drop for Share<K> {
    fn drop(&mut self) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.all = held.all.saturating_sub(1);
        if let Some(own) = held.by.get_mut(&self.1) {
            *own -= 1;
            if *own == 0 {
                held.by.remove(&self.1);
            }
        }
    }
}

/// A client's share of the connections, held by the one that carries a request. It is given back early when the request
/// turns out to be of a person with a token: an office has one address and many people.
#[derive(Clone, Default)]
pub struct OwnShare(Arc<Mutex<Option<Share<Client>>>>);

impl OwnShare {
    /// The share that was taken, or none.
    pub fn of(share: Option<Share<Client>>) -> Self {
        Self(Arc::new(Mutex::new(share)))
    }

    /// Whether it is held.
    pub fn is_held(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Gives it back.
    pub fn give_back(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
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
        let held = shares.held.lock().unwrap();
        assert!(held.by.is_empty() && held.all == 0, "nothing is kept of those who hold nothing");
    }
}
