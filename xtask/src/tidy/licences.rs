//! Licences, sources and crates that `deny.toml` forbids, as far as `cargo metadata` knows them. Advisories
//! need `cargo deny check`.

use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::process::program;

const POLICY: &str = "deny.toml";
/// The only registry.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
}

#[derive(Deserialize)]
struct Policy {
    licenses: Licences,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
}

/// Names crates of others that the policy does not allow.
pub fn faults() -> Result<Vec<String>> {
    let policy: Policy = toml::from_str(&fs::read_to_string(POLICY).context(POLICY)?).context(POLICY)?;
    let output = program("cargo", ["metadata", "--locked", "--format-version", "1"]).output()?;
    if !output.status.success() {
        return Ok(vec![String::from_utf8_lossy(&output.stderr).into_owned()]);
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout)?;
    let others = metadata.packages.iter().filter(|package| package.source.is_some());
    Ok(others.filter_map(|package| wrong(package, &policy)).collect())
}

fn wrong(package: &Package, policy: &Policy) -> Option<String> {
    let name = format!("{} {}", package.name, package.version);
    let licence = package.license.as_deref().unwrap_or_default();
    if package.source.as_deref() != Some(REGISTRY) {
        Some(format!("{name}: does not come from crates.io"))
    } else if policy.bans.deny.iter().any(|ban| ban.name == package.name) {
        Some(format!("{name}: is banned in {POLICY}"))
    } else if !allowed(licence, &policy.licenses.allow) {
        Some(format!("{name}: its licence \"{licence}\" is not allowed in {POLICY}"))
    } else {
        None
    }
}

/// Whether a licence expression such as `(MIT OR Apache-2.0) AND ISC` holds with these licences.
fn allowed(expression: &str, licences: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    !words.is_empty() && any(&words, licences)
}

fn any(words: &[&str], licences: &[String]) -> bool {
    split(words, "OR").into_iter().any(|part| split(part, "AND").into_iter().all(|part| one(part, licences)))
}

fn one(words: &[&str], licences: &[String]) -> bool {
    match words {
        ["(", inner @ .., ")"] => any(inner, licences),
        licence => licences.contains(&licence.join(" ")),
    }
}

/// Splits at a word that is in no parentheses.
fn split<'a>(words: &'a [&'a str], at: &str) -> Vec<&'a [&'a str]> {
    let mut depth = 0;
    words
        .split(|word| {
            match *word {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            depth == 0 && *word == at
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read_with_their_parentheses() {
        let licences = ["MIT", "ISC"].map(str::to_owned);
        for fine in ["MIT", "GPL-3.0 OR MIT", "Apache-2.0/MIT", "(MIT OR Apache-2.0) AND ISC"] {
            assert!(allowed(fine, &licences), "{fine}");
        }
        for bad in ["", "GPL-3.0", "MIT AND GPL-3.0", "(GPL-3.0 OR Apache-2.0) AND MIT"] {
            assert!(!allowed(bad, &licences), "{bad}");
        }
    }
}
