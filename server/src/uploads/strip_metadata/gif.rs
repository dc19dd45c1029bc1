//! GIF89a: blocks, each of which ends with an empty one. Of the extensions those stay that say how frames follow each other.

use super::Canvas;

/// Marks between blocks.
const IMAGE: u8 = 0x2c;
const EXTENSION: u8 = 0x21;
const END: u8 = 0x3b;

/// Returns the picture without metadata. Behind its first image, what cannot be read is its end, as it is for browsers.
pub(super) fn gif(content: &[u8]) -> Option<Vec<u8>> {
    let (head, _) = content.split_at_checked(13)?;
    if !head.starts_with(b"GIF8") {
        return None;
    }
    let (head, mut rest) = content.split_at_checked(13 + table(head[10]))?;
    let mut canvas = Canvas::default();
    canvas.reach(side(head, 6)?, side(head, 8)?)?;
    let mut kept = head.to_vec();
    let mut is_any = false;
    while let Some((start, stays)) = part(rest) {
        let Some((data, after)) = rest.get(start..).map(blocks) else { break };
        let data = match stays {
            Stays::Whole => data,
            Stays::FirstBlock => {
                &data[..data.len().min(1 + usize::from(data.first().copied().unwrap_or_default()))]
            }
            Stays::Nothing => {
                rest = after;
                continue;
            }
        };
        if rest[0] == IMAGE {
            let [left, top, width, height] = [side(rest, 1)?, side(rest, 3)?, side(rest, 5)?, side(rest, 7)?];
            canvas.reach(left + width, top + height)?;
            if data.is_empty() {
                break;
            }
            is_any = true;
        }
        kept.extend(&rest[..start]);
        kept.extend(data);
        kept.push(0);
        rest = after;
    }
    kept.push(END);
    is_any.then_some(kept)
}

/// What of a part stays.
enum Stays {
    Whole,
    /// The first of its blocks, which says all that counts.
    FirstBlock,
    Nothing,
}

/// Where the blocks of a part begin, and what of it stays; none where no part begins.
fn part(rest: &[u8]) -> Option<(usize, Stays)> {
    match *rest.first()? {
        IMAGE => Some((10 + table(*rest.get(9)?) + 1, Stays::Whole)),
        EXTENSION => match (*rest.get(1)?, rest.get(3..14)) {
            (0xf9, _) => Some((2, Stays::FirstBlock)),
            (0xff, Some(b"NETSCAPE2.0" | b"ANIMEXTS1.0")) => Some((14, Stays::FirstBlock)),
            _ => Some((2, Stays::Nothing)),
        },
        _ => None,
    }
}

/// The blocks up to an empty one, each with its length before it, and what follows that; where they break off, those that
/// are whole.
fn blocks(rest: &[u8]) -> (&[u8], &[u8]) {
    let mut end = 0;
    loop {
        match rest.get(end) {
            Some(0) => return (&rest[..end], &rest[end + 1..]),
            Some(length) if end + usize::from(*length) < rest.len() => end += 1 + usize::from(*length),
            _ => return (&rest[..end], &[]),
        }
    }
}

/// The bytes of a colour table, as flags say.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

fn side(part: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(*part.get(at..)?.first_chunk()?)))
}
