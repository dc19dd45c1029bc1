//! The one line below what was printed: what is being done, also by several threads, and what is left after it.

use std::io::IsTerminal;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// There is one terminal.
static LINE: Mutex<Line> = Mutex::new(Line { now: Vec::new(), left: Vec::new(), bar: None });

/// What takes less is done before anybody wonders.
const SHORT: Duration = Duration::from_secs(15);

struct Line {
    now: Vec<String>,
    left: Vec<&'static str>,
    /// None where nothing is being done, or where there is no terminal.
    bar: Option<ProgressBar>,
}

/// Says what a command is about to do, in words of a few letters; each is taken back by [`done`].
pub fn plan(all: &[&'static str]) {
    lock().left = all.to_vec();
}

/// Takes back what was planned.
pub fn done(what: &str) {
    let mut line = lock();
    line.left.retain(|left| *left != what);
    line.draw();
}

/// Something that is being done, until it is dropped.
pub struct Work {
    what: String,
    begun: Instant,
}

impl Work {
    /// Shows it in the line; a line for each where there is no terminal.
    pub fn begin(what: &str) -> Self {
        let mut line = lock();
        line.now.push(what.to_owned());
        if std::io::stderr().is_terminal() {
            line.bar.get_or_insert_with(bar);
            line.draw();
        } else {
            println!("   {}", text(&[format!("{what} …")], &line.left));
        }
        Self { what: what.to_owned(), begun: Instant::now() }
    }

    /// Prints how long it took; beside a plan, what was short is not worth a line.
    pub fn finish(self) {
        let (line, took) = (lock(), self.begun.elapsed());
        if !line.left.is_empty() && took < SHORT {
            return;
        }
        let took = format!("   {}: {:.1} s", self.what, took.as_secs_f64());
        match &line.bar {
            Some(bar) => bar.suspend(|| println!("{took}")),
            None => println!("{took}"),
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let mut line = lock();
        if let Some(at) = line.now.iter().position(|what| *what == self.what) {
            line.now.remove(at);
        }
        match line.now.is_empty() {
            true => line.bar.take().into_iter().for_each(|bar| bar.finish_and_clear()),
            false => line.draw(),
        }
    }
}

impl Line {
    fn draw(&self) {
        if let Some(bar) = &self.bar {
            bar.set_message(text(&self.now, &self.left));
        }
    }
}

fn text(now: &[String], left: &[&str]) -> String {
    let now = now.join(", ");
    if left.is_empty() { now } else { format!("{now} · to do: {}", left.join(", ")) }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

fn lock() -> MutexGuard<'static, Line> {
    LINE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_what_is_done_by_every_thread_and_what_is_left() {
        let now = ["building the widget", "building the collector"].map(str::to_owned);
        let said = text(&now, &["widget", "console", "data"]);
        assert_eq!(said, "building the widget, building the collector · to do: widget, console, data");
        assert_eq!(text(&now[..1], &[]), "building the widget");
    }
}
