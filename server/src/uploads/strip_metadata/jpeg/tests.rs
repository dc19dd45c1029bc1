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

fn segment(marker: u8, said: &[u8]) -> Vec<u8> {
    let length = u16::try_from(said.len() + 2).unwrap_or_default().to_be_bytes();
    [&[0xff, marker][..], &length, said].concat()
}

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

#[test]
fn stray_bytes_between_two_segments_go() {
    for picture in PICTURES {
        let (start, rest) = picture.split_at(behind_jfif(picture));
        for stray in [&[0, 0][..], PLACE, &[0xff, 0, 7], &[0xff, 0xff]] {
            assert_eq!(jpeg(&[start, stray, rest].concat()).as_deref(), Some(picture), "{stray:?}");
        }
    }
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
