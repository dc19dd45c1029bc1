//! The machine: room on the disk, and the programs that some commands use.

use std::process::Command;

use server::clock::{Clock, SystemClock};
use server::config::Config;

use super::{Finding, Verdict};
use crate::moment;

/// Less room than this is a fault, in KiB: a gibibyte.
const LITTLE: u64 = 1024 * 1024;
/// When this version was not written yet; a clock that shows less is wrong (2026-01-01).
const BEFORE: i64 = 1_767_225_600_000;

pub(super) fn examine(config: &Config) -> Vec<Finding> {
    vec![room(config), clock(), ffmpeg()]
}

fn room(config: &Config) -> Finding {
    let verdict = match kibibytes_left(config) {
        Some(left) if left < LITTLE => Verdict::Bad(format!("{} MiB left: make room", left / 1024)),
        Some(left) => Verdict::Good(format!("{} GiB left", left / 1024 / 1024)),
        None => Verdict::Note("`df` does not say how much is left".to_owned()),
    };
    Finding::new("room", verdict)
}

/// The fourth column of the second line (POSIX).
fn kibibytes_left(config: &Config) -> Option<u64> {
    let output = Command::new("df").arg("-Pk").arg(&config.data).output().ok()?;
    String::from_utf8_lossy(&output.stdout).lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

fn clock() -> Finding {
    let now = SystemClock.now();
    let shown = moment::text(now);
    let good = if now < BEFORE {
        Err(format!("{shown}: set it, or tokens and events are refused"))
    } else {
        Ok(shown)
    };
    Finding::of("clock", good)
}

fn ffmpeg() -> Finding {
    let is_there =
        Command::new("ffmpeg").arg("-version").output().is_ok_and(|output| output.status.success());
    let verdict = if is_there {
        Verdict::Good("is there, for pictures of clips".to_owned())
    } else {
        Verdict::Note("is not there: clips get no picture and no smaller size".to_owned())
    };
    Finding::new("ffmpeg", verdict)
}
