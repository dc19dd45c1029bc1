//! What a file is, by its content, and pictures without what they tell of place and device.

use exif::{In, Reader, Tag, Value};
use img_parts::jpeg::{Jpeg, markers};
use img_parts::png::Png;
use img_parts::webp::{CHUNK_XMP, WebP};
use img_parts::{Bytes, ImageEXIF};

/// Media types that are taken, as `infer` names them: none that a browser would run.
const TAKEN: [&str; 9] = [
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "application/pdf",
    "application/zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
];
/// How much of a text is looked at, in bytes.
const LOOKED_AT: usize = 64 * 1024;
/// Chunks of a PNG that tell of more than the picture.
const TELLING: [[u8; 4]; 5] = [*b"eXIf", *b"tEXt", *b"zTXt", *b"iTXt", *b"tIME"];
/// A JPEG's application segments 1 (EXIF, XMP) and 13 (IPTC), and comments.
const SEGMENTS: [u8; 3] = [markers::APP1, markers::APP13, markers::COM];

/// The media type that a content shows; none when it is not taken.
pub fn kind(content: &[u8]) -> Option<&'static str> {
    match infer::get(content) {
        Some(found) => TAKEN.into_iter().find(|taken| *taken == found.mime_type()),
        None => is_text(content).then_some("text/plain"),
    }
}

/// Texts have no control characters, whatever their encoding; those that a browser might run are none.
fn is_text(content: &[u8]) -> bool {
    let head = &content[..content.len().min(LOOKED_AT)];
    let start = head.trim_ascii_start();
    let controls = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x1b | 0x0c);
    !head.is_empty() && !head.iter().any(controls) && !start.starts_with(b"<") && !start.starts_with(b"#!")
}

/// A picture without place, device and comments; only which way is up stays. Other kinds are what they were.
/// None when it is no such picture after all.
pub fn clean(kind: &str, content: Vec<u8>) -> Option<Vec<u8>> {
    let content = Bytes::from(content);
    Some(match kind {
        "image/jpeg" => {
            let mut picture = Jpeg::from_bytes(content).ok()?;
            let upright = picture.exif().and_then(|exif| orientation(&exif));
            picture.segments_mut().retain(|segment| !SEGMENTS.contains(&segment.marker()));
            picture.set_exif(upright.map(only_orientation));
            picture.encoder().bytes().to_vec()
        }
        "image/png" => {
            let mut picture = Png::from_bytes(content).ok()?;
            picture.chunks_mut().retain(|chunk| !TELLING.contains(&chunk.kind()));
            picture.encoder().bytes().to_vec()
        }
        "image/webp" => {
            let mut picture = WebP::from_bytes(content).ok()?;
            let upright = picture.exif().and_then(|exif| orientation(&exif));
            picture.remove_chunks_by_id(CHUNK_XMP);
            picture.set_exif(upright.map(only_orientation));
            picture.encoder().bytes().to_vec()
        }
        _ => content.to_vec(),
    })
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

/// The smallest EXIF there is: one TIFF directory with one entry, in big-endian order.
fn only_orientation(turn: u8) -> Bytes {
    let mut exif = Vec::from(*b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    exif.extend([turn, 0, 0, 0, 0, 0, 0]);
    Bytes::from(exif)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_would_run_is_not_taken() {
        for bad in
            ["<html><script>", "  <svg onload=x>", "<?xml version='1.0'?><svg/>", "#!/bin/sh\n", "MZ\0\0", ""]
        {
            assert_eq!(kind(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(kind("氏名,メール\r\n田中,t@example.com\r\n".as_bytes()), Some("text/plain"));
        assert_eq!(kind(b"\x8e\x81\x96\xbc,a\r\n"), Some("text/plain"), "Shift_JIS");
        assert_eq!(kind(b"%PDF-1.7\n"), Some("application/pdf"));
    }

    #[test]
    fn a_picture_keeps_which_way_is_up_and_nothing_else() {
        let written = only_orientation(6);
        assert_eq!(orientation(&written), Some(6));
        assert_eq!(orientation(b"Exif nonsense"), None);
        assert_eq!(clean("image/jpeg", b"no picture".to_vec()), None);
    }
}
