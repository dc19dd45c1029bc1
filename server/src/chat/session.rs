//! Handles chat frames from either transport (WebSocket, or SSE and POST), and what agents append.

use std::time::{Duration, Instant};

use journey::support::conversation::may_say;
use protocol::Millis;
use protocol::chat::{
    Author, CallbackRequest, ClientFrame, ClipMoment, Hello, Log, LogEntryBody, Message, NackReason,
    RequestCallback, SendMessage, ServerFrame, Side, VisitorContext, limits as chat_limits,
};
use protocol::console::AgentAction;
use protocol::ids::{ConversationId, EventId, StepId};
use store::{AppendOutcome, NewLogEntry, Party, Site, SiteId, StoreError, Target, Visitor};

use super::Subscription;
use super::subscription::visible_to;
use super::validate::validate;
use crate::app::{App, AppInner};
use crate::auth::identify_hello;
use crate::auth::identity::Identity;
use crate::http::Refusal;
use crate::random;

/// "Typing" is passed on at most this often.
const TYPING_INTERVAL: Duration = Duration::from_secs(3);
/// Characters of each text in the context that a client reports.
const MAX_CONTEXT: usize = 200;
/// How long a client of a blocked person waits before it tries again, in seconds.
const BLOCKED_RETRY: u64 = 60 * 60;
/// How long a client waits before it tries again after the store failed, in seconds.
const FAILED_RETRY: u64 = 5;
/// Resume points of one hello that are read.
const MAX_RESUME: usize = 200;

/// A customer who is connected, or who posts frames.
pub struct ChatSession {
    /// The customer, whose conversations they reach.
    pub visitor: Visitor,
    expires: Option<Millis>,
    name: String,
    typing_sent: Option<Instant>,
    is_typing: bool,
}

impl ChatSession {
    /// A session of a customer whose identity is known.
    pub fn new(site: SiteId, identity: Identity) -> Self {
        let visitor = identity.visitor(site);
        let name = identity.name.unwrap_or_default();
        Self { visitor, expires: identity.expires, name, typing_sent: None, is_typing: false }
    }

    /// Begins a session with a subscription to all conversations of the customer; returns the first frames, too.
    ///
    /// # Errors
    /// As [`Subscription::of_visitor`].
    pub async fn begin(
        app: &App,
        site: SiteId,
        identity: Identity,
        hello: &Hello,
    ) -> Result<(Self, Subscription, Vec<ServerFrame>), Refusal> {
        let session = Self::new(site, identity);
        let resume = &hello.resume[..hello.resume.len().min(MAX_RESUME)];
        let (subscription, first) =
            Subscription::of_visitor(app, &session.visitor, resume, &hello.epoch).await?;
        Ok((session, subscription, first))
    }

    /// Handles one frame and returns the answers to it.
    ///
    /// # Errors
    /// `BadToken` for a token of another person, `TooFast` for a flood; the connection ends then.
    pub async fn handle(
        &mut self,
        app: &App,
        site: &Site,
        ask: ClientFrame,
    ) -> Result<Vec<ServerFrame>, Refusal> {
        app.chat.limits.spend_frame(&self.visitor)?;
        Ok(match ask {
            ClientFrame::Send(send) => vec![self.message(app, send).await],
            ClientFrame::Csat { mid, c, score, comment } => {
                let said = LogEntryBody::Rated { score: score.clamp(1, 5), comment };
                vec![self.append(app, Target::Known(c), mid, said, None).await]
            }
            ClientFrame::Callback(call) => vec![self.callback(app, call).await],
            ClientFrame::Read { c, seq } => {
                mark_read(app, &self.party(), c, seq).await;
                Vec::new()
            }
            ClientFrame::Typing { c, on } => {
                self.typing(app, c, on).await;
                Vec::new()
            }
            ClientFrame::Sync { c, log, from, to } => self.sync(app, c, log, from, to).await,
            ClientFrame::Token { tok } => {
                let hello = Hello { v: 1, tok: Some(tok), ..Hello::default() };
                let identity = identify_hello(app, site, &hello)?;
                if identity.visitor(site.id) != self.visitor {
                    return Err(Refusal::BadToken("it belongs to another person"));
                }
                self.expires = identity.expires;
                Vec::new()
            }
            ClientFrame::Ping => vec![ServerFrame::Pong],
            ClientFrame::Hello(_) => Vec::new(),
        })
    }

