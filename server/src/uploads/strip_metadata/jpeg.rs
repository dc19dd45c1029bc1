//! JPEG (ITU-T T.81, annex B), as cameras, phones and old tools write it: bytes may stand between segments, the end
//! mark may be missing, and the maker may have put something behind the picture, with the place in it.

mod bits;
mod huffman;
mod scan;

use exif::{In, Reader, Tag, Value};

use scan::Scans;

/// Returns the picture without metadata; none when there is no picture before the content ends.
///
/// Of the application segments those stay that say how colours are meant: JFIF, Adobe and ICC profiles. How long the
/// data of a scan is only its codes say, so they are read: what stands behind the last of them is no picture.
pub(super) fn jpeg(content: &[u8]) -> Option<Vec<u8>> {
    let mut rest = content.strip_prefix(&[0xff, 0xd8])?;
    let mut kept = vec![0xff, 0xd8];
    let mut upright = None;
    let mut is_written = false;
    let mut scans = Scans::default();
    while let Some((marker, segment, after)) = next_segment(rest, scans.is_any()) {
        let said = segment.get(2..)?;
        if marker == 0xe1
            && let Some(exif) = said.strip_prefix(b"Exif\0\0")
        {
            upright = upright.or_else(|| orientation(exif));
        }
        // Written where EXIF segments stand, after JFIF's.
        if !is_written && marker != 0xe0 && marker != 0xe1 {
            is_written = true;
            kept.extend(upright.map(only_orientation).unwrap_or_default());
        }
        let data = match marker {
            0xda => scans.length(said, after)?,
            0xc4 => scans.tables(said).map(|()| 0)?,
            0xdd => scans.restart(said).map(|()| 0)?,
            0xc0..=0xc2 => scans.frame(marker, said).map(|()| 0)?,
            _ => 0,
        };
        if stays(marker, said) {
            kept.extend([0xff, marker]);
            kept.extend(segment);
        }
        let (data, after) = after.split_at_checked(data)?;
        kept.extend(data);
        rest = after;
    }
    kept.extend([0xff, 0xd9]);
    scans.is_any().then_some(kept)
}

fn stays(marker: u8, said: &[u8]) -> bool {
    match marker {
        0xe0 => said.starts_with(b"JFIF\0"),
        0xe2 => said.starts_with(b"ICC_PROFILE\0"),
        0xee => said.starts_with(b"Adobe"),
        // Frame, tables, scans and the interval between restarts.
        0xc0..=0xc2 | 0xc4 | 0xda | 0xdb | 0xdd => true,
        _ => false,
    }
}

/// Returns the next segment, from its length on, with its marker and what follows it; none at the end of the picture.
/// Before the first scan stray bytes are passed over; a scan is followed by a marker at once, or by no picture.
fn next_segment(rest: &[u8], is_strict: bool) -> Option<(u8, &[u8], &[u8])> {
    let mut at = 0;
    loop {
        let found = memchr::memchr(0xff, rest.get(at..)?)?;
        if is_strict && found > 0 {
            return None;
        }
        at += found + 1;
        match *rest.get(at)? {
            0xff => {}
            // A stuffed byte, a restart or a mark without a segment: none of them begins one.
            0x00 | 0x01 | 0xd0..=0xd8 if !is_strict => {}
            0x00..=0xbf | 0xd0..=0xd9 => return None,
            marker => {
                let after = &rest[at + 1..];
                let length = usize::from(u16::from_be_bytes(*after.first_chunk()?));
                let (segment, after) = after.split_at_checked(length)?;
                return Some((marker, segment, after));
            }
        }
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
