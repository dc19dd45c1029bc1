//! The command that helps against a refusal.

use store::RefusedRequests;

/// Returns the command that helps a site against a refusal; none where a command cannot.
pub fn remedy(site: &str, refused: &RefusedRequests) -> Option<String> {
    let site = quoted(site);
    match (refused.tag.as_str(), &refused.origin) {
        ("foreign_origin", Some(origin)) if origin != "null" => {
            Some(format!("tabiji site set {site} --origin {}", quoted(origin)))
        }
        // The key in the page's tag.
        ("unknown_key", Some(_)) => Some(format!("tabiji site keys {site}")),
        ("unknown_key", None) | ("secret_key_in_browser", _) => {
            Some(format!("tabiji site rotate {site} --secret-key"))
        }
        ("bad_token" | "token_expired" | "token_required", _) => {
            Some(format!("tabiji token --site {site} --user user-1 --account acct-1"))
        }
        _ => None,
    }
}

/// A word as a shell reads it: a stranger chose some of them.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_.:/".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(tag: &str, origin: Option<&str>) -> Option<String> {
        let (origin, message) = (origin.map(str::to_owned), String::new());
        remedy("my app", &RefusedRequests { tag: tag.into(), origin, message, times: (0, 0), count: 1 })
    }

    #[test]
    fn each_mistake_has_its_command() {
        let page = Some("http://localhost:3000");
        for (tag, origin, expected) in [
            ("foreign_origin", page, Some("tabiji site set 'my app' --origin http://localhost:3000")),
            ("foreign_origin", Some("null"), None),
            (
                "foreign_origin",
                Some("https://a';rm"),
                Some(r"tabiji site set 'my app' --origin 'https://a'\'';rm'"),
            ),
            ("unknown_key", page, Some("tabiji site keys 'my app'")),
            ("unknown_key", None, Some("tabiji site rotate 'my app' --secret-key")),
            ("bad_token", page, Some("tabiji token --site 'my app' --user user-1 --account acct-1")),
            ("malformed", None, None),
        ] {
            assert_eq!(command(tag, origin).as_deref(), expected, "{tag}");
        }
    }
}
