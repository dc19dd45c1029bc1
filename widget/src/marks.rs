//! What pages mark as refused.

/// A wrong field.
macro_rules! invalid {
    () => {
        "[aria-invalid]:not([aria-invalid=false],[aria-invalid=\"\"])"
    };
}

/// A wrong field.
pub const INVALID: &str = invalid!();
/// A wrong field, or an error in words.
pub const MARKS: &str = concat!(invalid!(), ",[role=alert],[class*=error i],[class*=invalid i]");
