//! Running other programs, with a line that says what is being done.

use std::env;
use std::ffi::{OsStr, OsString};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::progress::Work;
use anyhow::{Context, Result, bail};

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

/// Works under the moving line.
pub fn worked<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let line = Work::begin(what);
    let made = work().with_context(|| format!("{what} failed"))?;
    line.finish();
    Ok(made)
}

/// Runs a program quietly under the moving line; its output is shown only when it fails.
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

fn took(begun: Instant) -> String {
    format!("{:.1} s", begun.elapsed().as_secs_f64())
}
