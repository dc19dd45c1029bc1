//! What runs later: parts of the module that are fetched ([`wasm_split`]), and futures in the background ([`spawn_local`]).
//!
//! The splitter (`xtask/src/split.rs`) turns each marked function into an import that fetches its part and calls
//! back once. The usual run-time crate brings an asynchronous once-cell, 2.1 kB of the first screen; here a flag and
//! a list of wakers do the same. A part that could not be fetched is fetched again by the next call.

mod tasks;

use std::cell::RefCell;
use std::ffi::c_void;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub use tasks::{Settled, settled, spawn_local, start};
pub use wasm_split_macros::wasm_split;

/// A part could not be fetched.
#[derive(Clone, Copy, Debug)]
pub struct SplitLoaderError;

/// What the macro's code names.
#[doc(hidden)]
pub mod rt {
    pub use super::{LazySplitLoader, LoadCallbackFn, ensure_loaded};
}

/// Says that a part is there, or could not be fetched.
pub type LoadCallbackFn = unsafe extern "C" fn(*const c_void, bool);
/// Fetches a part and calls back once, with the pointer that it was given.
pub type LoadFn = unsafe extern "C" fn(LoadCallbackFn, *const c_void);

enum Progress {
    /// Not asked for yet, or the last attempt failed.
    Absent,
    /// On its way, with the wakers of those that wait for it.
    Coming(Vec<Waker>),
    /// The last attempt failed, and those who waited were not polled yet.
    Failed,
    There,
}

/// One part, and how far it is.
pub struct LazySplitLoader {
    load: LoadFn,
    progress: RefCell<Progress>,
}

// SAFETY: WebAssembly without threads has one thread, so nothing is ever shared between two.
#[expect(unsafe_code, reason = "the macro keeps a loader in a static, which asks for Sync")]
unsafe impl Sync for LazySplitLoader {}

impl LazySplitLoader {
    /// A part that nobody asked for yet.
    ///
    /// # Safety
    /// `load` must call back exactly once for each call, with the pointer that it was given.
    #[expect(unsafe_code, reason = "the caller vouches for a foreign function")]
    pub const unsafe fn new(load: LoadFn) -> Self {
        Self { load, progress: RefCell::new(Progress::Absent) }
    }

    fn finish(&self, there: bool) {
        let now = if there { Progress::There } else { Progress::Failed };
        if let Progress::Coming(waiting) = self.progress.replace(now) {
            waiting.into_iter().for_each(Waker::wake);
        }
    }
}

/// Is ready when the part is there, or the attempt failed.
pub fn ensure_loaded(loader: Pin<&'static LazySplitLoader>) -> Loading {
    Loading { loader: loader.get_ref(), asked: false }
}

/// A part on its way.
pub struct Loading {
    loader: &'static LazySplitLoader,
    asked: bool,
}

impl Future for Loading {
    type Output = Result<(), SplitLoaderError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let loader = self.loader;
        let mut progress = loader.progress.borrow_mut();
        match &mut *progress {
            Progress::There => return Poll::Ready(Ok(())),
            Progress::Failed if self.asked => return Poll::Ready(Err(SplitLoaderError)),
            Progress::Coming(waiting) => {
                self.asked = true;
                waiting.push(context.waker().clone());
                return Poll::Pending;
            }
            Progress::Absent | Progress::Failed => {}
        }
        self.asked = true;
        *progress = Progress::Coming(vec![context.waker().clone()]);
        // It may call back at once.
        drop(progress);
        let data: *const LazySplitLoader = loader;
        // SAFETY: the loader is static, so the pointer is good whenever `load` calls back.
        #[expect(unsafe_code, reason = "calls the foreign function that `new` vouches for")]
        unsafe {
            (loader.load)(called_back, data.cast());
        }
        Poll::Pending
    }
}

#[expect(unsafe_code, reason = "the pointer is the one that `poll` gave away")]
unsafe extern "C" fn called_back(loader: *const c_void, there: bool) {
    // SAFETY: `poll` gave the pointer of a static `LazySplitLoader`.
    let loader = unsafe { &*loader.cast::<LazySplitLoader>() };
    loader.finish(there);
}
