//! One way through the blocks of a scan, code by code.

use std::ops::Range;

use super::bits::Bits;
use super::frame::{Frame, Header};
use super::huffman::Huffman;

/// Returns the pieces of `data` that are a scan's, which restarts after so many units; where it breaks off or is damaged,
/// what can be read.
pub(super) fn pieces(
    data: &[u8],
    frame: &mut Frame,
    header: &Header,
    tables: &[[Huffman; 4]; 2],
    restart: usize,
) -> Vec<Range<usize>> {
    let mut walk = Walk { bits: Bits::new(data), skipped: 0, tables, header };
    let _ = walk.blocks(frame, restart);
    walk.bits.into_pieces()
}

/// Where the units of a scan are.
struct Place {
    /// Units of all colours, across.
    row: usize,
    /// Units of the scan, across.
    across: usize,
    /// Whether the scan has one colour only.
    is_lone: bool,
}

/// One way through the blocks of a scan.
struct Walk<'a> {
    bits: Bits<'a>,
    /// Blocks of which nothing more is said.
    skipped: u32,
    tables: &'a [[Huffman; 4]; 2],
    header: &'a Header,
}

impl Walk<'_> {
    fn blocks(&mut self, frame: &mut Frame, restart: usize) -> Option<()> {
        let (units_across, units_down) = frame.units();
        let (most_across, most_down) = frame.unit();
        let (width, height) = (frame.width, frame.height);
        // A colour by itself has no blocks outside the picture (A.2.2).
        let lone = (self.header.colours.len() == 1).then(|| self.header.colours[0].0);
        let (across, down) = match lone.map(|colour| &frame.components[colour]) {
            Some(one) => {
                ((width * one.across).div_ceil(8 * most_across), (height * one.down).div_ceil(8 * most_down))
            }
            None => (units_across, units_down),
        };
        let place = Place { row: units_across, across, is_lone: lone.is_some() };
        let mut is_damaged = false;
        for unit in 0..across * down {
            if restart > 0 && unit > 0 && unit % restart == 0 {
                self.bits.restart()?;
                (self.skipped, is_damaged) = (0, false);
            }
            if !is_damaged && self.unit(frame, unit, &place).is_none() {
                // What is damaged ends at the next restart.
                is_damaged = true;
                (restart > 0).then_some(())?;
            }
        }
        Some(())
    }

    /// The blocks of a unit; what is known of a block counts once all of it was read.
    fn unit(&mut self, frame: &mut Frame, unit: usize, place: &Place) -> Option<()> {
        for &(colour, first, others) in &self.header.colours {
            let is_progressive = frame.is_progressive;
            let component = &mut frame.components[colour];
            let tables = (self.tables[0].get(first)?, self.tables[1].get(others)?);
            let row = place.row * component.across;
            let inside = if place.is_lone { (1, 1) } else { (component.across, component.down) };
            for block in 0..inside.0 * inside.1 {
                let x = unit % place.across * inside.0 + block % inside.0;
                let y = unit / place.across * inside.1 + block / inside.0;
                if is_progressive {
                    let known = component.known.get_mut(y * row + x)?;
                    let mut fresh = *known;
                    self.progressive(tables, &mut fresh)?;
                    *known = fresh;
                } else {
                    self.sequential(tables)?;
                }
            }
        }
        Some(())
    }

    /// A number of so many bits follows.
    fn number(&mut self, bits: u8) -> Option<()> {
        self.bits.skip(u32::from(bits))
    }

    fn sequential(&mut self, (first, others): (&Huffman, &Huffman)) -> Option<()> {
        let bits = first.value(&mut self.bits)?;
        self.number(bits)?;
        let mut at = 1;
        while at < 64 {
            let value = others.value(&mut self.bits)?;
            match (value >> 4, value & 15) {
                (15, 0) => at += 16,
                (_, 0) => break,
                (run, bits) => {
                    at += u32::from(run) + 1;
                    self.number(bits)?;
                }
            }
        }
        Some(())
    }

    fn progressive(&mut self, (first, others): (&Huffman, &Huffman), known: &mut u64) -> Option<()> {
        match (self.header.band.0, self.header.is_refining) {
            (0, true) => self.number(1),
            (0, false) => {
                let bits = first.value(&mut self.bits)?;
                self.number(bits)
            }
            (_, false) => self.band(others, known),
            (_, true) => self.refined_band(others, known),
        }
    }

    /// The coefficients of a band for the first time (G.1.2.2).
    fn band(&mut self, table: &Huffman, known: &mut u64) -> Option<()> {
        if self.skipped > 0 {
            self.skipped -= 1;
            return Some(());
        }
        let (mut at, last) = self.header.band;
        while at <= last {
            let value = table.value(&mut self.bits)?;
            match (value >> 4, value & 15) {
                (15, 0) => at += 16,
                (run, 0) => {
                    self.skipped = (1 << run) - 1 + self.bits.read(u32::from(run))?;
                    break;
                }
                (run, bits) => {
                    at += u32::from(run);
                    self.number(bits)?;
                    *known |= 1_u64.checked_shl(at)?;
                    at += 1;
                }
            }
        }
        Some(())
    }

    /// One more bit of the coefficients of a band, and those that are not zero from now on (G.1.2.3).
    fn refined_band(&mut self, table: &Huffman, known: &mut u64) -> Option<()> {
        let (mut at, last) = self.header.band;
        let mut is_over = self.skipped > 0;
        while at <= last && !is_over {
            let value = table.value(&mut self.bits)?;
            let (mut run, is_new) = (value >> 4, value & 15 != 0);
            if is_new {
                self.number(1)?;
            } else if run < 15 {
                self.skipped = (1 << run) + self.bits.read(u32::from(run))?;
                is_over = true;
                break;
            }
            while at <= last {
                if *known >> at & 1 == 1 {
                    self.number(1)?;
                } else if run == 0 {
                    break;
                } else {
                    run -= 1;
                }
                at += 1;
            }
            if is_new && at <= last {
                *known |= 1 << at;
            }
            at += 1;
        }
        if is_over {
            for at in at..=last {
                self.number(u8::from(*known >> at & 1 == 1))?;
            }
            self.skipped -= 1;
        }
        Some(())
    }
}
