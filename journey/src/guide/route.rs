//! Where a stop is.

use crate::progress::condition::path_matches;

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
    link.filter(|link| path_matches(&decoded(page), &decoded(path(link))))
        .or_else(|| (!page.bytes().any(|letter| letter == b'*')).then_some(page))
}

#[cfg(test)]
mod tests {
    use super::*;

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
