//! JPEG files as tools and phones leave them. The pictures beside this file were written by libjpeg.

use proptest::prelude::*;

use super::*;

const PICTURES: [&[u8]; 4] = [
    include_bytes!("pictures/baseline.jpg"),
    include_bytes!("pictures/restarts.jpg"),
    include_bytes!("pictures/progressive.jpg"),
    include_bytes!("pictures/grey.jpg"),
];
const PLACE: &[u8] = b"place=35.6812,139.7671";

fn has_place(content: &[u8]) -> bool {
    content.windows(7).any(|part| part == b"35.6812")
}

/// Where the second segment begins, behind JFIF's.
fn behind_jfif(picture: &[u8]) -> usize {
    4 + usize::from(picture[5])
}

/// A picture without its end mark.
fn open(picture: &[u8]) -> &[u8] {
    &picture[..picture.len() - 2]
}

#[test]
fn what_libjpeg_writes_is_kept_byte_by_byte() {
    for picture in PICTURES {
        assert_eq!(jpeg(picture).as_deref(), Some(picture));
    }
}

#[test]
fn c36_what_stands_before_and_behind_a_jpeg_goes() {
    for picture in PICTURES {
        let (start, rest) = picture.split_at(behind_jfif(picture));
        let exif = segment(0xe1, &[&b"Exif\0\0"[..], &only_orientation(6)[10..]].concat());
        let telling: Vec<u8> = [0xe0, 0xe1, 0xe2, 0xeb, 0xed, 0xee, 0xfe]
            .iter()
            .flat_map(|marker| segment(*marker, PLACE))
            .collect();
        let told = [start, &exif, &telling, rest, &[0xff, 0xd8], &telling, &[0xff, 0xd9]].concat();
        assert_eq!(jpeg(&told), Some([start, &only_orientation(6), rest].concat()));
    }
}

#[test]
fn what_a_phone_leaves_behind_the_last_scan_goes_with_or_without_an_end_mark() {
    let stuffed = [PLACE, &[0xff, 0, 0xff, 0xd0], PLACE].concat();
    let pictures = [&segment(0xe1, PLACE)[..], &segment(0xfe, PLACE), &segment(0xda, PLACE)].concat();
    for picture in PICTURES {
        for trailer in [PLACE, &stuffed, &[0, 0], &[0xff, 0xd8, 0xff, 0xe1], &[0xff, 0xd3], &pictures, &[]] {
            for end in [&[0xff, 0xd9][..], &[]] {
                let kept = jpeg(&[open(picture), trailer, end].concat()).unwrap_or_default();
                assert!(!has_place(&kept), "{trailer:?}");
                if !trailer.starts_with(&[0xff, 0xe1]) {
                    assert_eq!(kept, picture, "{trailer:?}");
                }
            }
        }
    }
}

/// Where each segment begins, and each restart marker and end mark; behind JFIF's.
fn marks(picture: &[u8]) -> Vec<usize> {
    let from = behind_jfif(picture);
    let mut at = from;
    let mut all = Vec::new();
    while at + 1 < picture.len() {
        match (picture[at], picture[at + 1]) {
            (0xff, 0xd0..=0xd9) => {
                all.push(at);
                at += 2;
            }
            (0xff, 0xc0..=0xfe) => {
                all.push(at);
                at += 2 + usize::from(u16::from_be_bytes([picture[at + 2], picture[at + 3]]));
            }
            _ => at += 1,
        }
    }
    all
}

#[test]
fn stray_bytes_before_any_mark_go() {
    for picture in PICTURES {
        let marks = marks(picture);
        assert!(marks.len() > 5);
        for at in marks {
            let (start, rest) = picture.split_at(at);
            for stray in [&[0, 0][..], PLACE, &[0xff, 0, 7], &[0xff, 0xff], &[0xff, 0]] {
                let kept = jpeg(&[start, stray, rest].concat());
                assert_eq!(kept.as_deref(), Some(picture), "{stray:?} before {at}");
            }
        }
    }
}

#[test]
fn metadata_between_two_scans_goes() {
    for picture in PICTURES {
        for at in marks(picture).into_iter().filter(|at| !(0xd0..=0xd9).contains(&picture[at + 1])) {
            let (start, rest) = picture.split_at(at);
            for telling in [0xe0, 0xe1, 0xe2, 0xed, 0xfe].map(|marker| segment(marker, PLACE)) {
                assert_eq!(jpeg(&[start, &telling, rest].concat()).as_deref(), Some(picture), "before {at}");
            }
        }
    }
}

