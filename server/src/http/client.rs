//! Which client a request comes from: the peer's address, or what a proxy that the operator trusts says of it
//! (`X-Forwarded-For`). It decides whose share a request takes; it is written nowhere.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, HeaderName};

use crate::config::Network;

/// The header in which proxies name their client; each adds the address that it sees at the end.
pub const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A client, as far as addresses tell clients apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Client(Option<IpAddr>);

impl Client {
    /// The client that has this address.
    pub fn at(address: IpAddr) -> Self {
        Self(Some(prefix(address.to_canonical())))
    }

    /// The client of a request.
    pub fn of(extensions: &Extensions, headers: &HeaderMap, proxies: &[Network]) -> Self {
        let Some(ConnectInfo(peer)) = extensions.get::<ConnectInfo<SocketAddr>>() else { return Self(None) };
        let mut address = peer.ip().to_canonical();
        let forwarded = headers.get_all(FORWARDED_FOR).into_iter().rev();
        let named = forwarded.flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b','));
        // Read from the end: what stands before an address that no trusted proxy has may have been made up.
        for named in named {
            if !is_proxy(address, proxies) {
                break;
            }
            let Some(named) = parse(named) else { break };
            address = named.to_canonical();
        }
        Self::at(address)
    }
}

/// Whether an address is one of a trusted proxy.
pub fn is_proxy(address: IpAddr, proxies: &[Network]) -> bool {
    proxies.iter().any(|network| network.contains(address.to_canonical()))
}

/// An address as proxies write it, with a port or without.
fn parse(text: &[u8]) -> Option<IpAddr> {
    let text = str::from_utf8(text).ok()?.trim();
    let bare = text.trim_matches(['[', ']']);
    bare.parse().ok().or_else(|| text.parse().ok().map(|address: SocketAddr| address.ip()))
}

/// Returns the /64 of an IPv6 address, which one customer of a provider has as a whole; an IPv4 address as it is.
fn prefix(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn client(peer: &str, forwarded: &[&str], proxies: &[&str]) -> Client {
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 40_000)));
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let proxies: Vec<Network> =
            proxies.iter().map(|network| (*network).to_owned().try_into().unwrap()).collect();
        Client::of(&extensions, &headers, &proxies)
    }

    #[test]
    fn t46_only_trusted_proxies_say_who_asks() {
        let at = |address: &str| Client::at(address.parse().unwrap());
        for (peer, forwarded, proxies, expected) in [
            ("203.0.113.9", &["198.51.100.7"][..], &[][..], "203.0.113.9"),
            ("203.0.113.9", &["198.51.100.7"], &["10.0.0.0/8"], "203.0.113.9"),
            ("10.1.2.3", &["198.51.100.7"], &["10.0.0.0/8"], "198.51.100.7"),
            // What a client wrote itself stands before what the proxy saw.
            ("10.1.2.3", &["192.0.2.1, 198.51.100.7"], &["10.0.0.0/8"], "198.51.100.7"),
            ("10.1.2.3", &["192.0.2.1", "198.51.100.7"], &["10.0.0.0/8"], "198.51.100.7"),
            ("10.1.2.3", &["192.0.2.1", "会社, 198.51.100.7"], &["10.0.0.0/8"], "198.51.100.7"),
            ("10.1.2.3", &["192.0.2.1", "会社"], &["10.0.0.0/8"], "10.1.2.3"),
            ("10.1.2.3", &["192.0.2.1, , 10.4.4.4"], &["10.0.0.0/8"], "10.4.4.4"),
            ("127.0.0.1", &["198.51.100.7, 10.9.9.9"], &["10.0.0.0/8", "127.0.0.1"], "198.51.100.7"),
            ("10.1.2.3", &["198.51.100.7:4711"], &["10.0.0.0/8"], "198.51.100.7"),
            ("10.1.2.3", &["nonsense"], &["10.0.0.0/8"], "10.1.2.3"),
            ("10.1.2.3", &[], &["10.0.0.0/8"], "10.1.2.3"),
            ("::ffff:203.0.113.9", &[], &[], "203.0.113.9"),
            ("::1", &["[2001:db8:1:2:3:4:5:6]:443"], &["::1"], "2001:db8:1:2::1"),
            ("2001:db8:1:2:ffff::9", &[], &[], "2001:db8:1:2::1"),
        ] {
            assert_eq!(client(peer, forwarded, proxies), at(expected), "{peer} {forwarded:?} {proxies:?}");
        }
        assert_ne!(at("203.0.113.9"), at("203.0.113.10"));
        assert_ne!(at("::ffff:203.0.113.9"), at("::ffff:203.0.113.10"), "IPv4 in the clothes of IPv6");
    }
}
