//! What a running collector uses, as the operating system counts it.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::Stack;

impl Stack {
    /// Pins the collector to one core, named as `taskset` names it.
    pub fn pin_collector(&self, core: &str) -> Result<()> {
        let pid = self.collector_pid()?.to_string();
        let pinned = Command::new("taskset").args(["-acp", core, &pid]).output()?;
        ensure!(pinned.status.success(), "{}", String::from_utf8_lossy(&pinned.stderr));
        Ok(())
    }

    /// Returns the collector's processor time in seconds: for intake, and for projections.
    pub fn collector_cpu(&self) -> Result<(f64, f64)> {
        /// Ticks per second in `/proc`, on every Linux that runs today.
        const TICKS: f64 = 100.0;
        let (mut intake, mut reports) = (0.0, 0.0);
        for thread in fs::read_dir(format!("/proc/{}/task", self.collector_pid()?))? {
            // A thread that has just ended has no figures.
            let Ok(stat) = fs::read_to_string(thread?.path().join("stat")) else { continue };
            let (name, fields) = stat.rsplit_once(')').context("a thread without a name")?;
            let ticks =
                fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok());
            let seconds = ticks.sum::<f64>() / TICKS;
            *(if name.ends_with("(projector") { &mut reports } else { &mut intake }) += seconds;
        }
        Ok((intake, reports))
    }

    /// Returns the collector's resident memory in MiB.
    pub fn collector_memory(&self) -> Result<u64> {
        Ok(self.collector_kibibytes()? / 1024)
    }

    /// Returns the collector's resident memory in KiB.
    pub fn collector_kibibytes(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.collector_pid()?))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }

    /// Returns the number of records that are not projected yet.
    pub async fn behind(&self) -> Result<i64> {
        let answer = self.client.get(format!("{}/health/ready", self.url())).send().await?;
        answer.json::<Value>().await?["records_to_project"].as_i64().context("no records_to_project")
    }
}
