//! Pictures without what they tell of place, device and people. What makes the picture is copied as it is, part by
//! part, and everything else is left out: a list of what stays, not of what goes.

use exif::{In, Reader, Tag, Value};

/// What a PNG needs to be drawn (PNG specification, third edition, with animation).
const PNG: [[u8; 4]; 16] = [
    *b"IHDR", *b"PLTE", *b"IDAT", *b"IEND", *b"tRNS", *b"gAMA", *b"cHRM", *b"sRGB", *b"iCCP", *b"sBIT",
    *b"bKGD", *b"hIST", *b"pHYs", *b"acTL", *b"fcTL", *b"fdAT",
];
/// What a WebP needs (RFC 9649).
const WEBP: [[u8; 4]; 7] = [*b"VP8 ", *b"VP8L", *b"VP8X", *b"ALPH", *b"ANIM", *b"ANMF", *b"ICCP"];

/// A picture of a media type with nothing but the picture; of a JPEG, which way is up stays as well. None when
/// it is not whole, or no such picture after all.
pub fn clean(kind: &str, content: &[u8]) -> Option<Vec<u8>> {
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
/// ICC profiles. What comes after the picture's end (another picture, a film) goes.
fn jpeg(content: &[u8]) -> Option<Vec<u8>> {
    let mut rest = content.strip_prefix(&[0xff, 0xd8])?;
    let mut kept = vec![0xff, 0xd8];
    let mut upright = None;
    let mut is_told = false;
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
        // It is told where such segments stand, after JFIF's.
        if !is_told && marker != 0xe0 && marker != 0xe1 {
            is_told = true;
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
                // It says that EXIF (8) and XMP (4) follow, which is true no more.
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECRET: &[u8] = b"GPSLatitude";

    fn has(content: &[u8], word: &[u8]) -> bool {
        content.windows(word.len()).any(|part| part == word)
    }

    fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap_or_default().to_be_bytes();
        [&length[..], kind, data, &[0; 4]].concat()
    }

    fn riff(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap_or_default().to_le_bytes();
        [&kind[..], &length, data, &[0; 1][..data.len() % 2]].concat()
    }

    #[test]
    fn c36_a_png_keeps_its_picture_only() {
        let start = b"\x89PNG\r\n\x1a\n".to_vec();
        let picture = [chunk(b"IHDR", &[1; 13]), chunk(b"IDAT", b"dots"), chunk(b"IEND", b"")].concat();
        let told = [
            chunk(b"IHDR", &[1; 13]),
            chunk(b"eXIf", SECRET),
            chunk(b"iTXt", SECRET),
            chunk(b"caBX", SECRET),
        ];
        let told =
            [&start[..], &told.concat(), &chunk(b"IDAT", b"dots"), &chunk(b"IEND", b""), SECRET].concat();
        assert_eq!(clean("image/png", &told), Some([start, picture].concat()));
    }

    #[test]
    fn c36_a_webp_keeps_its_picture_only() {
        let whole = |parts: &[Vec<u8>]| {
            let parts = parts.concat();
            let size = u32::try_from(parts.len() + 4).unwrap_or_default().to_le_bytes();
            [&b"RIFF"[..], &size, b"WEBP", &parts].concat()
        };
        let told = whole(&[
            riff(b"VP8X", &[0x0c, 0, 0]),
            riff(b"VP8 ", b"dots!"),
            riff(b"EXIF", SECRET),
            riff(b"XMP ", SECRET),
        ]);
        let kept = clean("image/webp", &told);
        assert_eq!(kept, Some(whole(&[riff(b"VP8X", &[0, 0, 0]), riff(b"VP8 ", b"dots!")])));
    }

    #[test]
    fn c36_a_gif_keeps_its_picture_only() {
        let head = [&b"GIF89a"[..], &[1, 0, 1, 0, 0, 0, 0]].concat();
        let loops = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0";
        let image = [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4c, 1, 0];
        let comment = [&b"\x21\xfe\x0b"[..], SECRET, &[0]].concat();
        let told = [&head[..], loops, &comment, &image, &[0x3b], SECRET].concat();
        assert_eq!(clean("image/gif", &told), Some([&head[..], loops, &image, &[0x3b]].concat()));
    }

    #[test]
    fn c36_what_stands_between_and_behind_a_jpegs_scans_goes() {
        let segment = |marker: u8, said: &[u8]| {
            let length = u16::try_from(said.len() + 2).unwrap_or_default().to_be_bytes();
            [&[0xff, marker][..], &length, said].concat()
        };
        let scan = [&segment(0xda, &[1, 1, 0])[..], &[1, 0xff, 0, 2, 0xff, 0xd0, 3]].concat();
        let dht = segment(0xc4, b"codes");
        let telling = [segment(0xe1, SECRET), segment(0xeb, SECRET), segment(0xfe, SECRET)].concat();
        let exif = [&b"Exif\0\0"[..], &only_orientation(6)[10..]].concat();
        let told = [
            &[0xff, 0xd8][..],
            &segment(0xe0, b"JFIF\0"),
            &segment(0xe1, &exif),
            &dht,
            &telling,
            &scan,
            &telling,
            &dht,
            &scan,
            &[0xff, 0xd9],
            &[0xff, 0xd8],
            &segment(0xe1, SECRET),
            &[0xff, 0xd9],
        ]
        .concat();
        let kept = clean("image/jpeg", &told).unwrap_or_default();
        assert!(!has(&kept, SECRET));
        let expected = [
            &[0xff, 0xd8][..],
            &segment(0xe0, b"JFIF\0"),
            &only_orientation(6),
            &dht,
            &scan,
            &dht,
            &scan,
            &[0xff, 0xd9],
        ];
        assert_eq!(kept, expected.concat());
        assert_eq!(clean("image/jpeg", &told[..60]), None, "it is not whole");
    }

    proptest! {
        /// Whatever comes, nothing is read that is not there, and what is kept is no more than what came (and a
        /// way up).
        #[test]
        fn no_bytes_are_too_strange(
            kind in prop::sample::select(vec!["image/jpeg", "image/png", "image/webp", "image/gif"]),
            mut bytes in prop::collection::vec(prop::sample::select(vec![0u8, 1, 2, 8, 0x21, 0x2c, 0x3b, 0xff, 0xd8, 0xda, 0xe1]), 0..200),
        ) {
            let start: &[u8] = match kind {
                "image/jpeg" => &[0xff, 0xd8],
                "image/png" => b"\x89PNG\r\n\x1a\n",
                "image/webp" => b"RIFF\x20\0\0\0WEBP",
                _ => b"GIF89a",
            };
            bytes.splice(0..0, start.iter().copied());
            if let Some(kept) = clean(kind, &bytes) {
                prop_assert!(kept.len() <= bytes.len() + 36);
            }
        }
    }
}
