//! `/api/inbox`: the conversations of a site, for agents. Lists and logs are asked for, news come by
//! server-sent events with the same lines that customers are told, and what an agent says is answered as a
//! customer's is: acknowledged means on disk.

mod deeds;
mod transcript;

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use protocol::Millis;
use protocol::chat::{Author, Log, LogEntry, ServerFrame, Side, limits as chat_limits};
use protocol::console::{ComposerOptions, Conversation, ConversationDetail};
use protocol::files::LocalizedText;
use protocol::ids::ConversationId;
use serde::Deserialize;
use store::Party;
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

use super::guard::AtSite;
use crate::app::App;
use crate::chat::{self, Feed};
use crate::desk::Desk;
use crate::http::Refusal;

pub use deeds::{bar, bring, file, say, sign, unbar};
pub use transcript::get as transcript;

/// Conversations in one answer.
const PAGE: u64 = 500;
/// Conversations that a search finds, and bytes that it looks for.
const FOUND: u64 = 200;
const LONGEST_SEARCH: usize = 200;
/// How soon somebody who is signed out hears nothing more.
const CHECK: Duration = Duration::from_secs(3);

/// From which change on, and in which language things are named.
#[derive(Deserialize)]
pub struct Question {
    #[serde(default)]
    after: u64,
    /// A BCP 47 tag, for titles.
    #[serde(default)]
    locale: String,
}

/// What customers and colleagues call an agent.
fn author(email: &str) -> Author {
    let name = email.split('@').next().unwrap_or_default().to_owned();
    Author { side: Side::Agent, id: email.to_owned(), name }
}

/// The conversations that changed, the newest change first.
pub async fn list(
    State(app): State<App>,
    AtSite { site, .. }: AtSite,
    Query(question): Query<Question>,
) -> Result<Json<Vec<Conversation>>, Refusal> {
    let mut all = app.store.conversations(site.id, question.after, PAGE).await?;
    let desk = app.desk(site.id).await?;
    for one in &mut all {
        one.call_due = call_due(&desk, one);
    }
    if let Some(flow) = app.newest_flow(site.id, None).await? {
        for one in &mut all {
            let step = flow.steps().find(|(_, step)| one.context.step.as_ref() == Some(&step.id));
            one.step = step.map_or_else(String::new, |(_, step)| {
                step.title.pick(&question.locale, &flow.default_locale).to_owned()
            });
        }
    }
    Ok(Json(all))
}

/// One conversation with the last lines of both logs.
pub async fn thread(
    State(app): State<App>,
    AtSite { site, .. }: AtSite,
    Path(c): Path<ConversationId>,
) -> Result<Json<ConversationDetail>, Refusal> {
    let site = site.id;
    let party = Party::Agent(site);
    let (mut conversation, _) = app.store.conversation(&party, c).await?.ok_or(Refusal::NotFound)?;
    let last = async |log, head: u64| {
        let from = (head + 1).saturating_sub(chat_limits::PAGE).max(1);
        let found = app.store.log_entries(&party, c, log, from, head, chat_limits::PAGE).await;
        found.map(Option::unwrap_or_default)
    };
    let [public, internal] = conversation.heads;
    let lines = merge(last(Log::Pub, public).await?, last(Log::Int, internal).await?);
    let desk = app.desk(site).await?;
    let hours = desk.hours.at(conversation.context.step.as_ref());
    conversation.call_due = call_due(&desk, &conversation);
    let first_response = conversation.thread.first.map(|[asked, answered]| hours.business(asked, answered));
    let (account, step) = (&conversation.account_id, &conversation.context.step);
    let handoff = app.store.account(site, account).await?.known.handoff;
    let flow = app.newest_flow(site, None).await?;
    let progress = match &flow {
        Some(flow) => Some(app.store.progress(site, account, &flow.name).await?.0),
        None => None,
    };
    let its = progress.as_ref().zip(step.as_ref()).and_then(|(progress, step)| progress.steps.get(step));
    let step_done = its.and_then(|step| step.done_at);
    Ok(Json(ConversationDetail { conversation, lines, handoff, step_done, first_response }))
}

