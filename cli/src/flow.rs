//! `flow new`, `check`, `schema` and `publish`: a flow as a file in git
//! (`docs/decisions/0003-funnel.md`).

mod starter;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use journey::flow_file::check;
use journey::flow_file::check::{Severity, Shown};
use protocol::error::ErrorReply;
use protocol::files::Flow;
use serde::de::DeserializeOwned;
use server::backend::flows::PublishReply;

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
    /// The collector's address
    #[arg(long, env = "TABIJI_PUBLIC_URL", default_value = "http://127.0.0.1:7600")]
    pub url: String,
    /// The site's secret key (sk_…); better given in the environment
    #[arg(long, env = "TABIJI_SECRET_KEY", hide_env_values = true)]
    pub key: String,
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
        eprintln!("{}", Shown { file: &name, text: &text, problem });
    }
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    let warnings = problems.len() - errors;
    if let Some(flow) = flow {
        let steps = flow.steps().count();
        println!("{name}: {} stages, {steps} steps, {warnings} warnings", flow.stages.len());
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("{name}: {errors} errors, {warnings} warnings");
    Ok(ExitCode::FAILURE)
}

pub fn schema() -> Result<()> {
    println!("{}", serde_json::to_string_pretty(&schemars::schema_for!(Flow))?);
    Ok(())
}

pub async fn publish(Publish { file, url, key }: Publish) -> Result<()> {
    let text = read(&file)?;
    let name = match check::read(&text) {
        Ok(checked) => checked.flow.name,
        Err(_) => {
            check(&file, None)?;
            bail!("not published");
        }
    };
    let reply: PublishReply = put(&url, &format!("flows/{name}"), &key, text).await?;
    println!(
        "{} {}",
        reply.flow,
        if reply.new { "published" } else { "is already published with this content" }
    );
    Ok(())
}

/// Hands something to a collector.
pub async fn put<T: DeserializeOwned>(collector: &str, what: &str, key: &str, body: String) -> Result<T> {
    let url = format!("{}/v1/{what}", collector.trim_end_matches('/'));
    let answer = reqwest::Client::new().put(&url).bearer_auth(key).body(body).send().await;
    let answer = answer.with_context(|| format!("cannot reach {url}; is the collector running?"))?;
    if !answer.status().is_success() {
        let status = answer.status();
        let fault: ErrorReply = answer.json().await.with_context(|| format!("{url} answered {status}"))?;
        bail!("{}: {}", fault.error.tag, fault.error.message);
    }
    answer.json().await.context("the collector's answer cannot be read")
}

pub fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}
