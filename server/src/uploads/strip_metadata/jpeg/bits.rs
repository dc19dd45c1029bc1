//! The bits of a scan (T.81, F.2.2.5), and which bytes of it were read.

use std::ops::Range;

/// Reads bits up to a marker or the end.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    /// What was read and is followed by bytes that belong to nothing.
    pieces: Vec<Range<usize>>,
    /// Where the piece begins that is read now.
    start: usize,
    /// The next byte to be taken up.
    next: usize,
    /// What was taken up and not read, in the lowest bits.
    held: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, pieces: Vec::new(), start: 0, next: 0, held: 0, count: 0 }
    }

    /// Takes bytes up. A 0xFF is data with a zero behind it, and else begins a marker.
    fn fill(&mut self) {
        while self.count <= 48 {
            let Some(&byte) = self.bytes.get(self.next) else { return };
            if byte == 0xff && self.bytes.get(self.next + 1) != Some(&0) {
                return;
            }
            self.next += if byte == 0xff { 2 } else { 1 };
            self.held = self.held << 8 | u64::from(byte);
            self.count += 8;
        }
    }

    /// The next sixteen bits, with zeros behind the last one.
    pub(super) fn peek(&mut self) -> u32 {
        self.fill();
        let seen =
            if self.count >= 16 { self.held >> (self.count - 16) } else { self.held << (16 - self.count) };
        u32::from(seen as u16)
    }

    /// Reads at most sixteen bits; none when there are fewer.
    pub(super) fn read(&mut self, bits: u32) -> Option<u32> {
        let seen = self.peek();
        self.count = self.count.checked_sub(bits)?;
        Some(seen >> (16 - bits.min(16)))
    }

    /// Reads bits whose value says nothing here.
    pub(super) fn skip(&mut self, mut bits: u32) -> Option<()> {
        while bits > 0 {
            let some = bits.min(16);
            self.read(some)?;
            bits -= some;
        }
        Some(())
    }

    /// How many bytes were read; one of which some bits were read is among them.
    fn length(&self) -> usize {
        let mut end = self.next;
        for _ in 0..self.count / 8 {
            let is_stuffed = end >= 2 && self.bytes.get(end - 2..end) == Some(&[0xff, 0]);
            end -= if is_stuffed { 2 } else { 1 };
        }
        end
    }

    /// Passes over a restart marker and over what stands before it; none when there is none.
    pub(super) fn restart(&mut self) -> Option<()> {
        let end = self.length();
        let mut at = end;
        loop {
            at += memchr::memchr(0xff, self.bytes.get(at..)?)?;
            match *self.bytes.get(at + 1)? {
                0xff => at += 1,
                0x00 => at += 2,
                0xd0..=0xd7 => break,
                _ => return None,
            }
        }
        if at > end {
            self.pieces.push(self.start..end);
            self.start = at;
        }
        (self.next, self.held, self.count) = (at + 2, 0, 0);
        Some(())
    }

    /// Returns the pieces that were read. What follows the last one was not.
    pub(super) fn into_pieces(mut self) -> Vec<Range<usize>> {
        let end = self.length();
        self.pieces.push(self.start..end);
        self.pieces
    }
}
