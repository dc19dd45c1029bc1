//! What comes from npm: exact versions with checksums, and no script of a package runs when it is installed.

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

/// Packages with an install script that we have read. None of them runs: `.npmrc` says so.
const REVIEWED: [&str; 1] = ["node_modules/esbuild"];

/// Names what is not pinned, and scripts that nobody has read.
pub fn faults() -> Result<Vec<String>> {
    let read = |file: &str| fs::read_to_string(file).context(file.to_owned());
    let (manifest, lock) = (read("package.json")?, read("package-lock.json")?);
    Ok(faults_of(&serde_json::from_str(&manifest)?, &serde_json::from_str(&lock)?, &read(".npmrc")?))
}

fn faults_of(manifest: &Value, lock: &Value, settings: &str) -> Vec<String> {
    let object = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let mut faults = Vec::new();
    if !settings.lines().any(|line| line.trim() == "ignore-scripts=true") {
        faults.push(
            ".npmrc: packages run scripts when they are installed; it must have ignore-scripts=true".into(),
        );
    }
    for kind in ["dependencies", "devDependencies"] {
        for (name, version) in object(&manifest[kind]) {
            let is_exact =
                version.as_str().is_some_and(|text| text.starts_with(|first: char| first.is_ascii_digit()));
            if !is_exact {
                faults.push(format!("package.json: {name} is {version}, which is no exact version"));
            }
        }
    }
    for (name, package) in object(&lock["packages"]).into_iter().filter(|(name, _)| !name.is_empty()) {
        if !package["integrity"].as_str().is_some_and(|text| text.starts_with("sha512-")) {
            faults.push(format!("package-lock.json: {name} has no checksum"));
        }
        if package["hasInstallScript"] == true && !REVIEWED.contains(&name.as_str()) {
            faults.push(format!("package-lock.json: {name} has an install script that nobody has read"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn s20_what_is_not_pinned_or_not_read_is_named() {
        let package = |script: bool| json!({ "integrity": "sha512-abc", "hasInstallScript": script });
        let manifest = |version: &str| json!({ "devDependencies": { "esbuild": version } });
        let lock = |name: &str, package: Value| json!({ "packages": { "": {}, name: package } });
        let good = lock("node_modules/esbuild", package(true));
        let count = |manifest: &Value, lock: &Value, settings| faults_of(manifest, lock, settings).len();
        let settings = "fund=false\nignore-scripts=true\n";
        assert_eq!(count(&manifest("0.28.2"), &good, settings), 0);
        for loose in ["^0.28.0", "~0.28", "*", "latest", ">=1", "git+https://example.com/x.git"] {
            assert_eq!(count(&manifest(loose), &good, settings), 1, "{loose}");
        }
        assert_eq!(count(&manifest("0.28.2"), &good, "ignore-scripts=false"), 1);
        let stranger = lock("node_modules/stranger", package(true));
        assert_eq!(count(&manifest("0.28.2"), &stranger, settings), 1);
        let unsigned = lock("node_modules/esbuild", json!({ "resolved": "x" }));
        assert_eq!(count(&manifest("0.28.2"), &unsigned, settings), 1);
    }
}
