//! `flow new`, `check`, `schema` and `publish`: a flow as a file in git
//! (`docs/decisions/0003-funnel.md`).

mod starter;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use journey::flow_file::check;
use journey::flow_file::check::{Severity, Shown};
use protocol::files::Flow;
use server::backend::flows::PublishReply;

use crate::collector::Collector;
use crate::print::{aside, count, say};
use crate::text_file::read;

/// The commands of `flow`.
#[derive(Debug, Subcommand)]
pub enum FlowCommand {
    /// Write a flow file to start from: it works as it stands
    New(starter::New),
}

pub fn run(FlowCommand::New(new): FlowCommand) -> Result<()> {
    starter::run(new)
}

/// Where to publish what.
#[derive(Args, Debug)]
pub struct Publish {
    /// The file
    pub file: PathBuf,
    #[command(flatten)]
    pub collector: Collector,
}

pub fn check(file: &Path, clips: Option<&Path>) -> Result<ExitCode> {
    let text = read(file)?;
    let name = file.display().to_string();
    let (mut problems, flow) = match check::read(&text) {
        Ok(checked) => (checked.warnings, Some(checked.flow)),
        Err(problems) => (problems, None),
    };
    let beside = file.with_file_name("clips");
    if let (Some(flow), Some(folder)) = (&flow, clips.or(beside.is_dir().then_some(&beside))) {
        let entries =
            std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
        let files = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        problems.extend(check::shelf(&text, flow, &files.collect::<Result<_>>()?));
    }
    for problem in &problems {
        aside!("{}", Shown { file: &name, text: &text, problem });
    }
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    let (errors, warnings) = (count(errors, "error"), count(problems.len() - errors, "warning"));
    if let Some(flow) = flow {
        let (stages, steps) = (count(flow.stages.len(), "stage"), count(flow.steps().count(), "step"));
        say!("{name}: {stages}, {steps}, {warnings}");
        return Ok(ExitCode::SUCCESS);
    }
    aside!("{name}: {errors}, {warnings}");
    Ok(ExitCode::FAILURE)
}

pub fn schema() -> Result<()> {
    say!("{}", serde_json::to_string_pretty(&schemars::schema_for!(Flow))?);
    Ok(())
}

pub async fn publish(Publish { file, collector }: Publish) -> Result<()> {
    let text = read(&file)?;
    let name = match check::read(&text) {
        Ok(checked) => checked.flow.name,
        Err(_) => {
            check(&file, None)?;
            bail!("not published");
        }
    };
    let reply: PublishReply = collector.put(&format!("flows/{name}"), text).await?;
    say!("{} {}", reply.flow, if reply.new { "published" } else { "is already published with this content" });
    Ok(())
}
