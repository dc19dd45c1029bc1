//! WebP (RFC 9649): chunks in a RIFF file, each with its length before it.

use super::{Canvas, icc};

/// What a WebP needs to be drawn.
const CHUNKS: [[u8; 4]; 7] = [*b"VP8 ", *b"VP8L", *b"VP8X", *b"ALPH", *b"ANIM", *b"ANMF", *b"ICCP"];
/// What a frame of an animated WebP needs.
const FRAME: [[u8; 4]; 3] = [*b"ALPH", *b"VP8 ", *b"VP8L"];
/// What of a chunk says how large its image is, in bytes.
const HEAD: usize = 32;
/// Of the flags of VP8X: there is a colour profile, there is EXIF or XMP.
const HAS_PROFILE: u8 = 0x20;
const HAS_METADATA: u8 = 0x0c;

/// Returns the picture without metadata. Where it breaks off, what is there of it stays.
pub(super) fn webp(content: &[u8]) -> Option<Vec<u8>> {
    let (head, rest) = content.split_at_checked(12)?;
    if !head.starts_with(b"RIFF") || !head.ends_with(b"WEBP") {
        return None;
    }
    let size = usize::try_from(u32::from_le_bytes(*head[4..].first_chunk()?)).ok()?;
    let rest = &rest[..rest.len().min(size.checked_sub(4)?)];
    let chunks = chunks(rest, &CHUNKS, &mut Canvas::default())?;
    let size = u32::try_from(chunks.len() + 4).ok()?;
    Some([&b"RIFF"[..], &size.to_le_bytes(), b"WEBP", &chunks].concat())
}

/// The chunks of these kinds; none when what they draw has too many pixels, or when there is nothing to see.
fn chunks(mut rest: &[u8], kinds: &[[u8; 4]], canvas: &mut Canvas) -> Option<Vec<u8>> {
    let mut kept = Vec::new();
    let mut flags = None;
    let (mut is_any, mut has_profile) = (false, false);
    while let Some((kind, data, after)) = next_chunk(rest) {
        rest = after.unwrap_or_default();
        let data = match &kind {
            _ if !kinds.contains(&kind) => continue,
            b"ANMF" => match frame(data, canvas) {
                None if is_any && after.is_none() => break,
                frame => frame?,
            },
            b"ICCP" => match icc::clean(data) {
                Some(profile) => profile,
                None => continue,
            },
            _ => data.to_vec(),
        };
        let written = chunk(kind, &data);
        let (width, height) = sides(&written);
        canvas.reach(width, height)?;
        if kind == *b"VP8X" {
            flags = Some(kept.len() + 8);
        }
        has_profile |= kind == *b"ICCP";
        is_any |= matches!(&kind, b"VP8 " | b"VP8L" | b"ANMF") && !data.is_empty();
        kept.extend(written);
    }
    if let Some(flags) = flags {
        *kept.get_mut(flags)? &= if has_profile { !HAS_METADATA } else { !(HAS_METADATA | HAS_PROFILE) };
    }
    is_any.then_some(kept)
}

/// A chunk with its type and data, and what follows it: none where it breaks off.
type Chunk<'a> = ([u8; 4], &'a [u8], Option<&'a [u8]>);

fn next_chunk(rest: &[u8]) -> Option<Chunk<'_>> {
    let kind = *rest.first_chunk()?;
    let length = usize::try_from(u32::from_le_bytes(*rest.get(4..)?.first_chunk()?)).ok()?;
    let Some((data, after)) = rest[8..].split_at_checked(length) else {
        return Some((kind, &rest[8..], None));
    };
    // A byte makes it even.
    Some((kind, data, after.get(length % 2..)))
}

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap_or_default().to_le_bytes();
    [&kind[..], &length, data, &[0][..data.len() % 2]].concat()
}

/// What is drawn of a frame: where it is, in steps of two pixels, its sides less one, how long it is shown, its image.
fn frame(data: &[u8], canvas: &mut Canvas) -> Option<Vec<u8>> {
    let (head, image) = data.split_at_checked(16)?;
    let number = |at: usize| (0..3).map(|n| usize::from(head[at + n]) << (8 * n)).sum::<usize>();
    let [left, top, width, height] = [0, 3, 6, 9].map(number);
    canvas.reach(left * 2 + width + 1, top * 2 + height + 1)?;
    Some([head, &chunks(image, &FRAME, canvas)?].concat())
}

/// The sides that a chunk says, whatever is said elsewhere; most say none, and what is damaged is not drawn.
fn sides(chunk: &[u8]) -> (usize, usize) {
    let start = &chunk[..chunk.len().min(HEAD)];
    let alone = [b"RIFF\0\0\0\0WEBP", start].concat();
    imagesize::blob_size(&alone).map_or((0, 0), |size| (size.width, size.height))
}
