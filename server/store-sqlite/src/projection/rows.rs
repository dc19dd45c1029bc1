//! Reads projected rows back into the model's values.

use journey::progress::Entry;
use protocol::files::Scale;
use protocol::ids::{StepId, UserId};
use rusqlite::Row;
use store::projection::{
    ClipWatch, HelpKind, HelpUse, Milestone, MilestoneKind, Moments, SurveyAnswer, TourPosition,
};

use crate::columns::{json, key, unreadable, user};

/// The columns of what was watched, as [`watch`] reads them.
pub(crate) const WATCH: &str =
    "first, at, n, watched.id, received_first, received_last, place, seen, captioned, returned";

/// Reads what was watched of a video.
pub(crate) fn watch(row: &Row<'_>) -> rusqlite::Result<ClipWatch> {
    Ok(ClipWatch {
        first: row.get(0)?,
        key: key(row, 1)?,
        received: Moments { first: row.get(4)?, last: row.get(5)? },
        place: row.get(6)?,
        // Only ranges that can be read are written.
        seen: row.get::<_, String>(7)?.parse().unwrap_or_default(),
        captioned: row.get(8)?,
        returned: json(&row.get::<_, String>(9)?)?,
    })
}

/// Reads a scale.
pub(crate) fn scale(row: &Row<'_>, column: usize) -> rusqlite::Result<Scale> {
    SurveyAnswer::scale_of(row.get_ref(column)?.as_str()?).ok_or_else(|| unreadable(column, "scale"))
}

/// Reads an entry from the columns at, n, id, user, what.
pub(crate) fn entry(row: &Row<'_>, first: usize) -> rusqlite::Result<Entry> {
    let what = row.get_ref(first + 4)?.as_str()?;
    Ok(Entry { key: key(row, first)?, user: user(row, first + 3)?, what: json(what)? })
}

/// Reads a milestone from the columns at, kind, name, visit, user.
pub(crate) fn milestone(row: &Row<'_>, first: usize) -> rusqlite::Result<Milestone> {
    let kind = MilestoneKind::of_word(row.get_ref(first + 1)?.as_str()?);
    Ok(Milestone {
        at: row.get(first)?,
        kind: kind.ok_or_else(|| unreadable(first + 1, "kind"))?,
        name: row.get(first + 2)?,
        visit: row.get(first + 3)?,
        user: user(row, first + 4)?,
    })
}

/// Reads a position in a guide from the columns at, n, id, step, stop.
pub(crate) fn tour(row: &Row<'_>, first: usize) -> rusqlite::Result<TourPosition> {
    Ok(TourPosition { key: key(row, first)?, step: StepId(row.get(first + 3)?), stop: row.get(first + 4)? })
}

/// Reads a survey answer from the columns question, at, n, id, flow, stage, scale, score, comment.
pub(crate) fn answer(row: &Row<'_>, first: usize) -> rusqlite::Result<SurveyAnswer> {
    Ok(SurveyAnswer {
        question: row.get(first)?,
        key: key(row, first + 1)?,
        flow: row.get(first + 4)?,
        stage: row.get(first + 5)?,
        scale: scale(row, first + 6)?,
        score: row.get(first + 7)?,
        comment: row.get(first + 8)?,
    })
}

/// Reads a use of help from the columns at, n, id, what, step, article.
pub(crate) fn help(row: &Row<'_>, first: usize) -> rusqlite::Result<HelpUse> {
    let step: String = row.get(first + 4)?;
    Ok(HelpUse {
        key: key(row, first)?,
        kind: HelpKind::of_number(row.get(first + 3)?).ok_or_else(|| unreadable(first + 3, "what"))?,
        step: (!step.is_empty()).then_some(StepId(step)),
        article: row.get(first + 5)?,
    })
}

/// Reads a person's id from a column that always has one.
pub(crate) fn person(row: &Row<'_>, column: usize) -> rusqlite::Result<UserId> {
    row.get(column).map(UserId)
}
