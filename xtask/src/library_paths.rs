//! The paths of libraries in a module: those of panics that no caller is named for. They cost a kilobyte and say less
//! than the line and the column beside them; paths of our own stay.

/// What such a path begins with: the standard library's, and a crate's once `--remap-path-prefix` has shortened it.
const STARTS: [&[u8]; 2] = [b"/rustc/", b"index.crates.io-"];
const END: &[u8] = b".rs";

/// Puts a blank in the place of each of their letters, so that nothing moves.
pub fn blank(module: &mut [u8]) {
    for start in STARTS {
        let mut from = 0;
        while let Some(at) = position(&module[from..], start) {
            let path = &mut module[from + at..];
            let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+".contains(byte);
            let letters = path.iter().take_while(|byte| is_letter(byte)).count();
            let len = position(&path[..letters], END).map_or(0, |end| end + END.len());
            path[..len].fill(b' ');
            from += at + start.len();
        }
    }
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_libraries_are_blank_and_nothing_else_moves() {
        for (module, expected) in [
            ("a/rustc/59807616/library/core/src/cell.rswidget/src/lib.rs", 40),
            ("index.crates.io-1949cf8c/any_spawner-0.3.0/src/lib.rs\0b", 53),
        ] {
            let mut bytes = module.as_bytes().to_vec();
            blank(&mut bytes);
            let blanks = bytes.iter().filter(|byte| **byte == b' ').count();
            assert_eq!(
                (blanks, bytes.len()),
                (expected, module.len()),
                "{}",
                String::from_utf8_lossy(&bytes)
            );
        }
        for kept in ["/rustc/ is a folder", "/rustc/a\0b.rs", "widget/src/lib.rs", "/rustc/"] {
            let mut bytes = kept.as_bytes().to_vec();
            blank(&mut bytes);
            assert_eq!(bytes, kept.as_bytes());
        }
    }
}
