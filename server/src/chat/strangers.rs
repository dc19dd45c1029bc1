//! Sockets that have not said who they are: only so many at a time, and only so many of one address. Whoever
//! has said it is never limited by address: offices share one.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Of all addresses together.
const MOST: usize = 4096;

/// How many there are, by address.
#[derive(Clone, Default)]
pub struct Strangers(Arc<Mutex<HashMap<Option<IpAddr>, usize>>>);

/// One of them; dropped, it is none any more.
pub struct Stranger(Strangers, Option<IpAddr>);

impl Strangers {
    /// One more, when there is room for it; `most` are let in of one address.
    pub fn let_in(&self, address: Option<IpAddr>, most: usize) -> Option<Stranger> {
        let address = address.map(household);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_address = known.get(&address).copied().unwrap_or_default();
        if of_address >= most || known.values().sum::<usize>() >= MOST {
            return None;
        }
        known.insert(address, of_address + 1);
        Some(Stranger(self.clone(), address))
    }
}

/// Of IPv6 one household has as many addresses as it likes, all with the same first half.
fn household(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        let mut known = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = known.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                known.remove(&self.1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c28_strangers_of_one_address_leave_room_for_others() {
        let strangers = Strangers::default();
        let address = |n: u8| Some(IpAddr::from([10, 0, 0, n]));
        let mut flood: Vec<Stranger> = (0..99).filter_map(|_| strangers.let_in(address(1), 50)).collect();
        assert_eq!(flood.len(), 50);
        assert!(strangers.let_in(address(2), 50).is_some());
        flood.pop();
        flood.extend(strangers.let_in(address(1), 50));
        assert_eq!(flood.len(), 50, "who has said who they are makes room");
        let everybody: Vec<Stranger> = (2..=255)
            .flat_map(|n| (0..50).map(move |_| n))
            .filter_map(|n| strangers.let_in(address(n), 50))
            .collect();
        assert_eq!(flood.len() + everybody.len(), MOST);
        drop((flood, everybody));
        assert!(strangers.0.lock().is_ok_and(|known| known.is_empty()), "nothing is kept of whoever left");
    }
}
