//! The page that the widget is a guest of: what it calls, what it is told, and what is seen in it.

mod calls;
mod glue;
mod listeners;
mod watch;

pub use calls::Host;
