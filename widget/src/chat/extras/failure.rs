//! Why a file cannot be sent, in words and in sight.

use super::texts::Texts;
use crate::chat::session::Session;
use crate::{browser, js, ui, wire};

/// Brings the reason why a file cannot be sent into view, once it is drawn.
pub fn show_failure(session: &Session) {
    let root = session.state.root();
    ui::next_frame(move || {
        if let Some(reason) = browser::find(&root, ".brings .wrong") {
            let nearest = wire::object(&[("block", "nearest".into())]);
            js::invoke(&reason, "scrollIntoView", &[nearest]);
        }
    });
}

/// The reason of a refusal.
pub fn reason(texts: &Texts, tag: &str) -> &'static str {
    match tag {
        "too_large" => texts.file_too_large,
        "bad_file" => texts.file_bad_file,
        "files_full" => texts.file_files_full,
        _ => texts.failed,
    }
}
