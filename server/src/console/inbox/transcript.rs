//! `GET /api/inbox/{c}/transcript`: a conversation as a text.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use protocol::chat::{Log, LogEntryBody, Message, limits as chat_limits};
use protocol::ids::ConversationId;
use store::Party;

use crate::app::App;
use crate::console::guard::AtSite;
use crate::http::Refusal;

/// What was said in public, as a text to keep or to send to the customer: no note is in it.
pub async fn get(
    State(app): State<App>,
    AtSite { site, .. }: AtSite,
    Path(c): Path<ConversationId>,
) -> Result<impl IntoResponse, Refusal> {
    let site = site.id;
    let party = Party::Agent(site);
    let (conversation, _) = app.store.conversation(&party, c).await?.ok_or(Refusal::NotFound)?;
    let desk = app.desk(site).await?;
    let zone = TimeZone::get(&desk.file.zone).unwrap_or(TimeZone::UTC);
    let mut text = format!("{} · {}\n", conversation.account, conversation.user);
    let mut next = 1;
    while next <= conversation.heads[0] {
        let lines = app.store.log_entries(&party, c, Log::Pub, next, u64::MAX, chat_limits::PAGE).await?;
        for line in lines.unwrap_or_default() {
            next = line.seq;
            if let LogEntryBody::Message(Message { text: words, file, .. }) = &line.said {
                let at = Timestamp::from_millisecond(line.at).unwrap_or_default().to_zoned(zone.clone());
                let name = if line.author.name.is_empty() { &conversation.user } else { &line.author.name };
                text.push_str(&format!("\n{} {name}\n", at.strftime("%Y-%m-%d %H:%M %Z")));
                let file = file.as_ref().map(|file| format!("[{}]", file.name));
                for said in [Some(words), file.as_ref()].into_iter().flatten().filter(|said| !said.is_empty())
                {
                    text.push_str(said);
                    text.push('\n');
                }
            }
        }
        next += 1;
    }
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"conversation-{}.txt\"", c.0)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, text))
}
