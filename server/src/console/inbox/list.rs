//! `GET /api/inbox` and `GET /api/inbox/search`: which conversations there are.

use axum::Json;
use axum::extract::State;
use protocol::console::{Conversation, SearchHit};
use schemars::JsonSchema;
use search::{find, search_form};
use serde::Deserialize;

use super::InboxQuery;
use super::conversation::{answer_due, call_due};
use crate::app::App;
use crate::auth::SiteAccess;
use crate::http::{Query, Refusal};

/// Conversations in one answer; the console asks on from the last change.
const PAGE: u64 = 500;
/// Conversations that a search finds at most.
const MAX_FOUND: u64 = 200;
/// Characters that are shown on each side of what was found.
const AROUND: usize = 24;
/// The longest text that is searched for, in bytes.
const MAX_SEARCH: usize = 200;

/// Returns the conversations that changed after a change, the oldest change first.
pub async fn get(
    State(app): State<App>,
    SiteAccess { site, .. }: SiteAccess,
    Query(query): Query<InboxQuery>,
) -> Result<Json<Vec<Conversation>>, Refusal> {
    let mut all = app.store.conversations(site.id, query.after, PAGE).await?;
    let support = app.support.config(site.id).await?;
    for one in &mut all {
        one.callback_due = call_due(&support, one);
        one.answer_due = answer_due(&support, one);
    }
    if let Some(flow) = app.flows.newest(site.id, None).await? {
        for one in &mut all {
            let step = flow.steps().find(|(_, step)| one.context.step.as_ref() == Some(&step.id));
            one.step = step.map_or_else(String::new, |(_, step)| {
                step.title.pick(&query.locale, &flow.default_locale).to_owned()
            });
        }
    }
    Ok(Json(all))
}

/// The query of a search.
#[derive(Deserialize, JsonSchema)]
pub struct SearchQuery {
    q: String,
}

/// Returns conversations in which these words were written, notes among them, each with the newest passage.
pub async fn search(
    State(app): State<App>,
    SiteAccess { site, .. }: SiteAccess,
    Query(SearchQuery { q }): Query<SearchQuery>,
) -> Result<Json<Vec<SearchHit>>, Refusal> {
    let words = q.trim();
    // Signs that nobody sees are in every text.
    if search_form(words).is_empty() || words.len() > MAX_SEARCH {
        return Ok(Json(Vec::new()));
    }
    let found = app.store.search_conversations(site.id, words, MAX_FOUND).await?.into_iter();
    Ok(Json(
        found.map(|(conversation, text)| SearchHit { conversation, text: passage(&text, words) }).collect(),
    ))
}

/// Returns the words with some of what stands around them.
fn passage(text: &str, words: &str) -> String {
    let found = find(text, words).unwrap_or_default();
    let character = |place| text[..place].chars().count();
    let (at, end) = (character(found.start), character(found.end));
    let from = at.saturating_sub(AROUND);
    let cut: String = text.chars().skip(from).take(end - from + AROUND).collect();
    let cut = cut.split_whitespace().collect::<Vec<_>>().join(" ");
    if from > 0 { ["…", &cut].concat() } else { cut }
}

#[cfg(test)]
mod tests {
    use super::passage;

    #[test]
    fn a_passage_shows_the_words_with_some_of_what_is_around_them() {
        assert_eq!(passage("請求書の宛名を変えたい", "宛名"), "請求書の宛名を変えたい");
        let long = ["あ".repeat(60), "Invoice".into(), "い".repeat(60)].concat();
        let expected = ["…", &"あ".repeat(24), "Invoice", &"い".repeat(24)].concat();
        assert_eq!(passage(&long, "invoice"), expected);
        assert_eq!(passage("two\nlines", "lines"), "two lines");
        let narrow = ["ア".repeat(60), "ﾊﾞｯｸｱｯﾌﾟ".into(), "い".repeat(60)].concat();
        let expected = ["…", &"ア".repeat(24), "ﾊﾞｯｸｱｯﾌﾟ", &"い".repeat(24)].concat();
        assert_eq!(passage(&narrow, "バックアップ"), expected, "as it was written");
    }
}
