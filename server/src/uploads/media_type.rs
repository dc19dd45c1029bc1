//! The media type of a file, by its content, and the extension that goes with it.

/// Accepted media types, as `infer` names them, with the extensions that their names may have; the first is added
/// to a name that has none of them. None is a type that a browser would run.
const ACCEPTED: [(&str, &[&str]); 10] = [
    ("image/jpeg", &["jpg", "jpeg"]),
    ("image/png", &["png"]),
    ("image/gif", &["gif"]),
    ("image/webp", &["webp"]),
    ("application/pdf", &["pdf"]),
    ("application/zip", &["zip"]),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"]),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"]),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", &["pptx"]),
    ("text/plain", &["txt", "csv", "tsv", "log", "md", "json"]),
];
/// How much of a file's start is examined, in bytes.
pub const SNIFFED: usize = 64 * 1024;

/// Returns the media type that the start of a file shows; none when it is not accepted.
pub fn sniff(start: &[u8]) -> Option<&'static str> {
    let found = infer::get(start).map(|found| found.mime_type());
    let taken = ACCEPTED.into_iter().map(|(kind, _)| kind).find(|kind| Some(*kind) == found);
    // Some signatures are words: a text may begin with "BM", the signature of bitmaps.
    let is_other_text = found.is_some_and(|found| found.starts_with("text/"));
    taken.or_else(|| (!is_other_text && is_text(start)).then_some("text/plain"))
}

/// Whether a file is a text: no control characters, whatever the encoding, and nothing that might be run.
fn is_text(start: &[u8]) -> bool {
    let words = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let controls = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x1b | 0x0c);
    !words.is_empty() && !start.iter().any(controls) && !words.starts_with(b"<") && !words.starts_with(b"#!")
}

/// Returns the name with an extension of its media type: a saved file is opened by its name.
pub fn with_extension(name: &str, kind: &str) -> String {
    let fits = ACCEPTED.into_iter().find(|(known, _)| *known == kind).map_or(&[][..], |(_, endings)| endings);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match fits.first() {
        Some(usual) if !ending.is_some_and(|ending| fits.contains(&ending.as_str())) => {
            format!("{name}.{usual}")
        }
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_something_would_run_is_not_accepted() {
        for bad in [
            "<html><script>",
            "\u{feff}<script>",
            "  <svg onload=x>",
            "<?xml version='1.0'?><svg/>",
            "#!/bin/sh\n",
            "MZ\0\0",
            "",
        ] {
            assert_eq!(sniff(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(sniff("氏名,メール\r\n田中,t@example.com\r\n".as_bytes()), Some("text/plain"));
        assert_eq!(sniff(b"\x8e\x81\x96\xbc,a\r\n"), Some("text/plain"), "Shift_JIS");
        assert_eq!(sniff(b"BM is how this text begins"), Some("text/plain"));
        assert_eq!(sniff(b"%PDF-1.7\n"), Some("application/pdf"));
    }

    #[test]
    fn a_name_says_what_it_is() {
        assert_eq!(with_extension("顧客.csv", "text/plain"), "顧客.csv");
        assert_eq!(with_extension("invoice.html", "text/plain"), "invoice.html.txt");
        assert_eq!(with_extension("tool.JAR", "application/zip"), "tool.JAR.zip");
        assert_eq!(with_extension("IMG.JPEG", "image/jpeg"), "IMG.JPEG");
        assert_eq!(with_extension("photo", "image/png"), "photo.png");
    }
}
