//! `doctor`: looks at an installation from the outside in, and says what to do about each finding.

use std::process::ExitCode;

use anyhow::Result;
use protocol::files::Flow;
use protocol::stored::Video;
use server::web::assets;
use store::Store;

use crate::config::{self, Flags, ServeFlags};
use crate::installation;

/// The result of one check.
struct Finding {
    what: &'static str,
    good: Result<String, String>,
}

pub async fn run(flags: &Flags, serve: &ServeFlags) -> Result<ExitCode> {
    let config = config::load(flags, serve)?;
    let mut findings =
        vec![Finding { what: "configuration", good: Ok(format!("data in {}", config.data.display())) }];
    match installation::visit(&config) {
        Ok(store) => findings.extend(examine(&*store).await?),
        Err(error) => findings.push(Finding { what: "database", good: Err(format!("{error:#}")) }),
    }
    let https = if config.is_https()
        || config.public_url.contains("127.0.0.1")
        || config.public_url.contains("localhost")
    {
        Ok(config.public_url.clone())
    } else {
        Err(format!("{} is not https: put a TLS proxy in front and set public_url", config.public_url))
    };
    findings.push(Finding { what: "public_url", good: https });
    let built = "widget and console are in the binary".to_owned();
    let missing = "they are missing: build with `cargo xtask dist`".to_owned();
    findings
        .push(Finding { what: "assets", good: if assets::are_built() { Ok(built) } else { Err(missing) } });
    let mut sick = false;
    for Finding { what, good } in findings {
        sick |= good.is_err();
        match good {
            Ok(text) => println!("ok    {what}: {text}"),
            Err(text) => println!("FAIL  {what}: {text}"),
        }
    }
    Ok(if sick { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Checks that every clip of a flow has a video, and every video captions.
fn clips(flow: &Flow, films: &[Video]) -> Result<String, String> {
    let film = |id: &str| films.iter().find(|film| film.clip == id);
    let of = |lacks: &dyn Fn(&str) -> bool| {
        let ids = flow.clips.iter().map(|clip| clip.id.as_str()).filter(|id| lacks(id));
        ids.collect::<Vec<_>>().join(", ")
    };
    let missing = of(&|id| film(id).is_none());
    let silent = of(&|id| film(id).is_some_and(|film| film.captions.is_empty()));
    match (missing.as_str(), silent.as_str()) {
        ("", "") => Ok(format!("{} in {}", flow.clips.len(), flow.reference())),
        ("", silent) => Err(format!("without captions: {silent}; tabiji media add FILE --captions FILE")),
        (missing, _) => Err(format!("without a video: {missing}; tabiji media add FILE --id ID")),
    }
}

async fn examine(store: &dyn Store) -> Result<Vec<Finding>> {
    let whole = store.verify().await?.map(|()| "whole".to_owned());
    let whole = whole.map_err(|what| format!("{what}: restore a backup, then run `tabiji rebuild`"));
    let records = store.head().await?.records();
    let behind = records - store.cursor().await?.records();
    let mut findings = vec![
        Finding { what: "database", good: whole },
        Finding { what: "journal", good: Ok(format!("{records} records, {behind} to project")) },
    ];
    let sites = store.sites().await?;
    if sites.is_empty() {
        let help = "there are none: tabiji site add NAME --origin https://app.example.com".to_owned();
        findings.push(Finding { what: "sites", good: Err(help) });
    }
    for site in sites {
        let flows = store.flow_versions(site.id).await?;
        let newest = flows.last().map(|row| format!("{}: {}", site.name, row.flow.reference()));
        if let Some(row) = flows.last().filter(|row| !row.flow.clips.is_empty()) {
            findings.push(Finding { what: "clips", good: clips(&row.flow, &store.videos(site.id).await?) });
        }
        let help = format!("{} has no flow: tabiji publish FILE", site.name);
        findings.push(Finding { what: "flow", good: newest.ok_or(help) });
    }
    let refused = store.rejected_bodies().await?.len();
    findings.push(Finding { what: "rejected bodies", good: Ok(format!("{refused} stored")) });
    Ok(findings)
}
