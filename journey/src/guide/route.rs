//! Where a stop is.

use crate::progress::condition::path_matches;

/// Whether an address fits a pattern in which `*` stands for any run of characters. The fragment counts only where the
/// pattern names it.
#[must_use]
pub fn fits(pattern: &str, path: &str, fragment: &str) -> bool {
    if has(pattern, b'#') {
        path_matches(pattern, &(path.to_owned() + fragment))
    } else {
        path_matches(pattern, path)
    }
}

/// Where a stop's page is, when that is known; `link` is the step's own. `decoded` gives an address as people write it,
/// since either may be percent-encoded.
#[must_use]
pub fn address<'a>(
    page: Option<&'a str>,
    link: Option<&'a str>,
    decoded: impl Fn(&str) -> String,
) -> Option<&'a str> {
    let page = page?;
    let path = |link: &'a str| {
        let end = link.bytes().position(|letter| matches!(letter, b'?' | b'#'));
        end.and_then(|end| link.get(..end)).unwrap_or(link)
    };
    link.filter(|link| fits(&decoded(page), &decoded(path(link)), ""))
        .or_else(|| (!has(page, b'*')).then_some(page))
}

fn has(text: &str, sign: u8) -> bool {
    text.bytes().any(|letter| letter == sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_run_and_a_fragment_counts_only_where_it_is_named() {
        for (pattern, path, fragment, expected) in [
            ("/users", "/users", "", true),
            ("/users", "/users/7", "", false),
            ("/users", "/users", "#new", true),
            ("/users#new", "/users", "#new", true),
            ("/users#new", "/users", "", false),
            ("/users*", "/users/7", "", true),
            ("/*/edit", "/deals/7/edit", "", true),
            ("/*/edit", "/deals/7", "", false),
            ("*a*", "banana", "", true),
            ("a*a", "a", "", false),
            ("*", "", "", true),
            ("/a.b", "/axb", "", false),
        ] {
            assert_eq!(fits(pattern, path, fragment), expected, "{pattern} on {path}{fragment}");
        }
    }

    #[test]
    fn a_stops_page_is_the_steps_where_that_fits_or_itself_where_it_is_one_page() {
        assert_eq!(address(Some("/users*"), Some("/users?new=1"), str::to_owned), Some("/users?new=1"));
        assert_eq!(address(Some("/users"), Some("/deals"), str::to_owned), Some("/users"));
        assert_eq!(address(Some("/users*"), None, str::to_owned), None);
        let decoded = |address: &str| address.replace("%E8%A8%AD", "設");
        assert_eq!(address(Some("/設*"), Some("/%E8%A8%AD/1"), decoded), Some("/%E8%A8%AD/1"));
        assert_eq!(address(Some("/%E8%A8%AD"), Some("/設?a=1"), decoded), Some("/設?a=1"));
        assert_eq!(address(None, Some("/users"), str::to_owned), None);
    }
}
