//! A way to something that listeners must not keep alive.

use std::rc::{Rc, Weak};

/// A weak reference that runs something with its value.
pub struct Handle<T: ?Sized>(Weak<T>);

impl<T: ?Sized> Handle<T> {
    /// A way to this value, for as long as its owner keeps it.
    pub fn to(value: &Rc<T>) -> Self {
        Self::of(Rc::downgrade(value))
    }

    /// The same of a weak reference.
    pub fn of(value: Weak<T>) -> Self {
        Self(value)
    }

    /// The value, unless it is gone.
    pub fn get(&self) -> Option<Rc<T>> {
        self.0.upgrade()
    }

    /// Runs with the value, unless it is gone.
    pub fn with(&self, run: impl FnOnce(&Rc<T>)) {
        if let Some(value) = self.get() {
            run(&value);
        }
    }
}

impl<T: ?Sized> Clone for Handle<T> {
    fn clone(&self) -> Self {
        Self::of(Weak::clone(&self.0))
    }
}
