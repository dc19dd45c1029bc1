//! `/api/inbox`: the conversations of a site, for agents. Lists and logs are asked for, news come by
//! server-sent events with the same lines that customers are told, and what an agent says is answered as a
//! customer's is: acknowledged means on disk.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse, Sse};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use protocol::{
    AgentSays, Author, Conversation, ConversationId, InboxThread, Line, Log, Message, Pointers, Said, Side,
    SiteKey, Tell, Texts, chat_limits,
};
use serde::Deserialize;
use store::{Party, Site};
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

use super::sign_in::{SignedIn, is_good};
use crate::app::App;
use crate::chat::{self, Feed};
use crate::http::Refusal;

/// Conversations in one answer.
const PAGE: u64 = 500;
/// Conversations that a search finds, and bytes that it looks for.
const FOUND: u64 = 200;
const LONGEST_SEARCH: usize = 200;
/// How soon somebody who is signed out hears nothing more.
const CHECK: Duration = Duration::from_secs(3);

/// Which site, and from which change on.
#[derive(Deserialize)]
pub struct Question {
    site: SiteKey,
    #[serde(default)]
    after: u64,
    /// A BCP 47 tag, for titles.
    #[serde(default)]
    locale: String,
}

async fn site(app: &App, key: &SiteKey) -> Result<Site, Refusal> {
    app.store.site(key).await?.ok_or(Refusal::NotFound)
}

/// What customers and colleagues call an agent.
fn author(email: &str) -> Author {
    let name = email.split('@').next().unwrap_or_default().to_owned();
    Author { side: Side::Agent, id: email.to_owned(), name }
}

