//! PNG: chunks, each with its length before it and a checksum behind it.

use std::io::{Read, Write};

use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

use super::icc;

/// What a PNG needs to be drawn (PNG specification, third edition, with animation), beside its colour profile.
const CHUNKS: [[u8; 4]; 15] = [
    *b"IHDR", *b"PLTE", *b"IDAT", *b"IEND", *b"tRNS", *b"gAMA", *b"cHRM", *b"sRGB", *b"sBIT", *b"bKGD",
    *b"hIST", *b"pHYs", *b"acTL", *b"fcTL", *b"fdAT",
];
const START: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The largest colour profile, in bytes.
const MAX_PROFILE: u64 = 4 * 1024 * 1024;

/// Returns the picture without metadata. Where its first data is followed by what cannot be read, it ends there.
pub(super) fn png(content: &[u8]) -> Option<Vec<u8>> {
    let mut rest = content.strip_prefix(START)?;
    let mut kept = START.to_vec();
    let mut is_shown = false;
    while let Some((kind, data, after)) = next_chunk(rest) {
        match &kind {
            b"iCCP" => kept.extend(profile(data).map(|data| chunk(kind, &data)).unwrap_or_default()),
            b"IEND" => {
                is_shown = true;
                break;
            }
            // With its own checksum, and whole or not at all.
            _ if CHUNKS.contains(&kind) && after.is_some() => kept.extend(&rest[..data.len() + 12]),
            b"IDAT" => kept.extend(chunk(kind, data)),
            _ => {}
        }
        is_shown |= kind == *b"IDAT" && !data.is_empty();
        let Some(after) = after else { break };
        rest = after;
    }
    kept.extend(chunk(*b"IEND", &[]));
    is_shown.then_some(kept)
}

/// A chunk with its type and data, and what follows it: none where it breaks off.
type Chunk<'a> = ([u8; 4], &'a [u8], Option<&'a [u8]>);

fn next_chunk(rest: &[u8]) -> Option<Chunk<'_>> {
    let length = usize::try_from(u32::from_be_bytes(*rest.first_chunk()?)).ok()?;
    let kind = *rest.get(4..)?.first_chunk()?;
    let Some((data, after)) = rest[8..].split_at_checked(length) else {
        return Some((kind, &rest[8..], None));
    };
    // A checksum follows.
    Some((kind, data, after.get(4..)))
}

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut sum = Crc::new();
    sum.update(&kind);
    sum.update(data);
    let length = u32::try_from(data.len()).unwrap_or_default().to_be_bytes();
    [&length[..], &kind, data, &sum.sum().to_be_bytes()].concat()
}

/// A colour profile without its name and without what it says in words: the name, a zero, the method, and the profile.
fn profile(data: &[u8]) -> Option<Vec<u8>> {
    let name = data.iter().position(|byte| *byte == 0)?;
    let mut profile = Vec::new();
    ZlibDecoder::new(data.get(name + 2..)?).take(MAX_PROFILE).read_to_end(&mut profile).ok()?;
    let mut packed = ZlibEncoder::new(b"icc\0\0".to_vec(), Compression::best());
    packed.write_all(&icc::clean(&profile)?).ok()?;
    packed.finish().ok()
}
