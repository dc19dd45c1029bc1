//! What can be done to an input.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Texts at which parsers stumble, and numbers at the ends of their kinds.
const WORDS: [&[u8]; 40] = [
    b"0",
    b"-1",
    b"-0",
    b"999",
    b"1e999",
    b"9007199254740993",
    b"18446744073709551616",
    b"NaN",
    b"null",
    b"true",
    b"\"\"",
    b"{}",
    b"[]",
    b"[[[[[[[[[[[[[[[[[[",
    b"\"\\u0000\"",
    b"\"\\ud800\"",
    b"\\",
    b"\"",
    b"'",
    b"\r",
    b"\n\n",
    b"\t",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xae",
    b"-->",
    b"00:00:00.000",
    b"99:59:59.999",
    b"**",
    b"](",
    b"<!--",
    b"&#0;",
    b"`",
    b"#",
    b"@",
    b".",
    b"=",
    b"\xff\xd8\xff",
    b"\xff\xff\xff\xff",
];

/// One change. Places are shares of the input, so that a smaller one is changed alike.
#[derive(Clone, Debug)]
pub enum Change {
    /// Another byte.
    Byte(Index, u8),
    /// One bit.
    Bit(Index, u8),
    /// A word of the list is put in, over what is there or before it.
    Word(Index, &'static [u8], bool),
    /// Bytes are put in.
    Insert(Index, Vec<u8>),
    /// Bytes are left out.
    Remove(Index, u16),
    /// Bytes come again.
    Repeat(Index, u8, u8),
    /// Everything from there on is left out.
    Cut(Index),
    /// Bytes of another file of the corpus.
    Splice(Index, Index, Index, u16),
}

/// Any change; those that leave most as it is are tried first when it is made small.
pub fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        (at(), 0_u8..8).prop_map(|(at, bit)| Change::Bit(at, bit)),
        (at(), select(WORDS.to_vec()), any::<bool>())
            .prop_map(|(at, word, over)| Change::Word(at, word, over)),
        (at(), vec(any::<u8>(), 1..16)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (at(), 1_u16..64).prop_map(|(at, count)| Change::Remove(at, count)),
        (at(), 1_u8..32, 1_u8..64).prop_map(|(at, length, times)| Change::Repeat(at, length, times)),
        at().prop_map(Change::Cut),
        (at(), at(), at(), 1_u16..512)
            .prop_map(|(at, seed, from, length)| Change::Splice(at, seed, from, length)),
    ]
}

impl Change {
    /// Changes the input; one that has no such place stays as it is.
    pub fn apply(&self, input: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let place = |at: &Index| at.index(input.len() + 1);
        match self {
            Self::Byte(at, byte) if !input.is_empty() => {
                let at = at.index(input.len());
                input[at] = *byte;
            }
            Self::Bit(at, bit) if !input.is_empty() => {
                let at = at.index(input.len());
                input[at] ^= 1 << bit;
            }
            Self::Byte(..) | Self::Bit(..) => {}
            Self::Word(at, word, over) => {
                let at = place(at);
                let end = if *over { (at + word.len()).min(input.len()) } else { at };
                input.splice(at..end, word.iter().copied());
            }
            Self::Insert(at, bytes) => {
                let at = place(at);
                input.splice(at..at, bytes.iter().copied());
            }
            Self::Remove(at, count) => {
                let at = place(at);
                input.drain(at..(at + usize::from(*count)).min(input.len()));
            }
            Self::Repeat(at, length, times) => {
                let at = place(at);
                let again = input[at..(at + usize::from(*length)).min(input.len())].repeat((*times).into());
                input.splice(at..at, again);
            }
            Self::Cut(at) => input.truncate(place(at)),
            Self::Splice(at, seed, from, length) => {
                let (at, other) = (place(at), seed.get(seeds));
                let from = from.index(other.len() + 1);
                let other = &other[from..(from + usize::from(*length)).min(other.len())];
                input.splice(at..at, other.iter().copied());
            }
        }
    }
}
