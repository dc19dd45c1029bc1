//! Pictures that tell of more than themselves.

use std::slice::from_ref;

use proptest::prelude::*;

use super::*;

const SECRET: &[u8] = b"GPSLatitude";
/// A PNG of one pixel begins so.
const HEAD: [u8; 13] = [0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0];

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap_or_default().to_be_bytes();
    let mut sum = flate2::Crc::new();
    sum.update(&[kind, data].concat());
    [&length[..], kind, data, &sum.sum().to_be_bytes()].concat()
}

fn riff(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap_or_default().to_le_bytes();
    [&kind[..], &length, data, &[0; 1][..data.len() % 2]].concat()
}

#[test]
fn c36_a_png_keeps_its_picture_only() {
    let start = b"\x89PNG\r\n\x1a\n".to_vec();
    let picture = [chunk(b"IHDR", &HEAD), chunk(b"IDAT", b"dots"), chunk(b"IEND", b"")].concat();
    let told =
        [chunk(b"IHDR", &HEAD), chunk(b"eXIf", SECRET), chunk(b"iTXt", SECRET), chunk(b"caBX", SECRET)];
    let told = [&start[..], &told.concat(), &chunk(b"IDAT", b"dots"), &chunk(b"IEND", b""), SECRET].concat();
    assert_eq!(strip_metadata("image/png", &told), Some([start, picture].concat()));
}

fn webp_of(parts: &[Vec<u8>]) -> Vec<u8> {
    let parts = parts.concat();
    let size = u32::try_from(parts.len() + 4).unwrap_or_default().to_le_bytes();
    [&b"RIFF"[..], &size, b"WEBP", &parts].concat()
}

