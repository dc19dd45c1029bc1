//! Printing: a reader that has gone (`tabiji site list | head`) ends the command quietly, and a disk that is full ends
//! it with a sentence. `println!` panics at both.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Stdout, Write};

/// Prints a line, as `println!` does.
macro_rules! say {
    ($($text:tt)*) => { $crate::print::line(format_args!($($text)*)) };
}
pub(crate) use say;

/// Prints a line beside the result, as `eprintln!` does.
macro_rules! aside {
    ($($text:tt)*) => { $crate::print::aside_line(format_args!($($text)*)) };
}
pub(crate) use aside;

/// Returns a number with what it counts: `count(1, "step")` is `1 step`, and `count(2, "step")` is `2 steps`.
pub fn count(n: impl TryInto<u64>, what: &str) -> String {
    let n = n.try_into().unwrap_or(u64::MAX);
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// Prints a line to standard output.
pub fn line(text: Arguments<'_>) {
    if let Err(error) = writeln!(io::stdout().lock(), "{text}") {
        end(&error);
    }
}

/// Prints a line to standard error, where there is still a reader.
pub fn aside_line(text: Arguments<'_>) {
    // Nobody is left who reads it.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Standard output for much at once. What cannot be printed ends the command, as a line does.
pub struct Output(Stdout);

/// Returns it.
pub fn output() -> Output {
    Output(io::stdout())
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).inspect_err(end)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().inspect_err(end)
    }
}

/// Ends the command: quietly when the reader has gone.
fn end(error: &io::Error) {
    std::process::exit(match error.kind() {
        // The caller tries again.
        ErrorKind::Interrupted => return,
        ErrorKind::BrokenPipe => 0,
        _ => {
            aside!("error: cannot print: {error}");
            1
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn w12_one_of_a_thing_is_not_many() {
        let counted = [0_usize, 1, 2].map(|n| count(n, "step"));
        assert_eq!(counted, ["0 steps", "1 step", "2 steps"]);
    }
}
