//! Import circles: in every folder of a crate, its modules (each with everything below it) can be put in
//! an order in which each imports only from those before it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;

use super::modules::{Module, imports};

/// Crates whose modules are looked at.
const CRATES: [&str; 14] = [
    "protocol",
    "journey",
    "texts",
    "search",
    "widget",
    "widget/lazy",
    "console",
    "server",
    "server/store",
    "server/store-sqlite",
    "cli",
    "demo-site",
    "xtask",
    "tests",
];

type Graph = BTreeMap<Module, BTreeSet<Module>>;

/// Names every circle.
pub fn faults() -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for krate in CRATES {
        let source = Path::new(krate).join("src");
        if source.exists() {
            let circles = circles(&imports(&source)?);
            faults.extend(
                circles
                    .iter()
                    .map(|modules| format!("{krate}: {} import each other in a circle", modules.join(", "))),
            );
        }
    }
    Ok(faults)
}

/// The circles of a crate, each as the names of its modules.
fn circles(imports: &Graph) -> BTreeSet<Vec<String>> {
    let folders = std::iter::once(Module::new()).chain(imports.keys().cloned());
    folders.flat_map(|folder| circles_in(&folder, imports)).collect()
}

/// The circles among what is directly in a folder.
fn circles_in(folder: &Module, imports: &Graph) -> Vec<Vec<String>> {
    let depth = folder.len() + 1;
    let child = |module: &Module| {
        (module.len() >= depth && module.starts_with(folder)).then(|| module[..depth].to_vec())
    };
    let mut graph = Graph::new();
    for (module, others) in imports {
        let Some(from) = child(module) else { continue };
        let to = others.iter().filter_map(child).filter(|to| *to != from);
        graph.entry(from.clone()).or_default().extend(to);
    }
    let mut found = BTreeSet::new();
    for module in graph.keys() {
        let ahead = reachable(module, &graph);
        let both = ahead.into_iter().filter(|other| reachable(other, &graph).contains(module));
        let circle: Vec<String> = both.map(|module| module.join("::")).collect();
        if circle.len() > 1 {
            found.insert(circle);
        }
    }
    found.into_iter().collect()
}

/// What a module imports, directly or through others.
fn reachable(from: &Module, graph: &Graph) -> BTreeSet<Module> {
    let mut seen = BTreeSet::new();
    let mut next = vec![from];
    while let Some(module) = next.pop() {
        for other in graph.get(module).into_iter().flatten() {
            if seen.insert(other.clone()) {
                next.push(other);
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&str, &[&str])]) -> Graph {
        let module = |name: &str| name.split("::").map(str::to_owned).collect::<Module>();
        edges.iter().map(|(from, to)| (module(from), to.iter().map(|to| module(to)).collect())).collect()
    }

    #[test]
    fn a_circle_is_found_through_what_is_below() {
        let found =
            circles(&graph(&[("state", &[]), ("state::core", &["ui"]), ("ui", &["state"]), ("i18n", &[])]));
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [["state", "ui"]]);
    }

    #[test]
    fn a_folder_and_what_is_in_it_are_no_circle() {
        assert!(circles(&graph(&[("chat", &["chat::hub"]), ("chat::hub", &["chat"])])).is_empty());
    }
}
