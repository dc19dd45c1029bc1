//! Pictures without metadata about place, device and people. The parts that make the picture are copied byte by byte
//! and everything else is left out: an allow-list, so that unknown parts go.

use exif::{In, Reader, Tag, Value};

/// What a PNG needs to be drawn (PNG specification, third edition, with animation).
const PNG: [[u8; 4]; 16] = [
    *b"IHDR", *b"PLTE", *b"IDAT", *b"IEND", *b"tRNS", *b"gAMA", *b"cHRM", *b"sRGB", *b"iCCP", *b"sBIT",
    *b"bKGD", *b"hIST", *b"pHYs", *b"acTL", *b"fcTL", *b"fdAT",
];
/// What a WebP needs (RFC 9649).
const WEBP: [[u8; 4]; 7] = [*b"VP8 ", *b"VP8L", *b"VP8X", *b"ALPH", *b"ANIM", *b"ANMF", *b"ICCP"];

/// Returns a picture without metadata; a JPEG keeps its orientation. None when the content is cut off or is no
/// picture of this media type.
pub fn strip_metadata(kind: &str, content: &[u8]) -> Option<Vec<u8>> {
    match kind {
        "image/jpeg" => jpeg(content),
        "image/png" => png(content),
        "image/webp" => webp(content),
        "image/gif" => gif(content),
        _ => None,
    }
}

/// A part of so many bytes, and what follows it.
fn split(bytes: &[u8], at: usize) -> Option<(&[u8], &[u8])> {
    bytes.split_at_checked(at)
}

/// ITU-T T.81, annex B. Of the application segments those stay that say how colours are meant: JFIF, Adobe and
/// ICC profiles. What comes after the picture's end (another picture, a video) is removed.
fn jpeg(content: &[u8]) -> Option<Vec<u8>> {
    let mut rest = content.strip_prefix(&[0xff, 0xd8])?;
    let mut kept = vec![0xff, 0xd8];
    let mut upright = None;
    let mut is_written = false;
    loop {
        // Fill bytes may stand before a marker.
        rest = rest.strip_prefix(&[0xff])?;
        let (&marker, after) = rest.split_first()?;
        if marker == 0xff {
            continue;
        }
        if marker == 0xd9 {
            kept.extend([0xff, 0xd9]);
            return Some(kept);
        }
        let length = usize::from(u16::from_be_bytes(*after.first_chunk()?));
        let (segment, after) = split(after, length)?;
        let said = segment.get(2..)?;
        if marker == 0xe1
            && let Some(exif) = said.strip_prefix(b"Exif\0\0")
        {
            upright = upright.or_else(|| orientation(exif));
        }
        // Written where EXIF segments stand, after JFIF's.
        if !is_written && marker != 0xe0 && marker != 0xe1 {
            is_written = true;
            if let Some(turn) = upright {
                kept.extend(only_orientation(turn));
            }
        }
        let stays = match marker {
            0xe0 | 0xee => true,
            0xe2 => said.starts_with(b"ICC_PROFILE\0"),
            0xe1..=0xef | 0xfe => false,
            _ => true,
        };
        if stays {
            kept.extend([0xff, marker]);
            kept.extend(segment);
        }
        rest = after;
        if marker == 0xda {
            // The scan goes on until a marker that is neither a stuffed byte nor a restart.
            let mut end = 0;
            loop {
                end += memchr::memchr(0xff, rest.get(end..)?)?;
                match rest.get(end + 1)? {
                    0x00 | 0xd0..=0xd7 => end += 2,
                    _ => break,
                }
            }
            let (scan, after) = split(rest, end)?;
            kept.extend(scan);
            rest = after;
        }
    }
}

