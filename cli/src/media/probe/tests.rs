//! Clips as phones, recorders and editors write them.

use super::*;

fn clip() -> Vec<u8> {
    std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../demo-site/clips/first-setup.mp4")).unwrap()
}

/// Where the box of this name begins, after its length.
fn place(content: &[u8], name: &[u8; 4]) -> usize {
    content.windows(4).position(|window| window == name).unwrap()
}

/// Changes the content of the box that a path leads to, and the lengths around it.
fn changed(file: &[u8], path: &[&[u8; 4]], change: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let Some((first, path)) = path.split_first() else { return change(file) };
    let mut is_first = true;
    let all = boxes(file, 0..file.len()).into_iter().flat_map(|found| {
        if found.name != **first || !std::mem::take(&mut is_first) {
            return file[found.whole].to_vec();
        }
        let content = changed(&file[found.content], path, change);
        [&u32::try_from(8 + content.len()).unwrap().to_be_bytes()[..], &found.name, &content].concat()
    });
    all.collect()
}

/// Turns by a quarter, by a half, by three quarters, and not at all.
const TURNS: [([i32; 4], bool); 4] =
    [([0, 1, -1, 0], true), ([-1, 0, 0, -1], false), ([0, -1, 1, 0], true), ([1, 0, 0, 1], false)];

/// Writes a turn into a matrix.
fn turn(matrix: &mut [u8], turn: [i32; 4]) {
    for (at, value) in [0, 4, 12, 16].into_iter().zip(turn) {
        matrix[at..at + 4].copy_from_slice(&(value * 0x1_0000).to_be_bytes());
    }
}

/// How many seconds an edit plays, and from which second of the media.
type Edit = (f64, Option<u32>);

const TRACK: [&[u8; 4]; 3] = [b"moov", b"trak", b"tkhd"];
const MOVIE: [&[u8; 4]; 2] = [b"moov", b"mvhd"];

#[test]
fn a_clip_that_was_turned_is_as_wide_as_it_is_shown() {
    let flat = probe(&clip()).unwrap();
    assert!(flat.width > flat.height);
    // Where the matrix is in version 0 (ISO 14496-12, 8.3.2 and 8.2.2).
    for (path, at) in [(&TRACK[..], 40), (&MOVIE[..], 36)] {
        for (way, is_turned) in TURNS {
            let file = changed(&clip(), path, &|head| {
                let mut head = head.to_vec();
                turn(&mut head[at..], way);
                head
            });
            let sides = if is_turned { (flat.height, flat.width) } else { (flat.width, flat.height) };
            let turned = probe(&file).unwrap();
            assert_eq!((turned.width, turned.height), sides, "{way:?} in {path:?}");
        }
    }
}

/// A head of version 1, which has its times in 64 bits: the first two, and the length that stands so far behind them.
fn wide(head: &[u8], length: usize) -> Vec<u8> {
    let zeros = &[0; 4][..];
    let (times, rest) = head[4..].split_at(8);
    let (between, rest) = rest.split_at(length);
    [&[1][..], &head[1..4], zeros, &times[..4], zeros, &times[4..], between, zeros, rest].concat()
}

#[test]
fn heads_and_lengths_of_64_bits_say_the_same() {
    let plain = probe(&clip()).unwrap();
    let media: [&[u8; 4]; 4] = [b"moov", b"trak", b"mdia", b"mdhd"];
    for (path, length) in [(&TRACK[..], 8), (&MOVIE[..], 4), (&media[..], 4)] {
        let file = changed(&clip(), path, &|head| wide(head, length));
        assert_eq!(probe(&file).unwrap(), plain, "{path:?}");
    }
    let turned = changed(&clip(), &MOVIE, &|head| {
        let mut head = wide(head, 4);
        turn(&mut head[48..], TURNS[0].0);
        head
    });
    assert_eq!(probe(&turned).unwrap().height, plain.width);
    let file = clip();
    for name in [b"moov", b"mdat"] {
        let found = boxes(&file, 0..file.len()).into_iter().find(|found| found.name == *name).unwrap();
        let length = (found.content.len() as u64 + 16).to_be_bytes();
        let mut long = file.clone();
        long.splice(found.whole.start..found.content.start, [&[0, 0, 0, 1][..], &name[..], &length].concat());
        assert_eq!(probe(&long).unwrap(), plain, "{name:?} with a length of 64 bits");
    }
    let mut open = file.clone();
    let last = boxes(&file, 0..file.len()).pop().unwrap();
    let data = place(&open, b"mdat") - 4;
    open.truncate(last.whole.end);
    open[data..data + 4].fill(0);
    assert_eq!(probe(&open).unwrap(), plain, "data to the end of the file");
}

