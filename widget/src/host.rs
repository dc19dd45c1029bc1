//! The page that the widget is a guest of: what it calls, what it is told, and what is seen in it.

mod api;
pub mod condition_observer;
pub mod js_bridge;
mod listeners;

pub use api::Host;
pub use listeners::Listeners;
