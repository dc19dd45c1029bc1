//! The machine: room on the disk, and the programs that some commands use.

use std::process::Command;

use protocol::Millis;
use server::clock::{Clock, SystemClock};
use server::config::Config;

use super::{Finding, Verdict};
use crate::{moment, private};

/// Less room than this is a fault, in KiB: a gibibyte.
const LITTLE: u64 = 1024 * 1024;
/// When this version was not written yet; a clock that shows less is wrong (2026-01-01).
const BEFORE: Millis = 1_767_225_600_000;

pub(super) fn examine(config: &Config) -> Vec<Finding> {
    vec![
        Finding::new("room", room(kibibytes_left(config))),
        Finding::of("rights", rights(config)),
        Finding::of("clock", clock(SystemClock.now())),
        Finding::new("ffmpeg", ffmpeg("ffmpeg")),
    ]
}

fn rights(config: &Config) -> Result<String, String> {
    let data = config.data.display();
    match private::count_open(&config.data) {
        Ok(0) => Ok("the data folder is its owner's alone".to_owned()),
        Ok(count) => {
            Err(format!("others may use {count} of the files and folders in {data}: chmod -R go= {data}"))
        }
        Err(error) => Err(format!("{data} cannot be looked through: {error}")),
    }
}

fn room(kibibytes: Option<u64>) -> Verdict {
    match kibibytes {
        Some(left) if left < LITTLE => Verdict::Bad(format!("{} MiB left: make room", left / 1024)),
        Some(left) => Verdict::Good(format!("{} GiB left", left / 1024 / 1024)),
        None => Verdict::Note("`df` does not say how much is left".to_owned()),
    }
}

/// The fourth column of the second line (POSIX).
fn kibibytes_left(config: &Config) -> Option<u64> {
    let output = Command::new("df").arg("-Pk").arg(&config.data).output().ok()?;
    String::from_utf8_lossy(&output.stdout).lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

fn clock(now: Millis) -> Result<String, String> {
    let shown = moment::text(now);
    if now < BEFORE { Err(format!("{shown}: set it, or tokens and events are refused")) } else { Ok(shown) }
}

/// Looks for a program by this name.
fn ffmpeg(program: &str) -> Verdict {
    let is_there = Command::new(program).arg("-version").output().is_ok_and(|output| output.status.success());
    if is_there {
        Verdict::Good("is there, for pictures of clips".to_owned())
    } else {
        Verdict::Note("is not there: clips get no picture and no smaller size".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_room_is_a_fault_and_an_unknown_amount_is_none() {
        assert!(matches!(room(Some(LITTLE - 1)), Verdict::Bad(text) if text == "1023 MiB left: make room"));
        assert!(matches!(room(Some(LITTLE)), Verdict::Good(text) if text == "1 GiB left"));
        assert!(matches!(room(None), Verdict::Note(_)));
    }

    #[test]
    fn a_clock_before_this_version_is_a_fault() {
        assert!(clock(BEFORE).is_ok_and(|text| text.starts_with("2026-01-01")));
        assert!(
            clock(BEFORE - 1).is_err_and(|text| text.starts_with("2025-12-31") && text.contains("set it"))
        );
    }

    #[test]
    fn without_ffmpeg_it_is_said_what_clips_will_lack() {
        assert!(matches!(ffmpeg("no-such-program"), Verdict::Note(text) if text.contains("no picture")));
        // Any program that ends well when it is asked for its version.
        assert!(matches!(ffmpeg("true"), Verdict::Good(_)));
    }
}
