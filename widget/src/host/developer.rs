//! What the developer of the page reads in the browser's console.

use std::cell::RefCell;

use crate::i18n::concat;
use crate::js;
use crate::wire::Json;

/// What they read where a page passes no identity token.
pub const GUEST: &str = "guest: no identity token, so this visitor has an account of their own; see Identity in docs/embedding.md";

/// Reads the body of a refusal: its tag and its sentence.
pub fn refusal(answer: &str) -> (String, String) {
    let error = Json::parse(answer).unwrap_or_else(Json::missing).field("error");
    (error.or_default("tag"), error.or_default("message"))
}

/// Writes to the browser's console, and the same only once in a row.
#[derive(Default)]
pub struct DeveloperLog(RefCell<String>);

impl DeveloperLog {
    /// Writes a sentence that begins with its tag. `level` is a method of the console.
    pub fn say(&self, level: &str, text: &str) {
        if *self.0.borrow() != text {
            // First: the console may be the page's own, and call the widget.
            *self.0.borrow_mut() = text.to_owned();
            let console = js::get(&js::window(), "console");
            js::invoke(&console, level, &[concat(&["[tabiji] ", text]).into()]);
        }
    }
}
