//! Whether a CSS selector can be read at all (Selectors Level 4, section 3): no browser says at a click what is wrong
//! with one. Brackets, quotes and what must stand around a sign are checked; words are not, since new ones come.

/// Says what is wrong with a selector; none when a browser can read it.
pub(super) fn fault(selector: &str) -> Option<String> {
    if selector.trim().is_empty() {
        return Some("is empty".into());
    }
    let mut open: Vec<char> = Vec::new();
    let mut last = ',';
    let mut signs = selector.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' if signs.next().is_none() => return Some("ends with a backslash".into()),
            '"' | '\'' => {
                if open.is_empty() {
                    return Some(format!("has {sign} outside of brackets"));
                }
                if !passes_quote(&mut signs, sign) {
                    return Some(format!("has a {sign} that is never closed"));
                }
            }
            '[' if open.last() == Some(&'[') => return Some("has [ within [".into()),
            '[' | '(' => open.push(sign),
            ']' | ')' => {
                let opening = if sign == ']' { '[' } else { '(' };
                if open.pop() != Some(opening) {
                    return Some(format!("has {sign} without {opening}"));
                }
                if last == opening || sign == ']' && last == '=' {
                    return Some(format!("has nothing before {sign}"));
                }
            }
            '{' | '}' | ';' | '<' | '@' | '!' => return Some(format!("has {sign}, which no selector has")),
            _ if open.last() == Some(&'[') => {}
            ',' if is_unfinished(last) => return Some("has nothing before a comma".into()),
            '>' | '+' | '~' if is_unfinished(last) && last != ',' && last != '(' => {
                return Some(format!("has {last} before {sign}"));
            }
            sign if matches!(last, '.' | '#') && !begins_name(sign) => {
                return Some(format!("has no name after {last}"));
            }
            _ => {}
        }
        if !sign.is_whitespace() || matches!(last, '.' | '#') {
            last = sign;
        }
    }
    match open.last() {
        Some(opening) => Some(format!("has a {opening} that is never closed")),
        None if is_unfinished(last) => Some(format!("ends after {last}")),
        None => None,
    }
}

/// Whether something has to follow.
fn is_unfinished(sign: char) -> bool {
    matches!(sign, ',' | '>' | '+' | '~' | '.' | '#' | ':' | '(')
}

/// Whether a name may begin with it (CSS Syntax Level 3, 4.3.9).
fn begins_name(sign: char) -> bool {
    sign.is_alphabetic() || !sign.is_ascii() || matches!(sign, '_' | '-' | '\\')
}

fn passes_quote(signs: &mut impl Iterator<Item = char>, quote: char) -> bool {
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => _ = signs.next(),
            sign if sign == quote => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn what_no_browser_can_read_is_named() {
        for (selector, expected) in [
            ("div[[", "has [ within ["),
            ("div[", "has a [ that is never closed"),
            ("div]", "has ] without ["),
            ("div[]", "has nothing before ]"),
            ("a[href=]", "has nothing before ]"),
            ("a[href=\"x]", "has a \" that is never closed"),
            ("\"save\"", "has \" outside of brackets"),
            (":is(a, [b)", "has ) without ("),
            (":not()", "has nothing before )"),
            ("form >", "ends after >"),
            ("form > > a", "has > before >"),
            ("a,", "ends after ,"),
            (",a", "has nothing before a comma"),
            ("a,,b", "has nothing before a comma"),
            (".", "ends after ."),
            (". save", "has no name after ."),
            ("#1", "has no name after #"),
            ("..save", "has no name after ."),
            ("a:", "ends after :"),
            (" ", "is empty"),
            ("a\\", "ends with a backslash"),
            ("<button>", "has <, which no selector has"),
            (".save { }", "has {, which no selector has"),
        ] {
            assert_eq!(fault(selector).as_deref(), Some(expected), "{selector}");
        }
    }

    #[test]
    fn what_a_browser_reads_is_left_alone() {
        for selector in [
            "form > button",
            "#save, .save.is-on",
            "input[name=\"user[0][mail]\"]",
            "[data-x='a]b']",
            "[ data-x = 'a' i ]",
            "li:nth-child(2n + 1)::before",
            ":not(.a, [b]):is(p > a)",
            "tr:has(> td ~ td)",
            "#\\31 0",
            ".md\\:flex",
            "*|a *",
            ".登録",
            "a:not([href*=\"}\"])",
            "my-element + p",
        ] {
            assert_eq!(fault(selector), None, "{selector}");
        }
    }
}