    /// How long the session may last without another token.
    pub fn time_left(&self, app: &AppInner) -> Duration {
        let left = self.expires.map_or(i64::from(u32::MAX), |at| at - app.clock.now());
        Duration::from_millis(left.max(0).unsigned_abs())
    }

    fn author(&self) -> Author {
        Author { side: Side::Visitor, id: self.visitor.user.0.clone(), name: self.name.clone() }
    }

    fn party(&self) -> Party {
        Party::Visitor(self.visitor.clone())
    }

    async fn callback(
        &self,
        app: &App,
        RequestCallback { mid, c, ck, phone, windows, ctx }: RequestCallback,
    ) -> ServerFrame {
        let Ok(support) = app.support.config(self.visitor.site).await else {
            return nack(mid, NackReason::Busy, Some(FAILED_RETRY));
        };
        let ctx = ctx.map(bounded);
        let step = ctx.as_ref().and_then(|ctx| ctx.step.clone());
        if support.hours.at(step.as_ref()).call_due(app.clock.now()).is_none() {
            return nack(mid, NackReason::BadCall, None);
        }
        let said = LogEntryBody::Callback(CallbackRequest { phone, windows, step });
        self.append(app, place(app, c, ck, mid), mid, said, ctx).await
    }

    async fn message(&self, app: &App, SendMessage { mid, c, ck, body, ctx }: SendMessage) -> ServerFrame {
        let place = place(app, c, ck, mid);
        let ctx = ctx.map(bounded);
        // Only agents attach clips, steps and quick answers.
        let said = LogEntryBody::Message(Message { text: body.text, file: body.file, ..Message::default() });
        self.append(app, place, mid, said, ctx).await
    }

    async fn append(
        &self,
        app: &App,
        place: Target,
        mid: EventId,
        said: LogEntryBody,
        context: Option<VisitorContext>,
    ) -> ServerFrame {
        if let Err(wait) = app.chat.limits.spend_message(&self.visitor) {
            return nack(mid, NackReason::TooFast, Some(wait));
        }
        let author = self.author();
        append(app, self.party(), place, NewLogEntry { mid, author, at: app.clock.now(), said, context })
            .await
    }

    async fn typing(&mut self, app: &App, c: ConversationId, on: bool) {
        // Send "stopped typing" only if "typing" was sent; both are throttled.
        let soon = self.typing_sent.is_some_and(|at| at.elapsed() < TYPING_INTERVAL);
        if (on && soon) || !(on || self.is_typing) {
            return;
        }
        self.is_typing = on;
        if on {
            self.typing_sent = Some(Instant::now());
        }
        send_typing(app, &self.party(), c, on, self.author()).await;
    }

    async fn sync(&self, app: &App, c: ConversationId, log: Log, from: u64, to: u64) -> Vec<ServerFrame> {
        let party = self.party();
        match app.store.log_entries(&party, c, log, from, to, chat_limits::PAGE).await {
            Ok(Some(lines)) => {
                lines.into_iter().map(|line| ServerFrame::Event(visible_to(&party, line))).collect()
            }
            // A conversation of another person looks like one that does not exist.
            Ok(None) => vec![ServerFrame::Gap { c, log, floor: 1, head: 0 }],
            Err(error) => {
                tracing::error!(%error, "log entries were not read");
                Vec::new()
            }
        }
    }
}

/// Appends what an agent says or does; returns the acknowledgement or the reason against it.
pub async fn append_agent_action(
    app: &App,
    site: &Site,
    author: Author,
    c: ConversationId,
    says: AgentAction,
) -> ServerFrame {
    let AgentAction { mid, said } = says;
    if !may_say(Side::Agent, &said) {
        return nack(mid, NackReason::NotFound, None);
    }
    let line = NewLogEntry { mid, author, at: app.clock.now(), said, context: None };
    append(app, Party::Agent(site.id), Target::Known(c), line).await
}

async fn append(app: &App, party: Party, place: Target, line: NewLogEntry) -> ServerFrame {
    let mid = line.mid;
    if let Err(code) = validate(&line.said) {
        return nack(mid, code, None);
    }
    // Runs in its own task: subscribers are notified even if this client disconnects after the write.
    let app = app.clone();
    let written = tokio::spawn(async move { write(&app, party, place, line).await });
    written.await.unwrap_or_else(|_| nack(mid, NackReason::Busy, Some(FAILED_RETRY)))
}