#[test]
fn what_is_damaged_ends_at_the_next_restart() {
    let picture = PICTURES[1];
    let restarts: Vec<usize> =
        marks(picture).into_iter().filter(|at| (0xd0..=0xd7).contains(&picture[at + 1])).collect();
    let (first, second) = (restarts[0], restarts[1]);
    // Codes of ones alone are none.
    let damaged = [&picture[..first + 2], &[0xff, 0, 0xff, 0, 0xff, 0], PLACE, &picture[second..]].concat();
    let kept = jpeg(&damaged).unwrap();
    assert!(!has_place(&kept) && kept.ends_with(&picture[second..]));
}

#[test]
fn a_segment_keeps_what_counts_of_it() {
    for picture in PICTURES {
        let rest = &picture[behind_jfif(picture)..];
        let small = [&b"JFIF\0\x01\x01\0\0\x01\0\x01\x03\x02"[..], &[7; 18], PLACE].concat();
        let adobe = [&b"Adobe\0d\0\0\0\0\x01"[..], PLACE].concat();
        let told = [&[0xff, 0xd8][..], &segment(0xe0, &small), &segment(0xee, &adobe), rest].concat();
        let (small, adobe) = ([&small[..12], &[0, 0]].concat(), &adobe[..12]);
        let plain = [&[0xff, 0xd8][..], &segment(0xe0, &small), &segment(0xee, adobe), rest].concat();
        assert_eq!(jpeg(&told), Some(plain));
    }
}

#[test]
fn a_colour_profile_stays_without_its_words_in_as_many_segments_as_it_has() {
    let picture = PICTURES[0];
    let (start, rest) = picture.split_at(behind_jfif(picture));
    let large = icc::tests::profile(70_000);
    let parts: Vec<Vec<u8>> = large
        .chunks(40_000)
        .zip(1..)
        .map(|(part, n)| segment(0xe2, &[&b"ICC_PROFILE\0"[..], &[n, 2], part].concat()))
        .collect();
    let kept = jpeg(&[start, &parts[1], &parts[0], rest].concat()).unwrap();
    assert!(!has_place(&kept) && kept.starts_with(start) && kept.ends_with(rest));
    assert_eq!(profile(&kept).map(|parts| [start, &parts, rest].concat()), Some(kept), "it is one still");
    let cut = jpeg(&[start, &parts[0][..600], rest].concat());
    assert!(!has_place(&cut.unwrap_or_default()));
}

#[test]
fn a_picture_that_breaks_off_ends_there_and_a_head_alone_is_none() {
    for picture in PICTURES {
        let scan = picture.windows(2).position(|mark| mark == [0xff, 0xda]).unwrap_or_default();
        for length in 2..picture.len() - 2 {
            let kept = jpeg(&picture[..length]);
            if length <= scan {
                assert_eq!(kept, None, "{length} bytes have no scan");
            }
            if let Some(kept) = kept {
                assert!(kept.len() <= length + 2 && picture.starts_with(open(&kept)), "{length} bytes");
            }
        }
    }
}

#[test]
fn scans_without_end_are_refused() {
    let picture = PICTURES[3];
    let scan = picture.windows(2).position(|mark| mark == [0xff, 0xda]).unwrap_or_default();
    let frame = picture.windows(2).position(|mark| mark == [0xff, 0xc2]).unwrap_or_default();
    let mut bomb = picture[..scan].to_vec();
    bomb[frame + 5..frame + 9].copy_from_slice(&[9_000_u16.to_be_bytes(), 12_000_u16.to_be_bytes()].concat());
    let empty = segment(0xda, &[1, picture[scan + 5], 0, 0, 0, 0x10]);
    assert!(jpeg(&[&bomb[..], &empty.repeat(10)].concat()).is_some(), "as many as a picture has");
    bomb.extend(empty.repeat(100));
    assert_eq!(jpeg(&bomb), None);
}

proptest! {
    /// Whatever is changed in a picture, what is kept is read without harm and has no trailer.
    #[test]
    fn a_damaged_picture_does_no_harm(which in 0..4_usize, at in 0..800_usize, byte: u8) {
        let mut picture = PICTURES[which].to_vec();
        let at = at % picture.len();
        picture[at] = byte;
        if let Some(kept) = jpeg(&picture) {
            prop_assert!(kept.len() <= picture.len() + 2);
            prop_assert_eq!(jpeg(&kept), Some(kept.clone()), "what was kept is kept again");
        }
    }
}
