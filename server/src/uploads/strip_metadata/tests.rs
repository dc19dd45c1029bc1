//! Pictures that tell of more than themselves.

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
    let told =
        [chunk(b"IHDR", &[1; 13]), chunk(b"eXIf", SECRET), chunk(b"iTXt", SECRET), chunk(b"caBX", SECRET)];
    let told = [&start[..], &told.concat(), &chunk(b"IDAT", b"dots"), &chunk(b"IEND", b""), SECRET].concat();
    assert_eq!(strip_metadata("image/png", &told), Some([start, picture].concat()));
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
    let kept = strip_metadata("image/webp", &told);
    assert_eq!(kept, Some(whole(&[riff(b"VP8X", &[0, 0, 0]), riff(b"VP8 ", b"dots!")])));
}

#[test]
fn c36_a_gif_keeps_its_picture_only() {
    let head = [&b"GIF89a"[..], &[1, 0, 1, 0, 0, 0, 0]].concat();
    let loops = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0";
    let image = [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4c, 1, 0];
    let comment = [&b"\x21\xfe\x0b"[..], SECRET, &[0]].concat();
    let told = [&head[..], loops, &comment, &image, &[0x3b], SECRET].concat();
    assert_eq!(strip_metadata("image/gif", &told), Some([&head[..], loops, &image, &[0x3b]].concat()));
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
    let kept = strip_metadata("image/jpeg", &told).unwrap_or_default();
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
    assert_eq!(strip_metadata("image/jpeg", &told[..60]), None, "it is not whole");
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
        if let Some(kept) = strip_metadata(kind, &bytes) {
            prop_assert!(kept.len() <= bytes.len() + 36);
        }
    }
}
