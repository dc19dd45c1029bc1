//! Colour profiles without what they say in words: whose screen it was, which program wrote them, and when.

use std::ops::Range;

/// Tags by which colours are computed (ICC.1:2022, 9.2).
const TAGS: [[u8; 4]; 29] = [
    *b"rXYZ", *b"gXYZ", *b"bXYZ", *b"rTRC", *b"gTRC", *b"bTRC", *b"kTRC", *b"wtpt", *b"bkpt", *b"chad",
    *b"chrm", *b"lumi", *b"gamt", *b"cicp", *b"A2B0", *b"A2B1", *b"A2B2", *b"B2A0", *b"B2A1", *b"B2A2",
    *b"D2B0", *b"D2B1", *b"D2B2", *b"D2B3", *b"B2D0", *b"B2D1", *b"B2D2", *b"B2D3", *b"rig0",
];
/// Types of tags that are numbers (ICC.1:2022, 10).
const NUMBERS: [[u8; 4]; 11] = [
    *b"XYZ ", *b"curv", *b"para", *b"sf32", *b"mft1", *b"mft2", *b"mAB ", *b"mBA ", *b"mpet", *b"chrm",
    *b"cicp",
];
/// Of the head: sizes, versions, kinds, flags, intent and illuminant; not the date, the device, the creator and the sum
/// over the whole (ICC.1:2022, 7.2).
const HEAD: [Range<usize>; 3] = [0..24, 36..48, 56..80];
/// Where the tags are listed, and how long an entry is: name, place, length.
const LIST: usize = 128;
const ENTRY: usize = 12;

/// Returns a profile of the same length without words; none for what is no profile.
///
/// Readers look for tags by their place, so that the words become zeros where they stand: texts of no letters.
pub(super) fn clean(profile: &[u8]) -> Option<Vec<u8>> {
    let number = |at: usize| usize::try_from(u32::from_be_bytes(*profile.get(at..)?.first_chunk()?)).ok();
    (profile.get(36..40)? == b"acsp").then_some(())?;
    let list = LIST..LIST.checked_add(4)?.checked_add(number(LIST)?.checked_mul(ENTRY)?)?;
    let tags: Option<Vec<_>> = profile
        .get(list.clone())?
        .get(4..)?
        .chunks_exact(ENTRY)
        .zip((list.start + 4..).step_by(ENTRY))
        .map(|(entry, at)| {
            let place = number(at + 4)?..number(at + 4)?.checked_add(number(at + 8)?)?;
            let is_colour = TAGS.iter().any(|tag| entry.starts_with(tag))
                && NUMBERS
                    .iter()
                    .any(|kind| profile.get(place.clone()).is_some_and(|tag| tag.starts_with(kind)));
            profile.get(place.clone())?;
            Some((is_colour, place))
        })
        .collect();
    let tags = tags?;
    let mut clean = vec![0; profile.len()];
    let mut keep = |place: Range<usize>| clean[place.clone()].copy_from_slice(&profile[place]);
    // A text keeps its kind, and what it shares with numbers.
    let (colours, texts): (Vec<_>, Vec<_>) = tags.into_iter().partition(|(is_colour, _)| *is_colour);
    texts.into_iter().for_each(|(_, tag)| keep(tag.start..tag.end.min(tag.start + 4)));
    colours.into_iter().for_each(|(_, tag)| keep(tag));
    HEAD.into_iter().chain([list]).for_each(keep);
    Some(clean)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    const WORDS: &[u8] = b"place=35.6812";

    /// A profile with a matrix, a curve of so many bytes, and words in every place for them.
    pub(in super::super) fn profile(curve: usize) -> Vec<u8> {
        let curve = [&b"curv"[..], &vec![7; curve]].concat();
        let tags: [(&[u8; 4], &[u8]); 6] = [
            (b"desc", &[&b"desc\0\0\0\0\0\0\0\x0d"[..], WORDS].concat()),
            (b"cprt", &[&b"text\0\0\0\0"[..], WORDS].concat()),
            (b"rXYZ", b"XYZ \0\0\0\0abcdefghijkl"),
            (b"rTRC", &curve),
            (b"mmod", &[&b"mmod\0\0\0\0"[..], WORDS].concat()),
            // Words under the name of numbers.
            (b"gTRC", &[&b"text\0\0\0\0"[..], WORDS].concat()),
        ];
        let mut head = [0; LIST];
        head[36..40].copy_from_slice(b"acsp");
        head[24..36].copy_from_slice(&[9; 12]);
        head[80..93].copy_from_slice(WORDS);
        let mut list = (tags.len() as u32).to_be_bytes().to_vec();
        let mut place = LIST + 4 + ENTRY * tags.len();
        for (name, data) in tags {
            list.extend(name);
            list.extend((place as u32).to_be_bytes());
            list.extend((data.len() as u32).to_be_bytes());
            place += data.len();
        }
        [&head[..], &list, &tags.map(|(_, data)| data.to_vec()).concat(), WORDS].concat()
    }

    #[test]
    fn numbers_stay_where_they_are_and_words_go() {
        let whole = profile(40);
        let kept = clean(&whole).unwrap();
        assert_eq!(kept.len(), whole.len());
        assert!(!kept.windows(7).any(|part| part == b"35.6812"));
        for stays in [&b"acsp"[..], b"XYZ \0\0\0\0abcdefghijkl", &[&b"curv"[..], &[7; 40]].concat()] {
            let place = |all: &[u8]| all.windows(stays.len()).position(|part| part == stays);
            assert!(place(&kept).is_some() && place(&kept) == place(&whole), "{stays:?}");
        }
        assert_eq!(clean(&kept), Some(kept));
    }

    #[test]
    fn what_is_no_profile_goes() {
        let whole = profile(40);
        for length in [0, 40, 131, 180, whole.len() - WORDS.len() - 1] {
            assert_eq!(clean(&whole[..length]), None, "{length} bytes");
        }
        let mut endless = whole;
        endless[LIST..LIST + 4].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(clean(&endless), None);
    }
}
