//! Pictures without metadata about place, device and people. The parts that make the picture are copied byte by byte
//! and everything else is left out: an allow-list, so that unknown parts go.

mod jpeg;

use jpeg::jpeg;

/// What a PNG needs to be drawn (PNG specification, third edition, with animation).
const PNG: [[u8; 4]; 16] = [
    *b"IHDR", *b"PLTE", *b"IDAT", *b"IEND", *b"tRNS", *b"gAMA", *b"cHRM", *b"sRGB", *b"iCCP", *b"sBIT",
    *b"bKGD", *b"hIST", *b"pHYs", *b"acTL", *b"fcTL", *b"fdAT",
];
/// What a WebP needs (RFC 9649).
const WEBP: [[u8; 4]; 7] = [*b"VP8 ", *b"VP8L", *b"VP8X", *b"ALPH", *b"ANIM", *b"ANMF", *b"ICCP"];
/// What a frame of an animated WebP needs.
const WEBP_FRAME: [[u8; 4]; 3] = [*b"ALPH", *b"VP8 ", *b"VP8L"];

/// What of a chunk says how large its image is, in bytes.
const WEBP_HEAD: usize = 32;

/// The most pixels of a picture: what draws it needs four bytes for each, however small the file is.
const MAX_PIXELS: usize = 120_000_000;

/// Returns a picture without metadata; a JPEG keeps its orientation. None when the content is cut off, is no picture
/// of this media type, or has too many pixels. A missing end mark is put there.
pub fn strip_metadata(kind: &str, content: &[u8]) -> Option<Vec<u8>> {
    let kept = match kind {
        "image/jpeg" => jpeg(content),
        "image/png" => png(content),
        "image/webp" => webp(content),
        "image/gif" => gif(content),
        _ => None,
    }?;
    let size = imagesize::blob_size(&kept).ok()?;
    is_drawable(size.width, size.height).then_some(kept)
}

/// Whether a browser may be made to draw a picture of this size.
fn is_drawable(width: usize, height: usize) -> bool {
    width > 0 && height > 0 && is_small(width, height)
}

/// Whether an image of this size has at most [`MAX_PIXELS`].
fn is_small(width: usize, height: usize) -> bool {
    width.saturating_mul(height) <= MAX_PIXELS
}

/// What a picture is drawn on. Browsers make it larger for a frame that reaches beyond it.
#[derive(Default)]
struct Canvas {
    width: usize,
    height: usize,
}

impl Canvas {
    /// Makes it reach so far to the right and down; none when it has too many pixels then.
    fn reach(&mut self, right: usize, bottom: usize) -> Option<()> {
        (self.width, self.height) = (self.width.max(right), self.height.max(bottom));
        is_small(self.width, self.height).then_some(())
    }
}

/// A part of so many bytes, and what follows it.
fn split(bytes: &[u8], at: usize) -> Option<(&[u8], &[u8])> {
    bytes.split_at_checked(at)
}

fn png(content: &[u8]) -> Option<Vec<u8>> {
    const START: &[u8] = b"\x89PNG\r\n\x1a\n";
    let mut rest = content.strip_prefix(START)?;
    let mut kept = START.to_vec();
    let mut is_any = false;
    loop {
        if rest.is_empty() && is_any {
            kept.extend(*b"\0\0\0\0IEND\xae\x42\x60\x82");
            return Some(kept);
        }
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
        is_any |= kind == *b"IDAT";
        rest = after;
    }
}

fn webp(content: &[u8]) -> Option<Vec<u8>> {
    let (head, _) = split(content, 12)?;
    if !head.starts_with(b"RIFF") || !head.ends_with(b"WEBP") {
        return None;
    }
    let size = usize::try_from(u32::from_le_bytes(*head[4..].first_chunk()?)).ok()?;
    let chunks = webp_chunks(content.get(12..size.checked_add(8)?)?, &WEBP, &mut Canvas::default())?;
    let size = u32::try_from(chunks.len() + 4).ok()?;
    Some([&b"RIFF"[..], &size.to_le_bytes(), b"WEBP", &chunks].concat())
}

/// The chunks of these kinds; none when what they draw has too many pixels.
fn webp_chunks(mut rest: &[u8], kinds: &[[u8; 4]], canvas: &mut Canvas) -> Option<Vec<u8>> {
    let mut kept = Vec::new();
    while !rest.is_empty() {
        let length = usize::try_from(u32::from_le_bytes(*rest.get(4..)?.first_chunk()?)).ok()?;
        // Type, length, data, and a byte to make it even.
        let (chunk, after) = split(rest, length.checked_add(8 + length % 2)?)?;
        match chunk.first_chunk()? {
            kind if !kinds.contains(kind) => {}
            b"ANMF" => kept.extend(webp_frame(chunk, canvas)?),
            kind => {
                let (width, height) = webp_size(chunk);
                canvas.reach(width, height)?;
                let at = kept.len();
                kept.extend(chunk);
                if kind == b"VP8X" {
                    // Clear the VP8X flags for the EXIF (8) and XMP (4) chunks that are removed.
                    *kept.get_mut(at + 8)? &= !0x0c;
                }
            }
        }
        rest = after;
    }
    Some(kept)
}

/// What is drawn of a frame: where it is, in steps of two pixels, its sides less one, how long it is shown, its image.
fn webp_frame(chunk: &[u8], canvas: &mut Canvas) -> Option<Vec<u8>> {
    let (head, image) = split(chunk, 24)?;
    let number = |at: usize| (0..3).map(|n| usize::from(head[at + n]) << (8 * n)).sum::<usize>();
    let [left, top, width, height] = [8, 11, 14, 17].map(number);
    canvas.reach(left * 2 + width + 1, top * 2 + height + 1)?;
    let image = webp_chunks(image, &WEBP_FRAME, canvas)?;
    let size = u32::try_from(16 + image.len()).ok()?;
    Some([&head[..4], &size.to_le_bytes(), &head[8..], &image].concat())
}

/// The sides that a chunk of a WebP says, whatever is said elsewhere; most say none, and what is damaged is not drawn.
fn webp_size(chunk: &[u8]) -> (usize, usize) {
    let start = &chunk[..chunk.len().min(WEBP_HEAD)];
    let alone = [b"RIFF\0\0\0\0WEBP", start].concat();
    imagesize::blob_size(&alone).map_or((0, 0), |size| (size.width, size.height))
}

/// GIF89a. Of the extensions those stay that say how frames follow each other.
fn gif(content: &[u8]) -> Option<Vec<u8>> {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let (head, _) = split(content, 13)?;
    if !head.starts_with(b"GIF8") {
        return None;
    }
    let (head, mut rest) = split(content, 13 + table(head[10]))?;
    let side = |part: &[u8], at| Some(usize::from(u16::from_le_bytes(*part.get(at..)?.first_chunk()?)));
    let mut canvas = Canvas::default();
    canvas.reach(side(head, 6)?, side(head, 8)?)?;
    let mut kept = head.to_vec();
    let mut is_any = false;
    loop {
        let (start, stays) = match rest.first().copied().or(is_any.then_some(0x3b))? {
            0x3b => {
                kept.push(0x3b);
                return Some(kept);
            }
            0x2c => {
                let [left, top, width, height] =
                    [side(rest, 1)?, side(rest, 3)?, side(rest, 5)?, side(rest, 7)?];
                canvas.reach(left + width, top + height)?;
                (10 + table(*rest.get(9)?) + 1, true)
            }
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
        is_any |= block.starts_with(&[0x2c]);
        rest = after;
    }
}

#[cfg(test)]
mod tests;