async fn write(app: &AppInner, party: Party, place: Target, line: NewLogEntry) -> ServerFrame {
    let mid = line.mid;
    match app.store.append_message(party, place, line).await {
        Ok(AppendOutcome::Stored { entry: line, duplicate: dup, visitor }) => {
            app.chat.hub.notify(&visitor, line.c, line.log, line.seq);
            ServerFrame::Ack { mid, c: line.c, seq: line.seq, dup }
        }
        Ok(AppendOutcome::Conflict) => nack(mid, NackReason::MidConflict, None),
        Ok(AppendOutcome::TooMany) => nack(mid, NackReason::TooFast, None),
        Ok(AppendOutcome::NoFile) => nack(mid, NackReason::NoFile, None),
        // Blocked users get a rate-limit error: the client keeps the message and cannot tell that it is blocked.
        Ok(AppendOutcome::Blocked) => nack(mid, NackReason::TooFast, Some(BLOCKED_RETRY)),
        Ok(AppendOutcome::NotFound) => {
            tracing::info!(%mid, "message to a conversation of another person, or to none");
            nack(mid, NackReason::NotFound, None)
        }
        Err(StoreError::Busy) => nack(mid, NackReason::Busy, Some(1)),
        Err(error) => {
            tracing::error!(%error, "a log entry was not written");
            nack(mid, NackReason::Busy, Some(FAILED_RETRY))
        }
    }
}

/// Returns the conversation that a customer's client names, by its id or by the key that the client gave it.
fn place(app: &AppInner, c: Option<ConversationId>, key: Option<EventId>, mid: EventId) -> Target {
    let fresh = || ConversationId(random::id(app.clock.now()));
    c.map_or_else(|| Target::Keyed { key: key.unwrap_or(mid), fresh: fresh() }, Target::Known)
}

/// Shortens what a client reports of itself.
fn bounded(context: VisitorContext) -> VisitorContext {
    let short = |text: String| text.chars().take(MAX_CONTEXT).collect();
    VisitorContext {
        page: short(context.page),
        step: context.step.map(|StepId(step)| StepId(short(step))),
        stuck: context.stuck.filter(|stuck| *stuck >= 0),
        error: short(context.error),
        article: short(context.article),
        clip: context.clip.map(|ClipMoment { clip, from }| ClipMoment { clip: short(clip), from }),
        locale: short(context.locale),
    }
}

fn nack(mid: EventId, code: NackReason, retry_after: Option<u64>) -> ServerFrame {
    ServerFrame::Nack { mid, code, retry_after }
}

/// Notes that a side has read up to an entry, and tells both sides.
pub async fn mark_read(app: &AppInner, party: &Party, c: ConversationId, seq: u64) {
    match app.store.mark_read(party, c, seq).await {
        Ok(Some((visitor, read))) => {
            let who = side(party);
            let tell = ServerFrame::Cursor { c, who, read };
            app.chat.hub.send_ephemeral(&visitor, &tell);
            app.chat.hub.send_ephemeral_to_agents(visitor.site, &tell);
        }
        Ok(None) => {}
        // The next mark replaces this one.
        Err(error) => tracing::warn!(%error, "a read mark was not written"),
    }
}

/// Tells the other side, and other agents, that a party types or stopped.
pub async fn send_typing(app: &AppInner, party: &Party, c: ConversationId, on: bool, author: Author) {
    let Ok(Some((conversation, visitor))) = app.store.conversation(party, c).await else { return };
    match party {
        Party::Visitor(_) if conversation.barred => {}
        Party::Visitor(_) => {
            app.chat.hub.send_ephemeral_to_agents(visitor.site, &ServerFrame::Typing { c, on, author })
        }
        Party::Agent(_) => {
            app.chat.hub.send_ephemeral_to_agents(
                visitor.site,
                &ServerFrame::Typing { c, on, author: author.clone() },
            );
            let author = Author { id: String::new(), ..author };
            app.chat.hub.send_ephemeral(&visitor, &ServerFrame::Typing { c, on, author });
        }
    }
}

fn side(party: &Party) -> Side {
    match party {
        Party::Visitor(_) => Side::Visitor,
        Party::Agent(_) => Side::Agent,
    }
}