#[test]
fn c36_a_webp_keeps_its_picture_only() {
    let told = webp_of(&[
        riff(b"VP8X", &[0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        riff(b"VP8 ", b"dots!"),
        riff(b"EXIF", SECRET),
        riff(b"XMP ", SECRET),
    ]);
    let kept = strip_metadata("image/webp", &told);
    assert_eq!(kept, Some(webp_of(&[riff(b"VP8X", &[0; 10]), riff(b"VP8 ", b"dots!")])));
}

/// A frame of an animated WebP: where it is, in steps of two pixels, its sides, and what is in it.
fn webp_frame(numbers: [u32; 4], parts: &[Vec<u8>]) -> Vec<u8> {
    let [left, top, width, height] = numbers;
    let numbers = [left, top, width - 1, height - 1, 100].map(|n| n.to_le_bytes());
    let numbers: Vec<u8> = numbers.iter().flat_map(|n| &n[..3]).copied().collect();
    riff(b"ANMF", &[&numbers[..], &[0], &parts.concat()].concat())
}

#[test]
fn c36_a_frame_of_an_animated_webp_keeps_its_picture_only() {
    let animated = |parts: &[Vec<u8>]| {
        let frames = [webp_frame([0, 0, 1, 1], parts), webp_frame([0, 0, 1, 1], &[lossless(1)])];
        webp_of(&[riff(b"VP8X", &[2, 0, 0, 0, 0, 0, 0, 0, 0, 0]), riff(b"ANIM", &[0; 6]), frames.concat()])
    };
    let picture = [riff(b"ALPH", b"see-through"), riff(b"VP8 ", b"dots!")];
    let secrets = [riff(b"EXIF", SECRET), riff(b"what", SECRET), riff(b"ANMF", SECRET)];
    let told = animated(&[&secrets[..], &picture, &secrets].concat());
    assert_eq!(strip_metadata("image/webp", &told), Some(animated(&picture)));
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

/// Of each kind a picture that is whole, and how much of it shows something.
fn whole() -> [(&'static str, Vec<u8>, usize); 3] {
    let png = [chunk(b"IHDR", &HEAD), chunk(b"IDAT", b"dots and dots"), chunk(b"IEND", b"")].concat();
    let png = [&b"\x89PNG\r\n\x1a\n"[..], &png].concat();
    let image = [&[0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2][..], &[2, 0x4c, 1, 2, 0x4c, 1, 0]].concat();
    let gif = [&b"GIF89a"[..], &[1, 0, 1, 0, 0, 0, 0], &image, &[0x3b]].concat();
    let webp = webp_of(&[riff(b"VP8X", &[0; 10]), lossy(9)]);
    [("image/png", png, 8 + 25 + 9), ("image/gif", gif, 13 + 11 + 3), ("image/webp", webp, 12 + 18 + 9)]
}

#[test]
fn what_stands_behind_a_picture_goes() {
    for (kind, picture, _) in whole() {
        for trailer in
            [SECRET, &[0], &[0xff, 0xd8, 0xff, 0xe1], &chunk(b"eXIf", SECRET), &riff(b"EXIF", SECRET)]
        {
            let told = [&picture[..], trailer].concat();
            assert_eq!(strip_metadata(kind, &told).as_ref(), Some(&picture), "{kind}: {trailer:?}");
        }
    }
}

#[test]
fn a_picture_that_breaks_off_keeps_what_can_be_seen_and_gets_its_end() {
    for (kind, picture, seen) in whole() {
        for length in 0..picture.len() {
            let kept = strip_metadata(kind, &picture[..length]);
            assert_eq!(kept.is_some(), length >= seen, "{kind}: {length} of {} bytes", picture.len());
            let Some(kept) = kept else { continue };
            assert!(kept.len() <= picture.len(), "{kind}: {length} bytes became {}", kept.len());
            assert_eq!(strip_metadata(kind, &kept), Some(kept.clone()), "{kind}: {length} bytes");
            let end = &picture[picture.len() - if kind == "image/png" { 12 } else { 1 }..];
            assert!(kind == "image/webp" || kept.ends_with(end), "{kind}: {length} bytes have no end");
        }
    }
}

#[test]
fn stray_bytes_behind_what_is_seen_end_a_png_and_a_gif() {
    for (kind, picture, end) in whole().into_iter().filter_map(|(kind, picture, _)| match kind {
        "image/png" => Some((kind, picture, 12)),
        "image/gif" => Some((kind, picture, 1)),
        _ => None,
    }) {
        let (start, end) = picture.split_at(picture.len() - end);
        for stray in [&[0xff, 0xff, 0xff, 0xff][..], b"maker: GPSLatitude"] {
            let told = [start, stray, SECRET, end].concat();
            assert_eq!(strip_metadata(kind, &told).as_ref(), Some(&picture), "{kind}: {stray:?}");
        }
    }
}

#[test]
fn c36_a_colour_profile_keeps_its_numbers_only() {
    let words = |content: &[u8]| content.windows(7).any(|part| part == b"35.6812");
    let profile = icc::tests::profile(40);
    let mut packed =
        flate2::write::ZlibEncoder::new(b"Anna's screen 35.6812\0\0".to_vec(), Default::default());
    std::io::Write::write_all(&mut packed, &profile).unwrap();
    let packed = chunk(b"iCCP", &packed.finish().unwrap());
    let [(_, png, _), _, _] = whole();
    let kept = strip_metadata("image/png", &[&png[..33], &packed, &png[33..]].concat()).unwrap();
    let start = kept.windows(4).position(|name| name == b"iCCP").unwrap();
    let mut numbers = Vec::new();
    let mut unpacked = flate2::read::ZlibDecoder::new(&kept[start + 4 + 5..]);
    std::io::Read::read_to_end(&mut unpacked, &mut numbers).unwrap();
    assert_eq!(Some(numbers), icc::clean(&profile));
    assert!(!words(&kept));
    let broken = chunk(b"iCCP", b"name\0\0GPSLatitude");
    assert_eq!(strip_metadata("image/png", &[&png[..33], &broken, &png[33..]].concat()), Some(png));
    let webp = |flags, profile: &[u8]| {
        webp_of(&[riff(b"VP8X", &[flags, 0, 0, 0, 0, 0, 0, 0, 0, 0]), riff(b"ICCP", profile), lossy(9)])
    };
    let kept = strip_metadata("image/webp", &webp(0x2c, &profile));
    assert_eq!(kept, Some(webp(0x20, &icc::clean(&profile).unwrap())));
    let [_, _, (_, plain, _)] = whole();
    assert_eq!(strip_metadata("image/webp", &webp(0x2c, b"no profile")), Some(plain));
}

#[test]
fn c36_an_extension_of_a_gif_keeps_its_first_block() {
    let (start, rest) =
        (b"GIF89a\x01\0\x01\0\0\0\0", [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4c, 1, 0, 0x3b]);
    for stays in [&b"\x21\xf9\x04\0\x0a\0\0"[..], b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0"] {
        let told = [&start[..], stays, b"\x0b", SECRET, b"\0", &rest].concat();
        assert_eq!(strip_metadata("image/gif", &told), Some([&start[..], stays, b"\0", &rest].concat()));
    }
    for goes in [&b"XMP DataXMP"[..], b"ICCRGBG1012"] {
        let told = [&start[..], b"\x21\xff\x0b", goes, b"\x0b", SECRET, b"\0", &rest].concat();
        assert_eq!(strip_metadata("image/gif", &told), Some([&start[..], &rest].concat()));
    }
}

#[test]
fn s9_a_picture_of_too_many_pixels_is_refused_however_small_its_file_is() {
    for (width, height, is_taken) in [(60_000_u16, 60_000_u16, false), (12_000, 9_000, true), (0, 9, false)] {
        let (w, h) = (u32::from(width), u32::from(height));
        let head = [&w.to_be_bytes()[..], &h.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
        let png = [chunk(b"IHDR", &head), chunk(b"IDAT", &[0; 40_000]), chunk(b"IEND", b"")].concat();
        let png = [&b"\x89PNG\r\n\x1a\n"[..], &png].concat();
        let sides = [width.to_le_bytes(), height.to_le_bytes()].concat();
        let image = [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4c, 1, 0];
        let gif = [&b"GIF89a"[..], &sides, &[0, 0, 0], &image, &[0x3b]].concat();
        let mut jpeg = include_bytes!("jpeg/pictures/baseline.jpg").to_vec();
        let frame = jpeg.windows(2).position(|mark| mark == [0xff, 0xc0]).unwrap_or_default();
        jpeg[frame + 5..frame + 9].copy_from_slice(&[height.to_be_bytes(), width.to_be_bytes()].concat());
        let canvas = [&[0; 4][..], &(w.max(1) - 1).to_le_bytes()[..3], &(h - 1).to_le_bytes()[..3]].concat();
        let webp = webp_of(&[riff(b"VP8X", &canvas), riff(b"VP8 ", &[0; 40])]);
        for (kind, content) in [("image/png", png), ("image/gif", gif), ("image/jpeg", jpeg)] {
            assert_eq!(strip_metadata(kind, &content).is_some(), is_taken, "{kind} of {width} × {height}");
        }
        // A WebP cannot say that it has no width.
        assert_eq!(
            strip_metadata("image/webp", &webp).is_some(),
            is_taken || width == 0,
            "{width} × {height}"
        );
    }
}

/// The image of a WebP in either form, as wide as high.
fn lossy(side: u16) -> Vec<u8> {
    let sides = [side.to_le_bytes(), side.to_le_bytes()].concat();
    riff(b"VP8 ", &[&[0, 0, 0, 0x9d, 1, 0x2a][..], &sides, &[0; 9]].concat())
}

fn lossless(side: u32) -> Vec<u8> {
    let sides = (side - 1) | ((side - 1) << 14);
    riff(b"VP8L", &[&[0x2f][..], &sides.to_le_bytes(), &[0; 9]].concat())
}

/// S9: a WebP says how large it is in four ways, each with a limit of its own, and none hides another one.
#[test]
fn s9_a_webp_of_too_many_pixels_is_refused_however_it_says_so() {
    let is_taken = |parts: &[Vec<u8>]| strip_metadata("image/webp", &webp_of(parts)).is_some();
    let canvas = riff(b"VP8X", &[0; 10]);
    for (name, small, large) in
        [("VP8", lossy(9_000), lossy(16_383)), ("VP8L", lossless(9_000), lossless(16_384))]
    {
        assert!(is_taken(from_ref(&small)) && is_taken(&[canvas.clone(), small.clone()]), "{name}");
        assert!(!is_taken(from_ref(&large)), "{name}");
        assert!(!is_taken(&[canvas.clone(), large.clone()]), "{name} behind a canvas of one pixel");
        let frame = |image| webp_frame([0, 0, 1, 1], &[image]);
        assert!(is_taken(&[canvas.clone(), frame(small)]), "{name} in a frame");
        assert!(!is_taken(&[canvas.clone(), frame(large)]), "{name} in a frame of one pixel");
    }
    let rows: [(&[[u32; 4]], bool); 5] = [
        (&[[0, 0, 9_000, 9_000]], true),
        (&[[0, 0, 16_384, 16_384]], false),
        (&[[30_000, 30_000, 1, 1]], false),
        (&[[30_000, 0, 1, 1], [0, 0, 1, 1]], true),
        (&[[30_000, 0, 1, 1], [0, 30_000, 1, 1]], false),
    ];
    for (frames, takes) in rows {
        let all = frames.iter().map(|frame| webp_frame(*frame, &[lossless(1)]));
        let all: Vec<_> = [canvas.clone()].into_iter().chain(all).collect();
        assert_eq!(is_taken(&all), takes, "{frames:?}");
    }
}

/// S9: browsers make the canvas of a GIF as large as a frame needs it.
#[test]
fn s9_a_gif_whose_frame_reaches_far_beyond_its_canvas_is_refused() {
    let numbers = |numbers: &[u16]| numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
    let image = |frame: &[u16; 4]| [&[0x2c][..], &numbers(frame), &[0, 2, 2, 0x4c, 1, 0]].concat();
    let gif = |canvas: [u16; 2], frames: &[[u16; 4]]| {
        let images: Vec<u8> = frames.iter().flat_map(image).collect();
        [&b"GIF89a"[..], &numbers(&canvas), &[0, 0, 0], &images, &[0x3b]].concat()
    };
    // Of each frame where it is, from the left and from the top, and its sides.
    let rows = [
        ([1, 1], vec![[0, 0, 1, 1]], true),
        ([1, 1], vec![[0, 0, 10_000, 10_000]], true),
        ([1, 1], vec![[0, 0, 60_000, 60_000]], false),
        ([1, 1], vec![[60_000, 60_000, 1, 1]], false),
        // Nothing is large here but what all of it takes together.
        ([65_535, 1], vec![[0, 0, 1, 1]], true),
        ([65_535, 1], vec![[0, 60_000, 1, 1]], false),
        ([1, 1], vec![[60_000, 0, 1, 1], [0, 0, 1, 1]], true),
        ([1, 1], vec![[60_000, 0, 1, 1], [0, 60_000, 1, 1]], false),
    ];
    for (canvas, frames, is_taken) in rows {
        let taken = strip_metadata("image/gif", &gif(canvas, &frames)).is_some();
        assert_eq!(taken, is_taken, "{frames:?} on {canvas:?}");
    }
}

proptest! {
    /// Whatever comes, nothing is read that is not there, and what is kept is no more than what came, a way
    /// up and an end mark.
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
            prop_assert!(kept.len() <= bytes.len() + 48);
        }
    }
}

/// What is kept of a picture is a picture: it loses nothing when it is cleaned again, and has no more than it had.
fn is_clean(kind: &str, content: &[u8]) {
    let Some(kept) = strip_metadata(kind, content) else { return };
    // A colour profile may have been packed better.
    assert!(kept.len() <= content.len() * 9 / 8 + 64, "it grew from {} to {}", content.len(), kept.len());
    assert_eq!(strip_metadata(kind, &kept).as_ref(), Some(&kept), "cleaning it again changes it");
    assert_eq!(crate::uploads::sniff(&kept), Some(kind), "it is of another kind now");
}

/// S37.
#[test]
fn s37_a_jpeg_of_any_bytes_is_cleaned_or_refused() {
    fuzz::fuzz("jpeg", |bytes| is_clean("image/jpeg", bytes));
}

/// S37.
#[test]
fn s37_a_png_of_any_bytes_is_cleaned_or_refused() {
    fuzz::fuzz("png", |bytes| is_clean("image/png", bytes));
}

/// S37.
#[test]
fn s37_a_webp_of_any_bytes_is_cleaned_or_refused() {
    fuzz::fuzz("webp", |bytes| is_clean("image/webp", bytes));
}
