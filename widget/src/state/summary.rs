//! What is remembered on this device: the launcher's words, and the last answer for a page that
//! opens while the collector cannot be reached.

use journey::progress::{Checklist, RowState};
use protocol::Millis;
use protocol::files::Need;

use super::{Model, Phase, State};
use crate::browser;
use crate::i18n::{Texts, concat, fill};
use crate::wire;

/// What the launcher says.
pub struct Summary {
    pub text: String,
    /// What it opens and how much is left, for screen readers.
    pub label: String,
    pub percent: u32,
    /// Whether nothing is left, so that it is a round button.
    pub is_folded: bool,
}

impl Summary {
    /// Of what a person sees.
    pub fn of(state: State, model: &Model) -> Self {
        let texts = state.texts;
        let list = model.checklist();
        let percent = percent(&list);
        if list.left == 0 {
            return Self::help(texts, percent);
        }
        // What is snoozed rests until the person wants it.
        let later = rests_until(&list).map(|until| state.resumes_at(until));
        let text = later.unwrap_or_else(|| left(texts, &list));
        let label = fill(texts.label, &[("title", &model.flow.title), ("left", &text)]);
        Self { text, label, percent, is_folded: false }
    }

    /// Before there is a checklist, or where there is none.
    pub fn unknown(state: State) -> Self {
        if state.phase.get() == Phase::Empty {
            return Self::help(state.texts, 0);
        }
        let text = state.loader_text();
        Self { label: text.clone(), text, percent: 0, is_folded: false }
    }

    fn help(texts: &Texts, percent: u32) -> Self {
        Self { text: texts.help.to_owned(), label: texts.help.to_owned(), percent, is_folded: true }
    }
}

/// Until when the set-up rests: its first open step is snoozed.
fn rests_until(list: &Checklist<'_, String>) -> Option<Millis> {
    let mut open =
        list.rows.iter().filter(|row| row.step.need == Need::MustHave && row.state == RowState::Open);
    let later = open.next()?.progress?.snooze.as_ref()?;
    (later.until > browser::now()).then_some(later.until)
}

/// "2 left · about 8 min", or that everything is done.
pub fn left(texts: &Texts, list: &Checklist<'_, String>) -> String {
    if list.left == 0 {
        return texts.all_done.to_owned();
    }
    fill(texts.left, &[("n", &list.left.to_string()), ("m", &list.minutes.to_string())])
}

/// The must-have steps that are done, in percent.
pub fn percent(list: &Checklist<'_, String>) -> u32 {
    let done = (list.total - list.left) * 100;
    u32::try_from(done.checked_div(list.total).unwrap_or(0)).unwrap_or(0)
}

/// Lets the loader draw the launcher right before anything is fetched.
pub fn keep(state: State, site: &str, model: &Model) {
    let summary = Summary::of(state, model);
    let summary = wire::object(&[
        ("text", summary.text.into()),
        ("label", summary.label.into()),
        ("ratio", summary.percent.into()),
        ("folded", summary.is_folded.into()),
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
    concat(&["tabiji:", site])
}

fn answer_key(owner: &str) -> String {
    concat(&["tabiji:answer:", owner])
}
