//! Blocks in the memory of a module that has one thread.

use std::alloc::{GlobalAlloc, Layout};
use std::arch::wasm32::memory_grow;
use std::cell::Cell;
use std::ptr::null_mut;

use crate::size_class;

/// Bytes of a page of WebAssembly.
const PAGE: usize = 64 * 1024;
/// The largest power of two at whose multiples blocks stand.
const LARGEST_ALIGN: usize = 64;

/// A block that waits: it holds the link to the next one of its size.
struct Free {
    next: *mut Self,
}

/// All memory that the module's own data and stack do not take.
pub struct Heap {
    /// The first block that waits, by the number of its size.
    free: [Cell<*mut Free>; 64],
    /// Where memory begins that was never given out, and where it ends.
    next: Cell<usize>,
    end: Cell<usize>,
}

// SAFETY: WebAssembly without threads has one thread, so nothing is ever shared between two.
#[expect(unsafe_code, reason = "a static asks for Sync")]
unsafe impl Sync for Heap {}

impl Heap {
    /// A heap without memory yet.
    #[expect(clippy::new_without_default, reason = "a static needs a const function")]
    pub const fn new() -> Self {
        Self { free: [const { Cell::new(null_mut()) }; 64], next: Cell::new(0), end: Cell::new(0) }
    }

    /// Memory that was never given out; null when the browser has no more.
    fn fresh(&self, size: usize) -> *mut u8 {
        let align = (size & size.wrapping_neg()).min(LARGEST_ALIGN);
        let start = |at: usize| (at + align - 1) & !(align - 1);
        let mut at = start(self.next.get());
        if size > self.end.get() - at.min(self.end.get()) {
            let pages = size.div_ceil(PAGE);
            let before = memory_grow::<0>(pages);
            if before == usize::MAX {
                return null_mut();
            }
            let begin = before * PAGE;
            // What is left of the last piece is lost, unless the new one follows it.
            if begin != self.end.get() {
                self.next.set(begin);
            }
            self.end.set(begin + pages * PAGE);
            at = start(self.next.get());
        }
        self.next.set(at + size);
        at as *mut u8
    }
}

// SAFETY: A block is given out once until it is given back: it is either beyond `next`, or in exactly one list. It is
// as large and as aligned as its size class says, which is enough for the layout (see the tests of `size_class`).
#[expect(unsafe_code, reason = "the trait is unsafe")]
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let (size, number) = size_class(layout.size(), layout.align());
        let Some(free) = self.free.get(number).filter(|_| layout.align() <= LARGEST_ALIGN) else {
            return null_mut();
        };
        let block = free.get();
        if block.is_null() {
            return self.fresh(size);
        }
        // SAFETY: What is in a list is a block that was given back, and its link was written then.
        free.set(unsafe { (*block).next });
        block.cast()
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let (_, number) = size_class(layout.size(), layout.align());
        if let Some(free) = self.free.get(number) {
            let block: *mut Free = block.cast();
            // SAFETY: The caller gives back a block of this layout, so there is room for the link, and it is aligned.
            unsafe { block.write(Free { next: free.get() }) };
            free.set(block);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, wanted: usize) -> *mut u8 {
        let kept = layout.size().min(wanted);
        let (size, number) = size_class(wanted, layout.align());
        if (size, number) == size_class(layout.size(), layout.align()) {
            return block;
        }
        // SAFETY: The caller vouches for size and alignment, and for the old block and its layout.
        unsafe {
            let fresh = self.alloc(Layout::from_size_align_unchecked(wanted, layout.align()));
            if !fresh.is_null() {
                fresh.copy_from_nonoverlapping(block, kept);
                self.dealloc(block, layout);
            }
            fresh
        }
    }
}
