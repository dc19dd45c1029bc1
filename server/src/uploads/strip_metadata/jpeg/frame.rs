//! What a picture and its scans say of themselves (T.81, B.2).

/// One colour of the picture.
#[derive(Clone, Default)]
pub(super) struct Component {
    pub(super) id: u8,
    /// Blocks in a unit of all colours, across and down.
    pub(super) across: usize,
    pub(super) down: usize,
    /// Of a progressive picture: the coefficients of each block that are known not to be zero.
    pub(super) known: Vec<u64>,
    /// The coefficients of which the last bit was said, as bits.
    pub(super) said: u64,
}

#[derive(Default)]
pub(super) struct Frame {
    pub(super) is_progressive: bool,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) components: Vec<Component>,
}

impl Frame {
    /// The most blocks that a colour has in a unit, across and down.
    pub(super) fn unit(&self) -> (usize, usize) {
        let most = |of: fn(&Component) -> usize| self.components.iter().map(of).max().unwrap_or(1);
        (most(|one| one.across), most(|one| one.down))
    }

    /// Units of all colours, across and down.
    pub(super) fn units(&self) -> (usize, usize) {
        let (across, down) = self.unit();
        (self.width.div_ceil(8 * across), self.height.div_ceil(8 * down))
    }
}

/// What a scan says of itself.
pub(super) struct Header {
    /// Which colours, each with its two tables.
    pub(super) colours: Vec<(usize, usize, usize)>,
    /// The first coefficient, and the last.
    pub(super) band: (u32, u32),
    pub(super) is_refining: bool,
    /// Whether it says the last bit of its coefficients.
    pub(super) is_last: bool,
}

impl Header {
    pub(super) fn parse(frame: &Frame, said: &[u8]) -> Option<Self> {
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
        let is_last = !frame.is_progressive || precision & 15 == 0;
        // Only the first coefficients of several colours stand together (G.1.1.1.1).
        let is_band = band.0 <= band.1 && band.1 <= 63;
        let is_lone = colours.len() == 1 && band.0 > 0 || !frame.is_progressive || band == (0, 0);
        (is_band && is_lone).then_some(Self { colours, band, is_refining, is_last })
    }
}