/// By when a call was promised that the customer waits for, by the hours of the step at which they asked.
fn call_due(desk: &Desk, one: &Conversation) -> Option<Millis> {
    let (asked, call) = one.thread.call.as_ref()?;
    desk.hours.at(call.step.as_ref()).call_due(*asked)
}

/// Both logs by time, each in its own order: clocks may stand still, numbers do not.
fn merge(public: Vec<LogEntry>, internal: Vec<LogEntry>) -> Vec<LogEntry> {
    let mut merged = Vec::with_capacity(public.len() + internal.len());
    let mut internal = internal.into_iter().peekable();
    for line in public {
        while let Some(note) = internal.next_if(|note| note.at < line.at) {
            merged.push(note);
        }
        merged.push(line);
    }
    merged.extend(internal);
    merged
}

/// What is looked for.
#[derive(Deserialize)]
pub struct Search {
    q: String,
}

/// Conversations in which something was written.
pub async fn search(
    State(app): State<App>,
    AtSite { site, .. }: AtSite,
    Query(Search { q }): Query<Search>,
) -> Result<Json<Vec<ConversationId>>, Refusal> {
    let words = q.trim();
    if words.is_empty() || words.len() > LONGEST_SEARCH {
        return Ok(Json(Vec::new()));
    }
    Ok(Json(app.store.search_conversations(site.id, words, FOUND).await?))
}

/// What an agent can point at in an answer.
pub async fn pointers(
    State(app): State<App>,
    AtSite { site, .. }: AtSite,
    Query(question): Query<Question>,
) -> Result<Json<ComposerOptions>, Refusal> {
    let desk = app.desk(site.id).await?;
    let said = ComposerOptions {
        replies: desk.file.replies.clone(),
        labels: desk.file.labels.clone(),
        agents: app.chat.hub.present(site.id, app.clock.now()),
        ..ComposerOptions::default()
    };
    let Some(flow) = app.newest_flow(site.id, None).await? else { return Ok(Json(said)) };
    let titled = |title: &LocalizedText| title.pick(&question.locale, &flow.default_locale).to_owned();
    let films = app.store.videos(site.id).await?;
    let film = |id: &str| films.iter().find(|film| film.clip == id);
    let guided = flow.steps().filter(|(_, step)| !step.guide.is_empty());
    Ok(Json(ComposerOptions {
        steps: guided.map(|(_, step)| (step.id.clone(), titled(&step.title))).collect(),
        clips: flow
            .clips
            .iter()
            .filter_map(|clip| Some((clip.id.clone(), titled(&clip.title), film(&clip.id)?.seconds as u32)))
            .collect(),
        ..said
    }))
}

/// Everything that happens in the site's conversations from now on.
pub async fn live(
    State(app): State<App>,
    AtSite { signed, site }: AtSite,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let mut feed = Feed::of_agent(&app, site.id, author(&signed.session.email)).await?;
    let (events, stream) = mpsc::channel::<Result<Event, Infallible>>(8);
    // The first word says that the feed stands: what is asked for now misses nothing.
    let mut told = vec![ServerFrame::Pong];
    tokio::spawn(async move {
        loop {
            if !chat::pour(&events, std::mem::take(&mut told)).await {
                return;
            }
            tokio::select! {
                () = events.closed() => return,
                () = app.stopped() => return,
                () = feed.ready() => match feed.take().await {
                    Ok(news) => told = news,
                    Err(_) => return,
                },
                () = tokio::time::sleep(CHECK) => {}
            }
            if !signed.still_sees(&app, site.id).await {
                return;
            }
        }
    });
    Ok(Sse::new(ReceiverStream::new(stream)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}
