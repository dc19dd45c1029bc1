//! What an operator can choose. The binary reads it from a file, the environment and flags.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use store::GuestUse;
use url::Url;

/// The whole configuration, as `tabiji.toml` holds it and `--print-config` shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The folder with the database.
    pub data: PathBuf,
    /// The address to listen on.
    pub host: String,
    /// The port to listen on.
    pub port: u16,
    /// How browsers reach this collector, such as `https://help.example.com`; the listening address when empty.
    pub public_url: String,
    /// Whether customers can write to customer success.
    pub chat: bool,
    /// Addresses or networks (`10.0.0.0/8`) of the proxies in front of this collector: what they say of their clients
    /// in `X-Forwarded-For` is believed, and of nobody else.
    pub trusted_proxies: Vec<Network>,
    /// The address of a listener of its own for `/metrics`, such as `127.0.0.1:9600`; there is none when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics: Option<String>,
    /// What is accepted.
    pub limits: Limits,
    /// How long telemetry is kept.
    pub keep: Keep,
}

/// How long telemetry is kept, in days. Conversations follow `keep_days` of the support file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Keep {
    /// Events keep what people typed, and the page's own properties, for so long; what reports count stays. For good
    /// when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telemetry_days: Option<u32>,
    /// Files that were sent in conversations; as long as their conversation when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files_days: Option<u32>,
    /// The beginnings of bodies that could not be read.
    pub rejected_days: u32,
}

/// What is accepted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Requests per second of one site, with as many again in a burst.
    pub requests_per_second: NonZeroU32,
    /// Requests of browsers and backends that may be read at the same time.
    pub open_requests: usize,
    /// Connections of one client at the same time; those of a person with a token count as theirs.
    pub connections_per_client: usize,
    /// Connections of all clients.
    pub connections: usize,
    /// How long a connection may be without a request, and the head of one may take, in seconds.
    pub idle_seconds: u64,
    /// The same for connections of trusted proxies: longer than they keep idle ones themselves.
    pub proxy_idle_seconds: u64,
    /// Events older than this many days are quarantined.
    pub horizon_days: u32,
    /// MiB of files that the conversations of one site keep.
    pub files_mib: u64,
    /// Sockets of one client that have not sent their hello; behind a proxy that is not trusted, all clients are one.
    #[serde(rename = "strangers_per_address")]
    pub handshakes_per_address: usize,
    /// What the guests of one site may leave behind in a day, all of them together.
    pub guests: GuestUse,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: "data".into(),
            host: "127.0.0.1".into(),
            port: 7600,
            public_url: String::new(),
            chat: true,
            trusted_proxies: Vec::new(),
            metrics: None,
            limits: Limits::default(),
            keep: Keep::default(),
        }
    }
}

impl Default for Keep {
    fn default() -> Self {
        Self { telemetry_days: None, files_days: None, rejected_days: 7 }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests_per_second: DEFAULT_RATE,
            open_requests: 1024,
            connections_per_client: 2048,
            connections: 16_384,
            idle_seconds: 20,
            proxy_idle_seconds: 650,
            horizon_days: 30,
            files_mib: 2048,
            handshakes_per_address: 256,
            guests: DEFAULT_GUESTS,
        }
    }
}

/// An address of the network, or all that begin like it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network(IpNet);

impl Network {
    /// Whether an address is one of it.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let alone = text.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical())).ok();
        let network = alone.or_else(|| text.parse().ok());
        network.map(Self).ok_or_else(|| format!("{text:?} is no address and no network, such as 10.0.0.0/8"))
    }
}

impl From<Network> for String {
    fn from(Network(network): Network) -> Self {
        network.to_string()
    }
}

/// See [`Limits::guests`].
const DEFAULT_GUESTS: GuestUse = GuestUse {
    records: 200_000,
    bytes: 256 * 1024 * 1024,
    accounts: 10_000,
    conversations: 1_000,
    files: 1_000,
    sockets: 50_000,
};

/// See [`Limits::requests_per_second`].
const DEFAULT_RATE: NonZeroU32 = NonZeroU32::new(10_000).unwrap();

impl Config {
    /// The path at which browsers find what is here at `path`: behind the path of `public_url`, which a proxy takes away
    /// from requests. `/tabiji/api` for `/api` where that is `https://app.example.com/tabiji`.
    pub fn public_path(&self, path: &str) -> String {
        let url = Url::parse(&self.public_url).ok();
        [url.as_ref().map_or("", |url| url.path().trim_end_matches('/')), path].concat()
    }

    /// Whether browsers reach this collector over TLS only.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}
