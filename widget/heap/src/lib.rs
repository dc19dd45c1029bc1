//! The memory of the widget's module.
//!
//! The standard library's allocator is eight kilobytes of code, three of the first screen. Here a block has one of few
//! sizes, powers of two and one and a half times those; what is given back waits in a list of its size for the next
//! who wants that size. Nothing is joined or split, so a block is half as large again as what was asked for at most, and
//! memory that once was small blocks stays so.

#[cfg(target_arch = "wasm32")]
mod blocks;

#[cfg(target_arch = "wasm32")]
pub use blocks::Heap;

/// The size of a block for so many bytes, and its number among the sizes; `align` is a power of two.
#[cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "tests run on the host"))]
fn size_class(bytes: usize, align: usize) -> (usize, usize) {
    // No block is too small for the link to the next one.
    let bits = usize::BITS - (bytes.max(9).max(align) - 1).leading_zeros();
    let (whole, part) = (1 << bits, 3 << (bits - 2));
    // A block stands at a multiple of the largest power of two in its size.
    if bytes <= part && align <= part & part.wrapping_neg() {
        (part, 2 * bits as usize)
    } else {
        (whole, 2 * bits as usize + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::size_class;

    #[test]
    fn a_block_is_large_enough_and_not_much_larger() {
        for bytes in 0..5_000 {
            for align in [1, 2, 4, 8, 16, 64] {
                let (size, _) = size_class(bytes, align);
                assert!(size >= bytes && size >= 12, "{bytes} bytes in {size}");
                assert!(size <= (bytes * 3 / 2 + 1).max(12).max(align * 2), "{bytes} bytes take {size}");
                assert_eq!(size % align, 0, "{size} is no multiple of {align}");
            }
        }
    }

    #[test]
    fn sizes_and_their_numbers_belong_together() {
        let mut all: Vec<_> = (1..100_000).map(|bytes| size_class(bytes, 1)).collect();
        all.dedup();
        assert!(all.is_sorted());
        let mut numbers: Vec<_> = all.iter().map(|(_, number)| number).collect();
        numbers.dedup();
        assert_eq!(numbers.len(), all.len());
        assert_eq!(size_class(1 << 31, 1).1, 63);
    }
}