#[test]
fn edits_are_counted_in_how_long_a_clip_plays() {
    let movie = clip();
    let head = find(&movie, 0..movie.len(), &MOVIE)[0];
    let scale = f64::from(u32::from_be_bytes(head[12..16].try_into().unwrap()));
    let media = find(&movie, 0..movie.len(), &[b"moov", b"trak", b"mdia", b"mdhd"])[0];
    let number = |at: usize| u32::from_be_bytes(media[at..at + 4].try_into().unwrap());
    let (units, long) = (number(12), f64::from(number(16)) / f64::from(number(12)));
    let of = |seconds: f64| (seconds * scale) as u32;
    let table: [(&[Edit], f64); 6] = [
        (&[], long),
        (&[(5.0, Some(0))], 5.0),
        (&[(2.0, None), (5.0, Some(0))], 7.0),
        (&[(4.0, Some(1))], 4.0),
        (&[(0.0, Some(1))], long - 1.0),
        (&[(1.0, None), (2.0, Some(0)), (3.0, Some(1))], 6.0),
    ];
    for (edits, expected) in table {
        for version in [0, 1] {
            let number = |value: u32| match version {
                0 => value.to_be_bytes().to_vec(),
                _ => u64::from(value).to_be_bytes().to_vec(),
            };
            let nowhere = vec![0xff; if version == 0 { 4 } else { 8 }];
            let edit = |(plays, from): &Edit| {
                let from = from.map_or(nowhere.clone(), |second| number(second * units));
                [number(of(*plays)), from, vec![0, 1, 0, 0]].concat()
            };
            let list = [vec![version, 0, 0, 0], (edits.len() as u32).to_be_bytes().to_vec()].concat();
            let list = [list, edits.iter().flat_map(edit).collect()].concat();
            let boxed = |name: &[u8; 4], content: &[u8]| {
                [&(content.len() as u32 + 8).to_be_bytes()[..], name, content].concat()
            };
            let file = changed(&movie, &[b"moov", b"trak"], &|track| {
                let others = boxes(track, 0..track.len()).into_iter().filter(|found| found.name != *b"edts");
                let others: Vec<u8> = others.flat_map(|found| track[found.whole].to_vec()).collect();
                [others, boxed(b"edts", &boxed(b"elst", &list))].concat()
            });
            let seconds = probe(&file).unwrap().seconds;
            assert!((seconds - expected).abs() < 0.01, "{edits:?}: {seconds} s and not {expected}");
        }
    }
}

#[test]
fn a_picture_whose_track_says_no_size_is_as_large_as_it_is_stored() {
    let plain = probe(&clip()).unwrap();
    let file = changed(&clip(), &TRACK, &|head| [&head[..head.len() - 8], &[0; 8]].concat());
    assert_eq!(probe(&file).unwrap(), plain);
}

#[test]
fn a_clip_in_fragments_is_refused_with_the_command_that_mends_it() {
    let mut pieces = clip();
    let data = place(&pieces, b"mdat") - 4;
    pieces.splice(data..data, *b"\0\0\0\x08moof");
    // The length stands 16 bytes after the name in version 0 (ISO 14496-12, 8.4.2).
    let lasts = |length: u32| {
        let mut content = clip();
        let at = place(&content, b"mdhd") + 4 + 16;
        content[at..at + 4].copy_from_slice(&length.to_be_bytes());
        content
    };
    for content in [pieces, lasts(0), lasts(u32::MAX)] {
        let refused = probe(&content).unwrap_err().to_string();
        assert!(
            refused.starts_with("it is in fragments") && refused.contains("ffmpeg -i IN -c copy"),
            "{refused}"
        );
    }
}
