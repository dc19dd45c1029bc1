//! Values that effects watch.
//!
//! All share one trigger: a signal of a type of its own costs a browser about a kilobyte, and what is drawn again
//! without need touches nothing in the document.

use std::cell::RefCell;

use reactive_graph::prelude::*;
use reactive_graph::signal::ArcTrigger;

/// A value; effects that read any such value run again when one of them was set.
pub struct Watched<T> {
    value: RefCell<T>,
    changed: ArcTrigger,
}

impl<T: Clone> Watched<T> {
    pub(super) fn new(value: T, changed: &ArcTrigger) -> Self {
        Self { value: RefCell::new(value), changed: changed.clone() }
    }

    /// The value; the effect that runs now will run again.
    pub fn get(&self) -> T {
        self.changed.track();
        self.get_untracked()
    }

    /// The value.
    pub fn get_untracked(&self) -> T {
        self.value.borrow().clone()
    }

    /// Sets the value.
    pub fn set(&self, value: T) {
        let old = self.value.replace(value);
        drop(old);
        self.notify();
    }

    /// Lets effects run again.
    pub fn notify(&self) {
        self.changed.notify();
    }
}
