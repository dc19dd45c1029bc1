//! A value that is read by its copies.

use std::cell::Cell;

/// A place for a value that is cheap to copy, such as a reference. Unlike a `RefCell` it cannot be borrowed twice, so
/// it has no code for that.
#[derive(Default)]
pub struct CloneCell<T>(Cell<T>);

impl<T: Clone + Default> CloneCell<T> {
    /// A copy of the value.
    #[inline(never)]
    pub fn get(&self) -> T {
        let value = self.0.take();
        self.0.set(value.clone());
        value
    }

    /// Replaces the value.
    #[inline(never)]
    pub fn set(&self, value: T) {
        self.0.set(value);
    }

    /// Takes the value out.
    pub fn take(&self) -> T {
        self.0.take()
    }
}
