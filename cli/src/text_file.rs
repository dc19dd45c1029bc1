//! Files that people write: read as UTF-8, with or without a byte order mark.

use std::path::Path;

use anyhow::{Context, Result, bail};

/// Reads a file as a text.
///
/// # Errors
/// When it cannot be read, or is no UTF-8: with its encoding, where that can be seen, and the line where it begins.
pub fn read(file: &Path) -> Result<String> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    decode(bytes).with_context(|| format!("cannot read {}", file.display()))
}

fn decode(bytes: Vec<u8>) -> Result<String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        bail!("it is saved as UTF-16: save it as UTF-8");
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map(ToOwned::to_owned).unwrap_or(text)),
        Err(error) => {
            let line = 1 + error.as_bytes()[..error.utf8_error().valid_up_to()]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count();
            let kind = if is_shift_jis(error.as_bytes()) { "Shift_JIS" } else { "another encoding" };
            bail!("it is saved in {kind}, as line {line} shows: save it as UTF-8");
        }
    }
}

/// Whether bytes are well-formed in Shift_JIS (JIS X 0208, appendix 1), half-width kana included.
fn is_shift_jis(bytes: &[u8]) -> bool {
    let mut bytes = bytes.iter();
    while let Some(byte) = bytes.next() {
        let fits = match byte {
            0x00..=0x7f | 0xa1..=0xdf => true,
            0x81..=0x9f | 0xe0..=0xfc => matches!(bytes.next(), Some(0x40..=0x7e | 0x80..=0xfc)),
            _ => false,
        };
        if !fits {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_utf_8_is_named_with_its_line() {
        // "title = 設定" with the word in Shift_JIS.
        let shift_jis = b"name = 1\ntitle = \x90\xdd\x92\xe8\n".to_vec();
        for (bytes, expected) in [
            (shift_jis, "it is saved in Shift_JIS, as line 2 shows: save it as UTF-8"),
            (b"a\xff\n".to_vec(), "it is saved in another encoding, as line 1 shows: save it as UTF-8"),
            (b"\xff\xfea\0".to_vec(), "it is saved as UTF-16: save it as UTF-8"),
            (b"\xfe\xff\0a".to_vec(), "it is saved as UTF-16: save it as UTF-8"),
        ] {
            assert_eq!(decode(bytes).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        assert_eq!(decode(b"\xef\xbb\xbf# \xe8\xa8\xad".to_vec()).unwrap(), "# 設");
        assert_eq!(decode(Vec::new()).unwrap(), "");
    }
}
