//! What becomes of a frame, whoever carried it.

use std::time::{Duration, Instant};

use governor::clock::{Clock as _, DefaultClock};
use journey::support::conversation::may_say;
use protocol::Millis;
use protocol::chat::{
    Author, CallbackRequest, ClientFrame, ClipMoment, Hello, Log, LogEntryBody, Message, NackReason,
    RequestCallback, ResumePoint, SendMessage, ServerFrame, Side, VisitorContext, limits as chat_limits,
};
use protocol::console::AgentAction;
use protocol::ids::{ConversationId, EventId, StepId};
use store::{AppendOutcome, NewLogEntry, Party, Site, StoreError, Target, Visitor};

use super::feed::shown;
use super::fit::unfit;
use crate::app::{App, Parts};
use crate::http::Refusal;
use crate::identity::{Identity, identify};
use crate::secret;

/// "Somebody types" goes on at most this often.
const TYPING: Duration = Duration::from_secs(3);
/// Characters of each thing that a client says of itself.
const CONTEXT: usize = 200;
/// How long a client waits whose person nobody hears, in seconds.
const NOT_HEARD: u64 = 60 * 60;
/// How long the disk is left alone after it failed, in seconds.
const AGAIN: u64 = 5;

/// A customer who is connected.
pub struct Speaker {
    /// Whose conversations they reach.
    pub visitor: Visitor,
    expires: Option<Millis>,
    name: String,
    typed: Option<Instant>,
    types: bool,
}

impl Speaker {
    /// Finds out who says hello.
    ///
    /// # Errors
    /// `BadToken`, `TokenRequired`, or `Malformed` for another version of the protocol.
    pub fn greet(app: &Parts, site: &Site, hello: &Hello) -> Result<Self, Refusal> {
        if hello.v != 1 {
            return Err(Refusal::Malformed(format!("this is tabiji-chat/1, not {}", hello.v)));
        }
        let Identity { user, account, name, expires, .. } =
            identify(site, hello.tok.as_deref(), hello.who.as_ref(), app.clock.now())?;
        let visitor = Visitor { site: site.id, account, user };
        Ok(Self { visitor, expires, name: name.unwrap_or_default(), typed: None, types: false })
    }

    /// Answers one frame.
    ///
    /// # Errors
    /// `BadToken` for a token of somebody else, `TooFast` for a flood; the connection is over then.
    pub async fn hear(
        &mut self,
        app: &App,
        site: &Site,
        ask: ClientFrame,
    ) -> Result<Vec<ServerFrame>, Refusal> {
        app.chat.tidy();
        app.chat.frames.check_key(&self.visitor).map_err(|_| Refusal::TooFast(5))?;
        Ok(match ask {
            ClientFrame::Send(send) => vec![self.send(app, send).await],
            ClientFrame::Csat { mid, c, score, comment } => {
                let said = LogEntryBody::Rated { score: score.clamp(1, 5), comment };
                vec![self.say(app, Target::Known(c), mid, said, None).await]
            }
            ClientFrame::Callback(call) => vec![self.call(app, call).await],
            ClientFrame::Read { c, seq } => {
                has_read(app, &self.party(), c, seq).await;
                Vec::new()
            }
            ClientFrame::Typing { c, on } => {
                self.types(app, c, on).await;
                Vec::new()
            }
            ClientFrame::Sync { c, log, from, to } => self.sync(app, c, log, from, to).await,
            ClientFrame::Token { tok } => {
                let hello = Hello { v: 1, tok: Some(tok), ..Hello::default() };
                let fresh = Self::greet(app, site, &hello)?;
                if fresh.visitor != self.visitor {
                    return Err(Refusal::BadToken("it is somebody else's"));
                }
                self.expires = fresh.expires;
                Vec::new()
            }
            ClientFrame::Ping => vec![ServerFrame::Pong],
            ClientFrame::Hello(_) => Vec::new(),
        })
    }

    /// How long they may stay without another token.
    pub fn left(&self, app: &Parts) -> Duration {
        let left = self.expires.map_or(i64::from(u32::MAX), |at| at - app.clock.now());
        Duration::from_millis(left.max(0).unsigned_abs())
    }

    fn author(&self) -> Author {
        Author { side: Side::Visitor, id: self.visitor.user.0.clone(), name: self.name.clone() }
    }

    fn party(&self) -> Party {
        Party::Visitor(self.visitor.clone())
    }

    async fn call(
        &self,
        app: &App,
        RequestCallback { mid, c, ck, phone, windows, ctx }: RequestCallback,
    ) -> ServerFrame {
        let Ok(desk) = app.desk(self.visitor.site).await else {
            return nack(mid, NackReason::Busy, Some(AGAIN));
        };
        let ctx = ctx.map(within);
        let step = ctx.as_ref().and_then(|ctx| ctx.step.clone());
        if desk.hours.at(step.as_ref()).call_due(app.clock.now()).is_none() {
            return nack(mid, NackReason::BadCall, None);
        }
        let said = LogEntryBody::Callback(CallbackRequest { phone, windows, step });
        self.say(app, place(app, c, ck, mid), mid, said, ctx).await
    }

    async fn send(&self, app: &App, SendMessage { mid, c, ck, body, ctx }: SendMessage) -> ServerFrame {
        let place = place(app, c, ck, mid);
        let ctx = ctx.map(within);
        // Clips, steps and quick answers are for agents to offer.
        let said = LogEntryBody::Message(Message { text: body.text, file: body.file, ..Message::default() });
        self.say(app, place, mid, said, ctx).await
    }

