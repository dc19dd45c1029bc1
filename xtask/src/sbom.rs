//! What a release consists of: a bill of materials (CycloneDX 1.6) and checksums.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::folder::files;
use crate::process::program;

/// The crates that are shipped: the binary, and what browsers download from it.
const SHIPPED: [&str; 3] = ["tabiji", "tabiji-widget", "tabiji-console"];
/// The file with the checksums, as `sha256sum --check` reads it.
const CHECKSUMS: &str = "SHA256SUMS";

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    /// None for what is built in; else "dev" or "build".
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

/// Writes the bill of materials of this workspace.
pub fn write(file: &Path) -> Result<()> {
    let output = program("cargo", ["metadata", "--locked", "--format-version", "1"]).output()?;
    if !output.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    }
    let bill = bill(
        &serde_json::from_slice(&output.stdout)?,
        &toml::from_str(&fs::read_to_string(crate::root().join("Cargo.lock"))?)?,
    );
    fs::write(file, serde_json::to_vec_pretty(&bill)?).with_context(|| file.display().to_string())
}

/// The crates that are built into what is shipped, on any machine, with what each of them needs.
fn bill(metadata: &Metadata, lock: &Lock) -> Value {
    let packages: BTreeMap<&str, &Package> =
        metadata.packages.iter().map(|package| (package.id.as_str(), package)).collect();
    let needs: BTreeMap<&str, Vec<&str>> =
        metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), built_in(node))).collect();
    let mut open: Vec<&str> = metadata
        .packages
        .iter()
        .filter(|package| SHIPPED.contains(&package.name.as_str()))
        .map(|package| package.id.as_str())
        .collect();
    let mut reached = BTreeSet::new();
    while let Some(id) = open.pop() {
        if reached.insert(id) {
            open.extend(needs.get(id).into_iter().flatten());
        }
    }
    let known: Vec<&Package> = reached.iter().filter_map(|id| packages.get(id).copied()).collect();
    let depends = |package: &Package| {
        let on = needs.get(package.id.as_str()).into_iter().flatten().filter_map(|id| packages.get(id));
        json!({ "ref": purl(package), "dependsOn": on.map(|on| purl(on)).collect::<BTreeSet<_>>() })
    };
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": {
            "type": "application", "name": "tabiji", "version": env!("CARGO_PKG_VERSION"),
        } },
        "components": known.iter().map(|package| component(package, lock)).collect::<Vec<_>>(),
        "dependencies": known.iter().map(|package| depends(package)).collect::<Vec<_>>(),
    })
}

fn built_in(node: &Node) -> Vec<&str> {
    let is_built_in = |dependency: &&Dependency| dependency.dep_kinds.iter().any(|kind| kind.kind.is_none());
    node.deps.iter().filter(is_built_in).map(|dependency| dependency.pkg.as_str()).collect()
}

fn component(package: &Package, lock: &Lock) -> Value {
    let locked = lock.package.iter().find(|one| one.name == package.name && one.version == package.version);
    let checksum = locked.and_then(|one| one.checksum.as_ref());
    let hashes = checksum.map(|checksum| json!({ "alg": "SHA-256", "content": checksum }));
    // Before SPDX expressions, "/" stood for "OR".
    let licence =
        package.license.as_ref().map(|licence| json!({ "expression": licence.replace('/', " OR ") }));
    json!({
        "type": "library", "bom-ref": purl(package), "purl": purl(package),
        "name": package.name, "version": package.version,
        "licenses": licence.into_iter().collect::<Vec<_>>(),
        "hashes": hashes.into_iter().collect::<Vec<_>>(),
    })
}

/// The package's address (package-url).
fn purl(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version)
}

/// Writes the checksum of every file below a folder beside them.
pub fn checksums(folder: &Path) -> Result<()> {
    let mut lines = String::new();
    for file in files(folder)? {
        let name = file.strip_prefix(folder)?.display().to_string();
        if name != CHECKSUMS {
            let digest = Sha256::digest(fs::read(&file)?);
            let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            lines.push_str(&format!("{digest}  {name}\n"));
        }
    }
    fs::write(folder.join(CHECKSUMS), lines).context(CHECKSUMS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s20_the_bill_names_what_is_shipped_with_licence_and_checksum() -> Result<()> {
        let folder = tempfile::tempdir()?;
        write(&folder.path().join("bill.json"))?;
        let bill: Value = serde_json::from_slice(&fs::read(folder.path().join("bill.json"))?)?;
        assert_eq!((&bill["bomFormat"], &bill["specVersion"]), (&json!("CycloneDX"), &json!("1.6")));
        let components = bill["components"].as_array().context("components")?;
        let of = |name: &str| components.iter().find(|one| one["name"] == name);
        for shipped in ["axum", "rusqlite", "leptos", "tabiji-journey"] {
            assert!(of(shipped).is_some(), "{shipped} is in it");
        }
        for tool in ["xtask", "proptest", "thirtyfour", "cc"] {
            assert!(of(tool).is_none(), "{tool} is not shipped");
        }
        let refs: BTreeSet<_> = components.iter().map(|one| one["bom-ref"].clone().to_string()).collect();
        assert_eq!(refs.len(), components.len(), "each once");
        for one in components {
            let ours = one["name"].as_str().is_some_and(|name| name.starts_with("tabiji"));
            let checksum = one["hashes"][0]["content"].as_str().unwrap_or_default();
            assert!(ours || checksum.len() == 64, "{one}");
            assert!(one["licenses"][0]["expression"].is_string(), "{one}");
        }
        let dependencies = bill["dependencies"].as_array().context("dependencies")?;
        let named = dependencies.iter().flat_map(|one| one["dependsOn"].as_array().into_iter().flatten());
        assert!(
            named.map(Value::to_string).all(|on| refs.contains(&on)),
            "nothing refers to what is not there"
        );
        Ok(())
    }

    #[test]
    fn s20_checksums_are_of_every_file_and_can_be_checked() -> Result<()> {
        let folder = tempfile::tempdir()?;
        fs::create_dir(folder.path().join("widget"))?;
        fs::write(folder.path().join("widget/a.js"), "a")?;
        fs::write(folder.path().join("tabiji"), "b")?;
        let checked = || -> Result<bool> {
            let mut check = program("sha256sum", ["--check", "--strict", CHECKSUMS]);
            Ok(check.current_dir(folder.path()).output()?.status.success())
        };
        checksums(folder.path())?;
        // Written again, it is not in itself.
        checksums(folder.path())?;
        assert_eq!(fs::read_to_string(folder.path().join(CHECKSUMS))?.lines().count(), 2);
        assert!(checked()?);
        fs::write(folder.path().join("tabiji"), "c")?;
        assert!(!checked()?, "another content is found");
        Ok(())
    }
}
