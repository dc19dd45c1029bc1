//! Which queries have no limit, and what bounds them instead: timers and pages ask them while strangers write.

use std::collections::BTreeSet;
use std::fs;

use anyhow::Result;

/// Files of the store, functions in them that read many rows without a `LIMIT`, and what bounds these.
const UNLIMITED: [(&str, &[&str], &str); 20] = [
    ("personal/erasure.rs", &["accounts_of", "leave_account"], "one person's, at the host's word"),
    ("access/operators.rs", &["operators", "sessions"], "operators are made by hand, and have browsers"),
    ("access/pictures.rs", &["of_site"], "operators are made by hand"),
    ("accounts.rs", &["names"], "a row for each that the caller names"),
    (
        "conversation/erasure.rs",
        &["erase_conversations", "set_blocked"],
        "conversations of one person: MAX_CONVERSATIONS",
    ),
    ("conversation/messages.rs", &["summaries"], "conversations of one person: MAX_CONVERSATIONS"),
    ("conversation/support.rs", &["versions", "open_per_agent"], "published by hand; a row for each agent"),
    ("conversation/uploads.rs", &["uploads"], "the site's room for files; asked once an hour"),
    ("flows.rs", &["versions", "newest"], "published by hand"),
    ("integration.rs", &["sightings", "refused_requests"], "the site's origins; MAX_REFUSED rows are kept"),
    ("journal/records.rs", &["after", "damage"], "stops at the caller's limit; a command asks for all"),
    ("journal/rejected.rs", &["list"], "MAX_KEPT rows are kept"),
    ("projection/checksum.rs", &["checksum"], "a command asks, row by row"),
    ("projection/progress.rs", &["replay", "changed"], "read row by row, without the write lock; MAX_VISITS"),
    (
        "reports/clips.rs",
        &["videos", "watched", "viewers", "effect"],
        "clips are added by hand; a row for a viewer",
    ),
    (
        "reports/funnel_cache.rs",
        &["all", "renew", "moved"],
        "once, then accounts that moved; guests bring few a day",
    ),
    ("reports/help_usage.rs", &["since"], "four weeks of verified people"),
    (
        "reports/survey_answers.rs",
        &["counts", "people"],
        "a row for each score; for each person who answered",
    ),
    ("sites.rs", &["select"], "sites are added by hand"),
    ("sites/removal.rs", &["tables", "blank_records"], "a command asks, segment by segment"),
];

/// Names queries that have no limit and are not in the list, and places of the list that are gone.
pub fn faults() -> Result<Vec<String>> {
    let mut found = BTreeSet::new();
    for file in super::ours(&["rs"])? {
        let name = file.display().to_string();
        let Some(name) = name.strip_prefix("server/store-sqlite/src/").filter(|name| !name.contains("test"))
        else {
            continue;
        };
        let text = fs::read_to_string(&file)?;
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        found.extend(unlimited(code).map(|function| format!("{name}: {function}")));
    }
    let listed: BTreeSet<String> = UNLIMITED
        .iter()
        .flat_map(|(file, functions, _)| functions.iter().map(move |function| format!("{file}: {function}")))
        .collect();
    let fresh = found.difference(&listed).map(|at| format!("{at} reads rows without a LIMIT: give it one"));
    let gone = listed.difference(&found).map(|at| format!("{at} is listed, and has a LIMIT or is gone"));
    Ok(fresh.chain(gone).collect())
}

/// The functions of a file that read many rows and have no limit.
fn unlimited(code: &str) -> impl Iterator<Item = &str> {
    let functions = code.split("fn ").skip(1);
    functions
        .filter(|body| (body.contains(".query_map(") || body.contains(".query(")) && !body.contains("LIMIT"))
        .map(|body| body.split(['(', '<']).next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s8_a_query_without_a_limit_is_found() {
        let code = "fn a() { db.query_map(SELECT x LIMIT 1) } fn b<T>() { db.query(SELECT x) }
            fn c() { db.query_row(SELECT x) }";
        assert_eq!(unlimited(code).collect::<Vec<_>>(), ["b"]);
    }

    #[test]
    fn s8_every_query_has_a_limit_or_a_reason() {
        std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
        assert_eq!(faults().unwrap(), Vec::<String>::new());
    }
}
