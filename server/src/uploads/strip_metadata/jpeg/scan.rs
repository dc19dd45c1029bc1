//! How long the data of a scan is: its codes are read and their values forgotten, so that memory and time follow the
//! bytes that came and not the pixels that they claim (T.81, annex F for sequential scans, G for progressive ones).

use super::bits::Bits;
use super::huffman::Huffman;
use crate::uploads::strip_metadata::is_drawable;

/// Blocks that are read of one picture, over all its scans: a scan of few bytes may be a walk through all of them. A
/// progressive picture of the most pixels has less than half as many.
const MAX_BLOCKS: usize = 50_000_000;

/// One colour of the picture.
#[derive(Clone, Default)]
struct Component {
    id: u8,
    /// Blocks in a unit of all colours, across and down.
    across: usize,
    down: usize,
    /// Of a progressive picture: the coefficients of each block that are known not to be zero.
    known: Vec<u64>,
}

#[derive(Default)]
struct Frame {
    is_progressive: bool,
    width: usize,
    height: usize,
    components: Vec<Component>,
}

impl Frame {
    /// The most blocks that a colour has in a unit, across and down.
    fn unit(&self) -> (usize, usize) {
        let most = |of: fn(&Component) -> usize| self.components.iter().map(of).max().unwrap_or(1);
        (most(|one| one.across), most(|one| one.down))
    }

    /// Units of all colours, across and down.
    fn units(&self) -> (usize, usize) {
        let (across, down) = self.unit();
        (self.width.div_ceil(8 * across), self.height.div_ceil(8 * down))
    }
}

/// What the scans of a picture are read by.
#[derive(Default)]
pub(super) struct Scans {
    frame: Option<Frame>,
    /// Tables for the first coefficient and for the others.
    tables: [[Huffman; 4]; 2],
    restart: usize,
    count: usize,
    /// Blocks of the scans so far.
    blocks: usize,
}

/// What a scan says of itself.
struct Header {
    /// Which colours, each with its two tables.
    colours: Vec<(usize, usize, usize)>,
    /// The first coefficient, and the last.
    band: (u32, u32),
    is_refining: bool,
}

impl Scans {
    pub(super) fn is_any(&self) -> bool {
        self.count > 0
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

    /// Returns how many bytes of `data` the scan has; where it breaks off or is damaged, how many can be read.
    pub(super) fn length(&mut self, said: &[u8], data: &[u8]) -> Option<usize> {
        self.count += 1;
        let frame = self.frame.as_mut()?;
        let header = Header::parse(frame, said)?;
        self.blocks += frame.width * frame.height / 64 * header.colours.len();
        if self.blocks > MAX_BLOCKS {
            return None;
        }
        let mut walk = Walk { bits: Bits::new(data), skipped: 0, tables: &self.tables, header: &header };
        let _ = walk.blocks(frame, self.restart);
        Some(walk.bits.length())
    }
}

impl Header {
    fn parse(frame: &Frame, said: &[u8]) -> Option<Self> {
        let (&n, rest) = said.split_first()?;
        let (colours, rest) = rest.split_at_checked(2 * usize::from(n))?;
        let &[first, last, precision, ..] = rest else { return None };
        let colours: Option<Vec<_>> = colours
            .chunks_exact(2)
            .map(|one| {
                let colour = frame.components.iter().position(|component| component.id == one[0])?;
                Some((colour, usize::from(one[1] >> 4), usize::from(one[1] & 15)))
            })
            .collect();
        let colours = colours.filter(|colours| (1..=4).contains(&colours.len()))?;
        let band = if frame.is_progressive { (u32::from(first), u32::from(last)) } else { (0, 63) };
        let is_refining = frame.is_progressive && precision >> 4 != 0;
        // Only the first coefficients of several colours stand together (G.1.1.1.1).
        let is_band = band.0 <= band.1 && band.1 <= 63;
        let is_lone = colours.len() == 1 && band.0 > 0 || !frame.is_progressive || band == (0, 0);
        (is_band && is_lone).then_some(Self { colours, band, is_refining })
    }
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
        let (width, height, is_progressive) = (frame.width, frame.height, frame.is_progressive);
        // A colour by itself has no blocks outside the picture (A.2.2).
        let lone = (self.header.colours.len() == 1).then(|| self.header.colours[0].0);
        let (across, down) = match lone.map(|colour| &frame.components[colour]) {
            Some(one) => {
                ((width * one.across).div_ceil(8 * most_across), (height * one.down).div_ceil(8 * most_down))
            }
            None => (units_across, units_down),
        };
        for unit in 0..across * down {
            if restart > 0 && unit > 0 && unit % restart == 0 {
                self.bits.restart()?;
                self.skipped = 0;
            }
            for &(colour, first, others) in &self.header.colours {
                let component = &mut frame.components[colour];
                let tables = (self.tables[0].get(first)?, self.tables[1].get(others)?);
                let row = units_across * component.across;
                let inside = if lone.is_some() { (1, 1) } else { (component.across, component.down) };
                for block in 0..inside.0 * inside.1 {
                    let x = unit % across * inside.0 + block % inside.0;
                    let y = unit / across * inside.1 + block / inside.0;
                    if is_progressive {
                        self.progressive(tables, component.known.get_mut(y * row + x)?)?;
                    } else {
                        self.sequential(tables)?;
                    }
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
