//! Sockets that have not sent their hello: a limited number at a time, and of one address. Sockets that have sent
//! it are never limited by address, since offices share one.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Handshakes of all addresses together.
const MAX_HANDSHAKES: usize = 4096;

/// Open handshakes by address.
#[derive(Clone, Default)]
pub struct HandshakeLimit(Arc<Mutex<HashMap<Option<IpAddr>, usize>>>);

/// An open handshake; its place is free again when this is dropped.
pub struct Handshake(HandshakeLimit, Option<IpAddr>);

impl HandshakeLimit {
    /// Begins a handshake; none when `most` of this address are open, or too many altogether.
    pub fn begin(&self, address: Option<IpAddr>, most: usize) -> Option<Handshake> {
        let address = address.map(ipv6_prefix);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_address = known.get(&address).copied().unwrap_or_default();
        if of_address >= most || known.values().sum::<usize>() >= MAX_HANDSHAKES {
            return None;
        }
        known.insert(address, of_address + 1);
        Some(Handshake(self.clone(), address))
    }
}

/// Returns the /64 of an IPv6 address, which one customer of a provider has as a whole; an IPv4 address as it is.
fn ipv6_prefix(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

impl Drop for Handshake {
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
    fn c28_handshakes_of_one_address_leave_room_for_others() {
        let limit = HandshakeLimit::default();
        let address = |n: u8| Some(IpAddr::from([10, 0, 0, n]));
        let mut flood: Vec<Handshake> = (0..99).filter_map(|_| limit.begin(address(1), 50)).collect();
        assert_eq!(flood.len(), 50);
        assert!(limit.begin(address(2), 50).is_some());
        flood.pop();
        flood.extend(limit.begin(address(1), 50));
        assert_eq!(flood.len(), 50, "a socket that has sent its hello makes room");
        let everybody: Vec<Handshake> = (2..=255)
            .flat_map(|n| (0..50).map(move |_| n))
            .filter_map(|n| limit.begin(address(n), 50))
            .collect();
        assert_eq!(flood.len() + everybody.len(), MAX_HANDSHAKES);
        drop((flood, everybody));
        assert!(limit.0.lock().is_ok_and(|known| known.is_empty()), "nothing is kept of closed handshakes");
    }
}
