//! What the journeys stand on: the real programs on free ports, a real browser, and page objects.
//!
//! Nothing here knows the inside of any program; it sees what their users see. Every program is
//! stopped when its handle is dropped.

mod browser;
mod guide;
mod host_page;
mod line;
mod shuffle;
mod socket;
mod stack;
mod usage;
mod widget;

pub use browser::{Browser, Engine};
pub use guide::{Guide, stop};
pub use host_page::{HostPage, identify, snippet};
pub use line::{Line, Quality};
pub use shuffle::Shuffle;
pub use socket::Socket;
pub use stack::{Demo, Stack, demo_flow, fresh_id, now};
pub use widget::{Console, Widget};
