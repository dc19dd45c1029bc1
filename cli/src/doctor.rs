//! `doctor`: looks at an installation from the outside in, and says what to do about each finding
//! (`docs/decisions/0016-first-minutes.md`).

mod machine;
mod proxy;
mod reach;
mod sites;

use std::process::ExitCode;

use anyhow::Result;
use server::config::Config;
use server::web::assets;
use store::Store;

use crate::config::{self, Flags, ServeFlags};
use crate::print::{count, say};
use crate::{installation, running};

/// What one check found.
struct Finding {
    what: String,
    verdict: Verdict,
}

/// How good it is, with a sentence.
enum Verdict {
    /// As it should be.
    Good(String),
    /// Worth knowing, and no fault of the installation.
    Note(String),
    /// To be mended.
    Bad(String),
}

impl Finding {
    fn new(what: impl Into<String>, verdict: Verdict) -> Self {
        Self { what: what.into(), verdict }
    }

    /// A finding that is good or to be mended.
    fn of(what: impl Into<String>, found: Result<String, String>) -> Self {
        Self::new(what, found.map_or_else(Verdict::Bad, Verdict::Good))
    }
}

pub async fn run(flags: &Flags, serve: &ServeFlags) -> Result<ExitCode> {
    let config = config::beside(flags, serve)?;
    let mut findings = vec![Finding::of("configuration", Ok(format!("data in {}", config.data.display())))];
    findings.push(collector(&config));
    let store = installation::visit(&config);
    match &store {
        Ok(store) => {
            findings.extend(database(&**store).await?);
            findings.extend(sites::examine(&**store).await?);
        }
        Err(error) => {
            findings.push(Finding::of("database", Err(format!("{error:#}; is the folder this user's?"))))
        }
    }
    findings.extend(reach::examine(&config, store.as_deref().ok()).await);
    findings.extend(machine::examine(&config));
    let built = "widget and console are in the binary".to_owned();
    let missing = "they are missing: build with `cargo xtask dist`".to_owned();
    findings.push(Finding::of("assets", if assets::are_built() { Ok(built) } else { Err(missing) }));
    Ok(print(&findings))
}

fn print(findings: &[Finding]) -> ExitCode {
    for Finding { what, verdict } in findings {
        match verdict {
            Verdict::Good(text) => say!("ok    {what}: {text}"),
            Verdict::Note(text) => say!("note  {what}: {text}"),
            Verdict::Bad(text) => say!("FAIL  {what}: {text}"),
        }
    }
    let is_sick = findings.iter().any(|one| matches!(one.verdict, Verdict::Bad(_)));
    if is_sick { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn collector(config: &Config) -> Finding {
    let data = config.data.display();
    let runs = running::serves_now(&config.data)
        .map(|served| format!("process {} serves {data} at {}", served.process, served.public_url));
    Finding::of("collector", runs.ok_or(format!("none serves {data}: tabiji serve --data {data}")))
}

async fn database(store: &dyn Store) -> Result<Vec<Finding>> {
    let whole = store.verify().await?.map(|()| "whole".to_owned());
    let whole = whole.map_err(|what| format!("{what}: restore a backup (`tabiji restore FILE`)"));
    let written = store.can_write().await.map(|()| "a row was written".to_owned());
    let written = written.map_err(|error| format!("{error}: is the disk full, and the folder this user's?"));
    let records = store.head().await?.records();
    let behind = records - store.cursor().await?.records();
    let refused = store.rejected_bodies().await?.len();
    Ok(vec![
        Finding::of("database", whole),
        Finding::of("disk", written),
        Finding::of("journal", Ok(format!("{}, {behind} to project", count(records, "record")))),
        Finding::of("rejected bodies", Ok(format!("{refused} stored"))),
    ])
}
