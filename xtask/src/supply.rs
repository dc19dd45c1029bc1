//! What others have found out about what we build from: `cargo deny` with the advisories of RustSec, and `npm audit`.
//!
//! Both need a database of others. A machine that cannot reach them says that they were not checked, and fails on what it
//! knows by itself: licences, sources and bans of `deny.toml`, and the rules for npm, which `tidy` checks without a
//! network (`docs/security.md`).

use std::process::Command;

use anyhow::{Result, bail, ensure};
use serde_json::Value;

use crate::process::{program, shown};
use crate::toolchain;

/// The advisories of RustSec.
const DATABASE: &str = "https://github.com/rustsec/advisory-db";
/// Seconds after which an answer is not waited for any longer.
const PATIENCE: &str = "30";

/// Fails on a known advisory, says what could not be asked, and returns whose those are.
pub fn check() -> Result<Unchecked> {
    let mut unchecked = Unchecked::default();
    if is_reachable() {
        toolchain::deny()?;
        shown("advisories of crates", program("cargo", ["deny", "--locked", "check"]))?;
    } else {
        println!("── advisories of crates: NOT CHECKED, {DATABASE} cannot be reached from here");
        unchecked.0.push("crates");
    }
    let output = patient("npm", &["audit", "--json", "--package-lock-only"]).output()?;
    match audited(&serde_json::from_slice(&output.stdout).unwrap_or_default()) {
        Audit::Unanswered => {
            println!("── advisories of npm: NOT CHECKED, the registry does not say");
            unchecked.0.push("npm");
        }
        Audit::Clean => println!("── advisories of npm: none"),
        Audit::Found(names) => bail!("advisories of npm for {}: run `npm audit`", names.join(", ")),
    }
    Ok(unchecked)
}

/// Of what the advisories could not be asked for.
#[derive(Default)]
#[must_use]
pub struct Unchecked(Vec<&'static str>);

impl Unchecked {
    /// Fails where there is any.
    pub fn refuse(self) -> Result<()> {
        ensure!(self.0.is_empty(), "advisories of {} cannot be asked for from here", self.0.join(" and "));
        Ok(())
    }
}

fn is_reachable() -> bool {
    let mut ask = patient("git", &["ls-remote", "--exit-code", DATABASE, "HEAD"]);
    ask.env("GIT_TERMINAL_PROMPT", "0").output().is_ok_and(|output| output.status.success())
}

fn patient(name: &str, arguments: &[&str]) -> Command {
    program("timeout", [PATIENCE, name].iter().chain(arguments))
}

/// What `npm audit` says.
#[derive(Debug, PartialEq, Eq)]
enum Audit {
    Unanswered,
    Clean,
    Found(Vec<String>),
}

fn audited(answer: &Value) -> Audit {
    match answer.get("vulnerabilities").and_then(Value::as_object) {
        None => Audit::Unanswered,
        Some(found) if found.is_empty() => Audit::Clean,
        Some(found) => Audit::Found(found.keys().cloned().collect()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn s20_an_advisory_is_told_from_a_registry_that_does_not_say() {
        assert_eq!(audited(&json!({ "vulnerabilities": {}, "metadata": {} })), Audit::Clean);
        let found = json!({ "vulnerabilities": { "left-pad": { "severity": "low" } } });
        assert_eq!(audited(&found), Audit::Found(vec!["left-pad".into()]));
        for silence in [json!({ "error": { "code": "ENOAUDIT" } }), json!({ "message": "404" }), Value::Null]
        {
            assert_eq!(audited(&silence), Audit::Unanswered, "{silence}");
        }
    }

    #[test]
    fn s20_what_is_to_be_checked_is_not_made_where_nobody_can_be_asked() {
        assert!(Unchecked::default().refuse().is_ok());
        let refused = Unchecked(vec!["crates", "npm"]).refuse().unwrap_err();
        assert_eq!(refused.to_string(), "advisories of crates and npm cannot be asked for from here");
    }
}
