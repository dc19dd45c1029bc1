//! The console's only source of fresh ids.

use leptos::prelude::window;
use protocol::ids::EventId;

use crate::clock::now;

/// Returns a UUIDv7 of the current time.
pub fn fresh_id() -> EventId {
    let mut random = [0; 10];
    // Without randomness ids still differ by their time.
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut random);
    }
    EventId::new(now().unsigned_abs(), random)
}
