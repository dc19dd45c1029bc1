//! Huffman tables (T.81, annex C and F.2.2.3).

use super::bits::Bits;

/// A table: the codes of each length are numbers without a gap.
#[derive(Clone, Default)]
pub(super) struct Huffman {
    /// For each length: one more than the last code, moved to sixteen bits, and the place of its value less the code.
    lengths: [(u32, i32); 16],
    values: Vec<u8>,
}

impl Huffman {
    /// Reads one table of a segment; returns it with what follows.
    pub(super) fn parse(said: &[u8]) -> Option<(Self, &[u8])> {
        let (counts, rest) = said.split_at_checked(16)?;
        let total = counts.iter().map(|count| usize::from(*count)).sum();
        let (values, rest) = rest.split_at_checked(total)?;
        let mut table = Self { values: values.to_vec(), ..Self::default() };
        let (mut code, mut place) = (0_u32, 0_i32);
        for (bits, (length, count)) in (1..).zip(table.lengths.iter_mut().zip(counts)) {
            let offset = place - i32::try_from(code).ok()?;
            code += u32::from(*count);
            place += i32::from(*count);
            *length = (code << (16 - bits), offset);
            code <<= 1;
        }
        Some((table, rest))
    }

    /// Reads a value; none for a code that the table has not.
    pub(super) fn value(&self, bits: &mut Bits<'_>) -> Option<u8> {
        let seen = bits.peek();
        let (length, (_, offset)) = (1..).zip(&self.lengths).find(|(_, (end, _))| seen < *end)?;
        let code = i32::try_from(bits.read(length)?).ok()?;
        self.values.get(usize::try_from(code + offset).ok()?).copied()
    }
}
