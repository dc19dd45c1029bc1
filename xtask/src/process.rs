//! Running other programs, with a line that says what is being done.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::IsTerminal;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

/// A program with its arguments, in the project's folder, with its own tools first on the path.
pub fn program(name: &str, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).env("PATH", path());
    command
}

/// The path on which the project's own tools come first.
fn path() -> OsString {
    let ours = [crate::root().join(".tools/bin"), crate::root().join("node_modules/.bin")];
    let rest = env::var_os("PATH").unwrap_or_default();
    let all = ours.into_iter().chain(env::split_paths(&rest));
    env::join_paths(all).unwrap_or(rest)
}

/// Runs a program whose own output people want to see.
pub fn shown(what: &str, mut command: Command) -> Result<()> {
    println!("── {what}");
    let begun = Instant::now();
    let status =
        command.status().with_context(|| format!("{what}: cannot start {:?}", command.get_program()))?;
    if !status.success() {
        bail!("{what} failed");
    }
    println!("── {what}: {}", took(begun));
    Ok(())
}

/// Works under a moving line.
pub fn worked<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let begun = Instant::now();
    let line = moving_line(what);
    let outcome = work();
    line.finish_and_clear();
    let made = outcome.with_context(|| format!("{what} failed"))?;
    println!("   {what}: {}", took(begun));
    Ok(made)
}

/// Runs a program quietly under a moving line; its output is shown only when it fails.
pub fn quiet(what: &str, mut command: Command) -> Result<String> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::null());
    worked(what, || {
        let output = command.output().with_context(|| format!("cannot start {:?}", command.get_program()))?;
        if !output.status.success() {
            print!("{}", String::from_utf8_lossy(&output.stdout));
            eprint!("{}", String::from_utf8_lossy(&output.stderr));
            bail!("its output is above");
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    })
}

fn moving_line(what: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        println!("   {what} …");
        return ProgressBar::hidden();
    }
    let line = ProgressBar::new_spinner().with_message(what.to_owned());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        line.set_style(style);
    }
    line.enable_steady_tick(Duration::from_millis(120));
    line
}

fn took(begun: Instant) -> String {
    format!("{:.1} s", begun.elapsed().as_secs_f64())
}
