//! What the journeys use: the real programs on ports of their own, real browsers, page objects, and proxies that
//! disturb the network.
//!
//! Nothing here knows the internals of any program; it sees what users see. Each program is stopped when
//! its handle is dropped. Why browsers and not mocks: `docs/decisions/0001-bytes.md` moved logic to the
//! browser's own APIs, which no mock behaves like.

mod browser;
mod chaos_proxy;
mod faulty_disk;
mod flow_file;
mod guide;
mod host_page;
mod port;
mod reverse_proxy;
mod socket;
mod stack;
mod support;
mod tally;
mod throttled_proxy;
mod usage;
mod widget;

pub use browser::{Browser, Engine};
pub use chaos_proxy::ChaosProxy;
pub use faulty_disk::FaultyDisk;
pub use flow_file::FlowFile;
pub use guide::{Guide, stop};
pub use host_page::{HostPage, identify, snippet};
pub use port::own_port;
pub use reverse_proxy::{Proxy, ReverseProxy};
pub use socket::Socket;
pub use stack::{Demo, Stack, binary, demo_flow, fresh_id, made_at, now, random_id, run, token_of};
pub use support::{ALWAYS, closed_until};
pub use tally::Tally;
pub use throttled_proxy::{Quality, ThrottledProxy};
pub use widget::{Console, Widget, sign_in};
