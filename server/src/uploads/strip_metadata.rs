//! Pictures without metadata about place, device and people. The parts that make the picture are copied byte by byte
//! and everything else is left out: an allow-list, so that unknown parts go. What is shown of a picture that breaks off or
//! is damaged stays, as far as browsers show it.

mod gif;
mod icc;
mod jpeg;
mod png;
mod webp;

use gif::gif;
use jpeg::jpeg;
use png::png;
use webp::webp;

/// The most pixels of a picture: what draws it needs four bytes for each, however small the file is.
const MAX_PIXELS: usize = 120_000_000;

/// Returns a picture without metadata; a JPEG keeps its orientation. None when the content breaks off before there
/// is anything to see, is no picture of this media type, or has too many pixels. A missing end mark is put there.
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

#[cfg(test)]
mod tests;