fn png(content: &[u8]) -> Option<Vec<u8>> {
    const START: &[u8] = b"\x89PNG\r\n\x1a\n";
    let mut rest = content.strip_prefix(START)?;
    let mut kept = START.to_vec();
    loop {
        let length = usize::try_from(u32::from_be_bytes(*rest.first_chunk()?)).ok()?;
        // Length, type, data, checksum.
        let (chunk, after) = split(rest, length.checked_add(12)?)?;
        let kind: [u8; 4] = *chunk[4..].first_chunk()?;
        if PNG.contains(&kind) {
            kept.extend(chunk);
        }
        if kind == *b"IEND" {
            return Some(kept);
        }
        rest = after;
    }
}

fn webp(content: &[u8]) -> Option<Vec<u8>> {
    let (head, _) = split(content, 12)?;
    if !head.starts_with(b"RIFF") || !head.ends_with(b"WEBP") {
        return None;
    }
    let size = usize::try_from(u32::from_le_bytes(*head[4..].first_chunk()?)).ok()?;
    let mut rest = content.get(12..size.checked_add(8)?)?;
    let mut kept = head.to_vec();
    while !rest.is_empty() {
        let length = usize::try_from(u32::from_le_bytes(*rest.get(4..)?.first_chunk()?)).ok()?;
        // Type, length, data, and a byte to make it even.
        let (chunk, after) = split(rest, length.checked_add(8 + length % 2)?)?;
        let kind: [u8; 4] = *chunk.first_chunk()?;
        if WEBP.contains(&kind) {
            let at = kept.len();
            kept.extend(chunk);
            if kind == *b"VP8X" {
                // Clear the VP8X flags for the EXIF (8) and XMP (4) chunks that are removed.
                *kept.get_mut(at + 8)? &= !0x0c;
            }
        }
        rest = after;
    }
    let size = u32::try_from(kept.len() - 8).ok()?;
    kept[4..8].copy_from_slice(&size.to_le_bytes());
    Some(kept)
}

/// GIF89a. Of the extensions those stay that say how frames follow each other.
fn gif(content: &[u8]) -> Option<Vec<u8>> {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let (head, _) = split(content, 13)?;
    if !head.starts_with(b"GIF8") {
        return None;
    }
    let (head, mut rest) = split(content, 13 + table(head[10]))?;
    let mut kept = head.to_vec();
    loop {
        let (start, stays) = match *rest.first()? {
            0x3b => {
                kept.push(0x3b);
                return Some(kept);
            }
            0x2c => (10 + table(*rest.get(9)?) + 1, true),
            0x21 => match (*rest.get(1)?, rest.get(3..14)) {
                (0xf9, _) => (2, true),
                (0xff, Some(b"NETSCAPE2.0" | b"ANIMEXTS1.0")) => (2, true),
                _ => (2, false),
            },
            _ => return None,
        };
        let mut end = start;
        // Blocks, each with its length before it, up to an empty one.
        loop {
            let length = usize::from(*rest.get(end)?);
            end += 1 + length;
            if length == 0 {
                break;
            }
        }
        let (block, after) = split(rest, end)?;
        if stays {
            kept.extend(block);
        }
        rest = after;
    }
}

/// How a picture is to be turned, when it is to be: 2 to 8 (EXIF 2.32, tag 274).
fn orientation(exif: &[u8]) -> Option<u8> {
    let read = Reader::new().read_raw(exif.to_vec()).ok()?;
    match &read.get_field(Tag::Orientation, In::PRIMARY)?.value {
        Value::Short(values) => values.first().and_then(|value| u8::try_from(*value).ok()),
        _ => None,
    }
    .filter(|turn| (2..=8).contains(turn))
}

/// The smallest EXIF segment there is: one TIFF directory with one entry, in big-endian order.
fn only_orientation(turn: u8) -> Vec<u8> {
    let mut segment = Vec::from(*b"\xff\xe1\0\x22Exif\0\0");
    segment.extend(*b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    segment.extend([turn, 0, 0, 0, 0, 0, 0]);
    segment
}

#[cfg(test)]
mod tests;
