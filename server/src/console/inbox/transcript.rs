//! `GET /api/inbox/{conversation}/transcript`: a conversation as a text file.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use protocol::chat::{Log, LogEntryBody, Message, limits as chat_limits};
use protocol::console::SecurityKind;
use protocol::ids::ConversationId;
use store::Party;

use crate::app::App;
use crate::auth::SiteAccess;
use crate::http::{Path, Refusal};

/// Returns the messages of a conversation without its notes, so that it can be sent to the customer.
///
/// # Errors
/// `NotFound`.
pub async fn get(
    State(app): State<App>,
    SiteAccess { signed, site }: SiteAccess,
    Path(id): Path<ConversationId>,
) -> Result<Response, Refusal> {
    let site = site.id;
    let party = Party::Agent(site);
    let (conversation, _) = app.store.conversation(&party, id).await?.ok_or(Refusal::NotFound)?;
    let (by, about) = (&signed.session.email, id.0.to_string());
    app.security.note(SecurityKind::TranscriptRead, by, Some(site), &about).await;
    let support = app.support.config(site).await?;
    let zone = TimeZone::get(&support.file.zone).unwrap_or(TimeZone::UTC);
    let mut text = format!("{} · {}\n", conversation.account, conversation.user);
    let mut next = 1;
    while next <= conversation.last_entries[0] {
        let entries =
            app.store.log_entries(&party, id, Log::Public, next, u64::MAX, chat_limits::PAGE).await?;
        for line in entries.unwrap_or_default() {
            next = line.seq;
            if let LogEntryBody::Message(Message { text: words, file, .. }) = &line.body {
                let at = Timestamp::from_millisecond(line.at).unwrap_or_default().to_zoned(zone.clone());
                let name = if line.author.name.is_empty() { &conversation.user } else { &line.author.name };
                text.push_str(&format!("\n{} {name}\n", at.strftime("%Y-%m-%d %H:%M %Z")));
                let file = file.as_ref().map(|file| format!("[{}]", file.name));
                for part in [Some(words), file.as_ref()].into_iter().flatten().filter(|part| !part.is_empty())
                {
                    text.push_str(part);
                    text.push('\n');
                }
            }
        }
        next += 1;
    }
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"conversation-{}.txt\"", id.0)),
    ];
    Ok((headers, text).into_response())
}
