//! Printing: a reader that has gone (`tabiji site list | head`) ends the command quietly, and a disk that is full ends
//! it with a sentence. `println!` panics at both.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write as _};

/// Prints a line, as `println!` does.
macro_rules! say {
    ($($text:tt)*) => { $crate::print::line(format_args!($($text)*)) };
}
pub(crate) use say;

/// Prints a line to standard output.
pub fn line(text: Arguments<'_>) {
    if let Err(error) = writeln!(io::stdout().lock(), "{text}") {
        std::process::exit(match error.kind() {
            ErrorKind::BrokenPipe => 0,
            _ => {
                eprintln!("error: cannot print: {error}");
                1
            }
        });
    }
}
