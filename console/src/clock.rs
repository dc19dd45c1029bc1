//! The console's only clock.

use js_sys::Date;
use protocol::Millis;

/// Returns the current time.
pub fn now() -> Millis {
    Date::now() as Millis
}
