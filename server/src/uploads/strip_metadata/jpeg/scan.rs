//! How long the data of a scan is: its codes are read and their values forgotten, so that memory and time follow the
//! bytes that came and not the pixels that they claim (T.81, annex F for sequential scans, G for progressive ones).

use std::ops::Range;

use super::frame::{Component, Frame, Header};
use super::huffman::Huffman;
use super::walk::pieces;
use crate::uploads::strip_metadata::is_drawable;

/// Blocks that are read of one picture, over all its scans: a scan of few bytes may be a walk through all of them. A
/// progressive picture of the most pixels has less than half as many.
const MAX_BLOCKS: usize = 50_000_000;

/// What the scans of a picture are read by.
#[derive(Default)]
pub(super) struct Scans {
    frame: Option<Frame>,
    /// Tables for the first coefficient and for the others.
    tables: [[Huffman; 4]; 2],
    restart: usize,
    is_any: bool,
    /// Blocks of the scans so far.
    blocks: usize,
}

impl Scans {
    /// Whether there was a scan.
    pub(super) fn is_any(&self) -> bool {
        self.is_any
    }

    /// Whether nothing of the picture is left to be said.
    pub(super) fn is_complete(&self) -> bool {
        self.frame.as_ref().is_some_and(|frame| frame.components.iter().all(|one| one.said == u64::MAX))
    }

    /// Whether the scans are a walk that is too long.
    pub(super) fn is_endless(&self) -> bool {
        self.blocks > MAX_BLOCKS
    }

    /// Takes a frame; none for one that is no picture, or a second one.
    pub(super) fn frame(&mut self, marker: u8, said: &[u8]) -> Option<()> {
        let &[_, h1, h0, w1, w0, n, ref rest @ ..] = said else { return None };
        let side = |high, low| usize::from(u16::from_be_bytes([high, low]));
        let (width, height) = (side(w1, w0), side(h1, h0));
        let components: Vec<_> = rest
            .chunks_exact(3)
            .map(|one| Component {
                id: one[0],
                across: usize::from(one[1] >> 4),
                down: usize::from(one[1] & 15),
                known: Vec::new(),
                said: 0,
            })
            .collect();
        let is_known = |one: &Component| (1..=4).contains(&one.across) && (1..=4).contains(&one.down);
        let is_read =
            (1..=4).contains(&n) && usize::from(n) == components.len() && components.iter().all(is_known);
        if self.frame.is_some() || !is_read || !is_drawable(width, height) {
            return None;
        }
        let mut frame = Frame { is_progressive: marker == 0xc2, width, height, components };
        let (across, down) = frame.units();
        if frame.is_progressive {
            for one in &mut frame.components {
                one.known = vec![0; across * one.across * down * one.down];
            }
        }
        self.frame = Some(frame);
        Some(())
    }

    /// Takes the tables of a segment.
    pub(super) fn tables(&mut self, mut said: &[u8]) -> Option<()> {
        while let Some((&which, rest)) = said.split_first() {
            let (table, rest) = Huffman::parse(rest)?;
            *self.tables.get_mut(usize::from(which >> 4))?.get_mut(usize::from(which & 15))? = table;
            said = rest;
        }
        Some(())
    }

    /// Takes the interval between restarts.
    pub(super) fn restart(&mut self, said: &[u8]) -> Option<()> {
        self.restart = usize::from(u16::from_be_bytes(*said.first_chunk()?));
        Some(())
    }

    /// Returns the pieces of `data` that are the scan's; where it breaks off or is damaged, what can be read. None for what
    /// is no scan, and when the scans are a walk that is too long.
    pub(super) fn pieces(&mut self, said: &[u8], data: &[u8]) -> Option<Vec<Range<usize>>> {
        let frame = self.frame.as_mut()?;
        let header = Header::parse(frame, said)?;
        self.blocks += frame.width * frame.height / 64 * header.colours.len();
        if self.blocks > MAX_BLOCKS {
            return None;
        }
        self.is_any = true;
        if header.is_last {
            let band = u64::MAX >> (63 - header.band.1) & u64::MAX << header.band.0;
            header.colours.iter().for_each(|(colour, ..)| frame.components[*colour].said |= band);
        }
        Some(pieces(data, frame, &header, &self.tables, self.restart))
    }
}
