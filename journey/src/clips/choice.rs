//! Which rendition of a video a person gets, and which captions.

/// The index of the first width that is sharp on so many pixels, or of the last; the widths are in order.
#[must_use]
pub fn rendition(widths: &[u32], pixels: f64) -> usize {
    let sharp = widths.iter().position(|width| f64::from(*width) >= pixels);
    sharp.unwrap_or(widths.len().saturating_sub(1))
}

/// The index of the captions in the person's language, else in the flow's own, else of the first.
#[must_use]
pub fn captions(languages: &[String], locale: &str, default: &str) -> usize {
    let of = |wanted: &str| languages.iter().position(|language| is_same(language, wanted));
    of(locale).or_else(|| of(default)).unwrap_or(0)
}

/// Whether two tags name the same language, whatever the region.
fn is_same(a: &str, b: &str) -> bool {
    language(a).eq_ignore_ascii_case(language(b))
}

fn language(tag: &str) -> &str {
    let end = tag.bytes().position(|letter| letter == b'-');
    end.and_then(|end| tag.get(..end)).unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_file_that_is_sharp_is_enough() {
        let widths = [640, 1280];
        for (pixels, expected) in [(342.0, 0), (640.0, 0), (641.0, 1), (2_000.0, 1)] {
            assert_eq!(rendition(&widths, pixels), expected, "{pixels}");
        }
        assert_eq!(rendition(&[], 1.0), 0);
    }

    #[test]
    fn captions_are_in_the_persons_language_then_the_flows_then_any() {
        let languages = ["en-GB".to_owned(), "ja".to_owned()];
        for (locale, default, expected) in
            [("ja-JP", "en", 1), ("JA", "en", 1), ("en-US", "ja", 0), ("fr", "ja", 1), ("fr", "", 0)]
        {
            assert_eq!(captions(&languages, locale, default), expected, "{locale}");
        }
        assert_eq!(captions(&[], "ja", "ja"), 0);
    }
}