    async fn say(
        &self,
        app: &App,
        place: Target,
        mid: EventId,
        said: LogEntryBody,
        context: Option<VisitorContext>,
    ) -> ServerFrame {
        if let Err(wait) = app.chat.rates.check_key(&self.visitor) {
            let wait = wait.wait_time_from(DefaultClock::default().now());
            return nack(mid, NackReason::TooFast, Some(wait.as_secs() + 1));
        }
        let author = self.author();
        say(app, self.party(), place, NewLogEntry { mid, author, at: app.clock.now(), said, context }).await
    }

    async fn types(&mut self, app: &App, c: ConversationId, on: bool) {
        // "Stopped" is told after a "types" that was told, and that is told seldom.
        let soon = self.typed.is_some_and(|at| at.elapsed() < TYPING);
        if (on && soon) || !(on || self.types) {
            return;
        }
        self.types = on;
        if on {
            self.typed = Some(Instant::now());
        }
        types(app, &self.party(), c, on, self.author()).await;
    }

    async fn sync(&self, app: &App, c: ConversationId, log: Log, from: u64, to: u64) -> Vec<ServerFrame> {
        let party = self.party();
        match app.store.log_entries(&party, c, log, from, to, chat_limits::PAGE).await {
            Ok(Some(lines)) => {
                lines.into_iter().map(|line| ServerFrame::Event(shown(&party, line))).collect()
            }
            // Whether it is somebody else's or nobody's is not to be told apart.
            Ok(None) => vec![ServerFrame::Gap { c, log, floor: 1, head: 0 }],
            Err(error) => {
                tracing::error!(%error, "lines were not read");
                Vec::new()
            }
        }
    }
}

/// What an agent says or does.
pub async fn agent_says(
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
    say(app, Party::Agent(site.id), Target::Known(c), line).await
}

async fn say(app: &App, party: Party, place: Target, line: NewLogEntry) -> ServerFrame {
    let mid = line.mid;
    if let Some(code) = unfit(&line.said) {
        return nack(mid, code, None);
    }
    // Whoever asked may go away in the middle of it; what is written is told all the same.
    let app = app.clone();
    let spoken = tokio::spawn(async move { keep(&app, party, place, line).await });
    spoken.await.unwrap_or_else(|_| nack(mid, NackReason::Busy, Some(AGAIN)))
}

async fn keep(app: &Parts, party: Party, place: Target, line: NewLogEntry) -> ServerFrame {
    let mid = line.mid;
    match app.store.append_message(party, place, line).await {
        Ok(AppendOutcome::Stored { entry: line, duplicate: dup, visitor }) => {
            app.chat.hub.moved(&visitor, line.c);
            ServerFrame::Ack { mid, c: line.c, seq: line.seq, dup }
        }
        Ok(AppendOutcome::Conflict) => nack(mid, NackReason::MidConflict, None),
        Ok(AppendOutcome::TooMany) => nack(mid, NackReason::TooFast, None),
        Ok(AppendOutcome::NoFile) => nack(mid, NackReason::NoFile, None),
        // As if they wrote too much: it is kept on their side and nobody is told anything.
        Ok(AppendOutcome::Blocked) => nack(mid, NackReason::TooFast, Some(NOT_HEARD)),
        Ok(AppendOutcome::NotFound) => {
            tracing::info!(%mid, "somebody wrote to a conversation that is not theirs");
            nack(mid, NackReason::NotFound, None)
        }
        Err(StoreError::Busy) => nack(mid, NackReason::Busy, Some(1)),
        Err(error) => {
            tracing::error!(%error, "a message was not written");
            nack(mid, NackReason::Busy, Some(AGAIN))
        }
    }
}

/// Where a customer says something: in a conversation that they know, or in the one of their key.
fn place(app: &Parts, c: Option<ConversationId>, key: Option<EventId>, mid: EventId) -> Target {
    let fresh = || ConversationId(secret::fresh_id(app.clock.now()));
    c.map_or_else(|| Target::Keyed { key: key.unwrap_or(mid), fresh: fresh() }, Target::Known)
}

/// What a client says of itself, within reason.
fn within(context: VisitorContext) -> VisitorContext {
    let short = |text: String| text.chars().take(CONTEXT).collect();
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

/// Notes that a side has read up to a line, and tells both.
pub async fn has_read(app: &Parts, party: &Party, c: ConversationId, seq: u64) {
    match app.store.mark_read(party, c, seq).await {
        Ok(Some((visitor, read))) => {
            let who = side(party);
            let tell = ServerFrame::Cursor { c, who, read };
            app.chat.hub.whisper(&visitor, &tell);
            app.chat.hub.whisper_agents(visitor.site, &tell);
        }
        Ok(None) => {}
        // A mark of no weight: the next one stands for it.
        Err(error) => tracing::warn!(%error, "it was not noted what was read"),
    }
}

/// Tells the other side that somebody types.
pub async fn types(app: &Parts, party: &Party, c: ConversationId, on: bool, author: Author) {
    let Ok(Some((conversation, visitor))) = app.store.conversation(party, c).await else { return };
    match party {
        Party::Visitor(_) if conversation.barred => {}
        Party::Visitor(_) => {
            app.chat.hub.whisper_agents(visitor.site, &ServerFrame::Typing { c, on, author })
        }
        Party::Agent(_) => {
            app.chat.hub.whisper_agents(visitor.site, &ServerFrame::Typing { c, on, author: author.clone() });
            let author = Author { id: String::new(), ..author };
            app.chat.hub.whisper(&visitor, &ServerFrame::Typing { c, on, author });
        }
    }
}

fn side(party: &Party) -> Side {
    match party {
        Party::Visitor(_) => Side::Visitor,
        Party::Agent(_) => Side::Agent,
    }
}

/// What a hello says is known, within reason.
pub(super) fn known(hello: &Hello) -> &[ResumePoint] {
    &hello.resume[..hello.resume.len().min(200)]
}