/// The conversations that changed, the newest change first.
pub async fn list(
    State(app): State<App>,
    _viewer: SignedIn,
    Query(question): Query<Question>,
) -> Result<Json<Vec<Conversation>>, Refusal> {
    let site = site(&app, &question.site).await?;
    let mut all = app.store.conversations(site.id, question.after, PAGE).await?;
    let desk = app.desk(site.id).await?;
    for one in &mut all {
        one.call_due = one.thread.call.as_ref().and_then(|(asked, _)| desk.hours.call_due(*asked));
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
    _viewer: SignedIn,
    Path(c): Path<ConversationId>,
    Query(question): Query<Question>,
) -> Result<Json<InboxThread>, Refusal> {
    let site = site(&app, &question.site).await?.id;
    let party = Party::Agent(site);
    let (mut conversation, _) = app.store.conversation(&party, c).await?.ok_or(Refusal::NotFound)?;
    let last = async |log, head: u64| {
        let from = (head + 1).saturating_sub(chat_limits::PAGE).max(1);
        let found = app.store.lines(&party, c, log, from, head, chat_limits::PAGE).await;
        found.map(Option::unwrap_or_default)
    };
    let [public, internal] = conversation.heads;
    let lines = merge(last(Log::Pub, public).await?, last(Log::Int, internal).await?);
    let hours = &app.desk(site).await?.hours;
    conversation.call_due = conversation.thread.call.as_ref().and_then(|(asked, _)| hours.call_due(*asked));
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
    Ok(Json(InboxThread { conversation, lines, handoff, step_done, first_response }))
}

/// Both logs by time, each in its own order: clocks may stand still, numbers do not.
fn merge(public: Vec<Line>, internal: Vec<Line>) -> Vec<Line> {
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
    site: SiteKey,
    q: String,
}

/// Conversations in which something was written.
pub async fn search(
    State(app): State<App>,
    _viewer: SignedIn,
    Query(Search { site: key, q }): Query<Search>,
) -> Result<Json<Vec<ConversationId>>, Refusal> {
    let site = site(&app, &key).await?;
    let words = q.trim();
    if words.is_empty() || words.len() > LONGEST_SEARCH {
        return Ok(Json(Vec::new()));
    }
    Ok(Json(app.store.search(site.id, words, FOUND).await?))
}

/// What was said in public, as a text to keep or to send to the customer: no note is in it.
pub async fn transcript(
    State(app): State<App>,
    _viewer: SignedIn,
    Path(c): Path<ConversationId>,
    Query(question): Query<Question>,
) -> Result<impl IntoResponse, Refusal> {
    let site = site(&app, &question.site).await?.id;
    let party = Party::Agent(site);
    let (conversation, _) = app.store.conversation(&party, c).await?.ok_or(Refusal::NotFound)?;
    let desk = app.desk(site).await?;
    let zone = TimeZone::get(&desk.file.zone).unwrap_or(TimeZone::UTC);
    let mut text = format!("{} · {}\n", conversation.account, conversation.user);
    let mut next = 1;
    while next <= conversation.heads[0] {
        let lines = app.store.lines(&party, c, Log::Pub, next, u64::MAX, chat_limits::PAGE).await?;
        for line in lines.unwrap_or_default() {
            next = line.seq;
            if let Said::Message(Message { text: words, .. }) = &line.said {
                let at = Timestamp::from_millisecond(line.at).unwrap_or_default().to_zoned(zone.clone());
                let name = if line.author.name.is_empty() { &conversation.user } else { &line.author.name };
                text.push_str(&format!("\n{} {name}\n{words}\n", at.strftime("%Y-%m-%d %H:%M %Z")));
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

/// What an agent can point at in an answer.
pub async fn pointers(
    State(app): State<App>,
    _viewer: SignedIn,
    Query(question): Query<Question>,
) -> Result<Json<Pointers>, Refusal> {
    let site = site(&app, &question.site).await?;
    let desk = app.desk(site.id).await?;
    let said = Pointers {
        replies: desk.file.replies.clone(),
        labels: desk.file.labels.clone(),
        agents: app.chat.hub.present(site.id, app.clock.now()),
        ..Pointers::default()
    };
    let Some(flow) = app.newest_flow(site.id, None).await? else { return Ok(Json(said)) };
    let titled = |title: &Texts| title.pick(&question.locale, &flow.default_locale).to_owned();
    let films = app.store.films(site.id).await?;
    let film = |id: &str| films.iter().find(|film| film.clip == id);
    let guided = flow.steps().filter(|(_, step)| !step.guide.is_empty());
    Ok(Json(Pointers {
        steps: guided.map(|(_, step)| (step.id.clone(), titled(&step.title))).collect(),
        clips: flow
            .clips
            .iter()
            .filter_map(|clip| Some((clip.id.clone(), titled(&clip.title), film(&clip.id)?.seconds as u32)))
            .collect(),
        ..said
    }))
}

/// Says or does something.
pub async fn say(
    State(app): State<App>,
    SignedIn(viewer, _): SignedIn,
    Path(c): Path<ConversationId>,
    Query(question): Query<Question>,
    Json(says): Json<AgentSays>,
) -> Result<Json<Tell>, Refusal> {
    let site = site(&app, &question.site).await?;
    Ok(Json(chat::agent_says(&app, &site, author(&viewer.email), c, says).await))
}

/// What an agent does beside saying something.
#[derive(Deserialize)]
pub struct Sign {
    /// Everything up to this line was read.
    #[serde(default)]
    read: Option<u64>,
    /// They type, or stopped.
    #[serde(default)]
    typing: Option<bool>,
}

/// Notes what was read, and tells that somebody types.
pub async fn sign(
    State(app): State<App>,
    SignedIn(viewer, _): SignedIn,
    Path(c): Path<ConversationId>,
    Query(question): Query<Question>,
    Json(sign): Json<Sign>,
) -> Result<StatusCode, Refusal> {
    let party = Party::Agent(site(&app, &question.site).await?.id);
    if let Some(seq) = sign.read {
        chat::has_read(&app, &party, c, seq).await;
    }
    if let Some(on) = sign.typing {
        chat::types(&app, &party, c, on, author(&viewer.email)).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Everything that happens in the site's conversations from now on.
pub async fn live(
    State(app): State<App>,
    SignedIn(viewer, cookie): SignedIn,
    Query(question): Query<Question>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let site = site(&app, &question.site).await?;
    let mut feed = Feed::of_agent(&app, site.id, author(&viewer.email)).await?;
    let (events, stream) = mpsc::channel::<Result<Event, Infallible>>(8);
    // The first word says that the feed stands: what is asked for now misses nothing.
    let mut told = vec![Tell::Pong];
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
            match app.store.session(cookie).await {
                Ok(Some(session)) if is_good(&session, app.clock.now()) => {}
                _ => return,
            }
        }
    });
    Ok(Sse::new(ReceiverStream::new(stream)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}
