//! What is remembered on this device: the launcher's words, and the last answer for a page that
//! opens while the collector cannot be reached.

use journey::progress::Checklist;

use super::Model;
use crate::browser;
use crate::i18n::{Texts, fill};
use crate::wire;

/// "2 left · about 8 min", or that everything is done.
pub fn left(texts: &Texts, list: &Checklist<'_, String>) -> String {
    if list.left == 0 {
        return texts.all_done.to_owned();
    }
    fill(texts.left, &[("n", &list.left.to_string()), ("m", &list.minutes.to_string())])
}

/// The launcher's accessible name: what it opens and how much is left.
pub fn label(texts: &Texts, model: &Model) -> String {
    fill(texts.label, &[("title", &model.flow.title), ("left", &left(texts, &model.checklist()))])
}

/// The must-have steps that are done, in percent.
pub fn percent(list: &Checklist<'_, String>) -> u32 {
    let done = (list.total - list.left) * 100;
    u32::try_from(done.checked_div(list.total).unwrap_or(0)).unwrap_or(0)
}

/// Lets the loader draw the launcher right before anything is fetched.
pub fn keep(site: &str, texts: &Texts, model: &Model) {
    let list = model.checklist();
    let summary = wire::object(&[
        ("text", left(texts, &list).into()),
        ("label", label(texts, model).into()),
        ("ratio", percent(&list).into()),
    ]);
    browser::remember(&launcher_key(site), Some(&wire::print(&summary)));
}

/// Remembers the collector's last answer to this owner.
pub fn keep_answer(owner: &str, answer: &str) {
    browser::remember(&answer_key(owner), Some(answer));
}

/// The collector's last answer to this owner.
pub fn last_answer(owner: &str) -> Option<String> {
    browser::recall(&answer_key(owner))
}

/// Forgets both.
pub fn forget(site: &str, owner: &str) {
    browser::remember(&launcher_key(site), None);
    browser::remember(&answer_key(owner), None);
}

fn launcher_key(site: &str) -> String {
    ["tabiji:", site].concat()
}

fn answer_key(owner: &str) -> String {
    ["tabiji:answer:", owner].concat()
}
