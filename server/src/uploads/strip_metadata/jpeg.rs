//! JPEG (ITU-T T.81, annex B), as cameras, phones and old tools write it: bytes may stand between segments, the end
//! mark may be missing, and the maker may have put something behind the picture, with the place in it.

mod bits;
mod frame;
mod huffman;
mod scan;
mod walk;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use exif::{In, Reader, Tag, Value};

use scan::Scans;

use super::icc;

/// Returns the picture without metadata; none when there is no picture before the content ends.
///
/// Of the application segments those stay that say how colours are meant: JFIF, Adobe and ICC profiles. Which data is a
/// scan's only its codes say, so they are read: what stands between two scans, before a restart, or behind the last scan is
/// no picture.
pub(super) fn jpeg(content: &[u8]) -> Option<Vec<u8>> {
    let mut rest = content.strip_prefix(&[0xff, 0xd8])?;
    let mut kept = vec![0xff, 0xd8];
    let mut upright = None;
    let mut is_written = false;
    let mut scans = Scans::default();
    while let Some((marker, found, after)) = next_segment(rest, scans.is_any()) {
        let said = found.get(2..)?;
        if marker == 0xe1
            && let Some(exif) = said.strip_prefix(b"Exif\0\0")
        {
            upright = upright.or_else(|| orientation(exif));
        }
        // Written where EXIF segments stand, after JFIF's.
        if !is_written && marker != 0xe0 && marker != 0xe1 {
            is_written = true;
            kept.extend(upright.map(only_orientation).unwrap_or_default());
            kept.extend(profile(content).unwrap_or_default());
        }
        let Some(data) = take(&mut scans, marker, said, after) else {
            // Behind a scan it is no part of the picture.
            if scans.is_any() && !scans.is_endless() {
                break;
            }
            return None;
        };
        kept.extend(staying(marker, said).map(|said| segment(marker, &said)).unwrap_or_default());
        rest = data.last().map_or(Some(after), |last| after.get(last.end..))?;
        for piece in data {
            kept.extend(after.get(piece)?);
        }
        if scans.is_complete() {
            break;
        }
    }
    kept.extend([0xff, 0xd9]);
    scans.is_any().then_some(kept)
}

/// Notes what a segment says for the scans; returns the pieces of what follows that are a scan's. None when it is none.
fn take(scans: &mut Scans, marker: u8, said: &[u8], after: &[u8]) -> Option<Vec<Range<usize>>> {
    match marker {
        0xda => return scans.pieces(said, after),
        0xc4 => scans.tables(said)?,
        0xdb => quantization(said)?,
        0xdd => scans.restart(said)?,
        0xc0..=0xc2 => scans.frame(marker, said)?,
        _ => {}
    }
    Some(Vec::new())
}

/// Whether it is tables of 64 numbers of one or two bytes (T.81, B.2.4.1).
fn quantization(mut said: &[u8]) -> Option<()> {
    while let Some((kind, rest)) = said.split_first() {
        let size = if kind >> 4 == 0 { 64 } else { 128 };
        (_, said) = rest.split_at_checked(size)?;
    }
    Some(())
}

/// What stays of a segment; none when nothing does.
fn staying(marker: u8, said: &[u8]) -> Option<Cow<'_, [u8]>> {
    match marker {
        // Without the small picture that may stand in it.
        0xe0 if said.starts_with(b"JFIF\0") => Some([said.get(..12)?, &[0, 0]].concat().into()),
        0xee if said.starts_with(b"Adobe") => Some(said.get(..12)?.into()),
        // Frame, tables, scans and the interval between restarts.
        0xc0..=0xc2 | 0xc4 | 0xda | 0xdb | 0xdd => Some(said.into()),
        _ => None,
    }
}

/// The segments of the colour profile of a picture, which takes as many as it needs (ICC.1:2022, B.4); none without one.
fn profile(mut rest: &[u8]) -> Option<Vec<u8>> {
    const NAME: &[u8] = b"ICC_PROFILE\0";
    let mut parts = BTreeMap::new();
    while let Some((marker, said, after)) = next_segment(rest, false).filter(|(marker, ..)| *marker != 0xda) {
        if marker == 0xe2
            && let Some([place, _, part @ ..]) = said.get(2..).and_then(|said| said.strip_prefix(NAME))
        {
            parts.insert(*place, part);
        }
        rest = after;
    }
    let clean = icc::clean(&parts.into_values().collect::<Vec<_>>().concat())?;
    let parts = clean.chunks(MOST - NAME.len() - 2);
    let count = u8::try_from(parts.len()).ok()?;
    Some(
        (1..=count)
            .zip(parts)
            .flat_map(|(n, part)| segment(0xe2, &[NAME, &[n, count], part].concat()))
            .collect(),
    )
}

/// The most bytes that a segment says beside its length.
const MOST: usize = 0xffff - 2;

/// A segment with its marker; `said` has at most [`MOST`] bytes.
fn segment(marker: u8, said: &[u8]) -> Vec<u8> {
    let length = u16::try_from(said.len() + 2).unwrap_or(u16::MAX).to_be_bytes();
    [&[0xff, marker][..], &length, said].concat()
}

/// Returns the next segment, from its length on, with its marker and what follows it; none at the end of the picture.
/// Stray bytes before it are passed over; behind a scan, another picture is the end of this one.
fn next_segment(rest: &[u8], is_behind_scan: bool) -> Option<(u8, &[u8], &[u8])> {
    let mut at = 0;
    loop {
        at += memchr::memchr(0xff, rest.get(at..)?)? + 1;
        match *rest.get(at)? {
            0xff => {}
            0xd9 => return None,
            0xd8 if is_behind_scan => return None,
            // A stuffed byte, a restart or a mark without a segment: none of them begins one.
            0x00..=0xbf | 0xd0..=0xd8 => {}
            marker => {
                let after = &rest[at + 1..];
                let length = usize::from(u16::from_be_bytes(*after.first_chunk()?));
                // The two bytes of it are counted.
                let (segment, after) = after.split_at_checked(length).filter(|_| length >= 2)?;
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
