//! Keys that belong to an input method.

use web_sys::KeyboardEvent;

/// Tells whether a key belongs to an input method: the Enter that confirms a conversion sends nothing.
///
/// Safari reports the key that ends a composition after it has ended, with the code 229 of the UI Events
/// specification.
pub fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}
