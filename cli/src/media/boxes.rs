//! The boxes of an MP4 (ISO 14496-12, 4.2): each has its length and its name before its content.

use std::ops::Range;

/// A box.
pub(super) struct Mp4Box {
    pub(super) name: [u8; 4],
    /// Where it is, its length and name included.
    pub(super) whole: Range<usize>,
    /// Where its content is.
    pub(super) content: Range<usize>,
}

/// Returns the boxes of a file, or of the content of a box, in order. One that says no length reaches to the end.
pub(super) fn boxes(file: &[u8], within: Range<usize>) -> Vec<Mp4Box> {
    let mut found = Vec::new();
    let mut at = within.start;
    let bytes = &file[..within.end.min(file.len())];
    while let Some(&[a, b, c, d, ref name @ ..]) = bytes.get(at..at + 8) {
        let (head, size) = match number(&[a, b, c, d]) {
            0 => (8, (bytes.len() - at) as u64),
            1 => (16, bytes.get(at + 8..at + 16).map_or(u64::MAX, number)),
            size => (8, size),
        };
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let end = at.saturating_add(size.max(head)).min(bytes.len());
        let name = [name[0], name[1], name[2], name[3]];
        found.push(Mp4Box { name, whole: at..end, content: (at + head).min(end)..end });
        at = end;
    }
    found
}

/// Returns the number that at most eight bytes are, the largest first (ISO 14496-12, 4.2).
pub(super) fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// Returns the content of the boxes that a path of names leads to.
pub(super) fn find<'a>(file: &'a [u8], within: Range<usize>, path: &[&[u8; 4]]) -> Vec<&'a [u8]> {
    let Some((first, path)) = path.split_first() else { return vec![&file[within]] };
    let inner = boxes(file, within).into_iter().filter(|found| found.name == **first);
    inner.flat_map(|found| find(file, found.content, path)).collect()
}

/// Makes empty what a camera says of place, device and people, and moves nothing: what plays is found by its place.
pub(super) fn clear_metadata(file: &mut [u8]) {
    clear(file, 0..file.len());
}

fn clear(file: &mut [u8], within: Range<usize>) {
    for found in boxes(file, within) {
        match &found.name {
            b"moov" | b"trak" => clear(file, found.content),
            b"udta" | b"meta" | b"uuid" => {
                file[found.whole.start + 4..found.whole.start + 8].copy_from_slice(b"free");
                file[found.content].fill(0);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(8 + content.len()).unwrap().to_be_bytes();
        [&length[..], name, content].concat()
    }

    #[test]
    fn a_length_is_of_32_bits_or_of_64_or_reaches_to_the_end() {
        let wide = [&b"\0\0\0\x01wide\0\0\0\0\0\0\0\x13"[..], b"abc"].concat();
        let file = [boxed(b"ftyp", b"isom"), wide, b"\0\0\0\0mdatdata".to_vec()].concat();
        let found: Vec<_> = boxes(&file, 0..file.len())
            .into_iter()
            .map(|found| (found.name, String::from_utf8_lossy(&file[found.content]).into_owned()))
            .collect();
        assert_eq!(
            found,
            [(*b"ftyp", "isom".to_owned()), (*b"wide", "abc".into()), (*b"mdat", "data".into())]
        );
        for broken in
            [&b"\0\0\0\x01wide\xff\xff\xff\xff\xff\xff\xff\xff"[..], b"\0\0\0\x03tiny", b"\xff\0\0\0long"]
        {
            let found = boxes(broken, 0..broken.len());
            assert_eq!((found.len(), found[0].whole.end), (1, broken.len()));
        }
    }

    #[test]
    fn what_a_camera_says_of_the_place_goes_and_nothing_moves() {
        let place = boxed(b"udta", &boxed(b"\xa9xyz", b"+35.6812+139.7671/"));
        let track = boxed(b"trak", &[boxed(b"tkhd", b"head"), boxed(b"meta", b"35.6812")].concat());
        let index = boxed(b"moov", &[boxed(b"mvhd", b"head"), place, track].concat());
        let mut file = [index, boxed(b"uuid", b"35.6812"), boxed(b"mdat", b"udta plays")].concat();
        let whole = file.clone();
        clear_metadata(&mut file);
        assert!(!file.windows(7).any(|part| part == b"35.6812"));
        assert_eq!(file.len(), whole.len());
        assert!(file.ends_with(&boxed(b"mdat", b"udta plays")));
        for name in [b"mvhd", b"tkhd"] {
            let place = |file: &[u8]| file.windows(4).position(|part| part == name);
            assert_eq!(place(&file), place(&whole));
        }
    }
}
