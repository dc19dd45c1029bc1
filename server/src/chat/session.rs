//! Handles the chat frames of a customer from either transport (WebSocket, or SSE and POST).

use std::time::{Duration, Instant};

use protocol::Millis;
use protocol::chat::{
    Author, CallbackRequest, ClientFrame, ClipMoment, Envelope, Hello, Log, LogEntryBody, Message,
    NackReason, RequestCallback, SendMessage, ServerFrame, Side, VisitorContext, limits as chat_limits,
};
use protocol::ids::{ConversationId, StepId};
use store::{GuestUse, NewLogEntry, Party, Site, SiteId, Target, Visitor};

use super::Subscription;
use super::entries::{FAILED_RETRY, append, mark_read, nack, send_typing};
use super::subscription::visible_to;
use crate::app::{App, AppInner};
use crate::auth::identify_hello;
use crate::auth::identity::Identity;
use crate::http::Refusal;
use crate::legible::is_legible;
use crate::{pictures, random};

/// "Typing" is passed on at most this often.
const TYPING_INTERVAL: Duration = Duration::from_secs(3);
/// Characters of each text in the context that a client reports.
const MAX_CONTEXT: usize = 200;
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
    /// `GuestBudget`, and as [`Subscription::of_visitor`].
    pub async fn begin(
        app: &App,
        site: SiteId,
        identity: Identity,
        hello: &Hello,
    ) -> Result<(Self, Subscription, Vec<ServerFrame>), Refusal> {
        let session = Self::new(site, identity);
        session.spend(app, GuestUse { sockets: 1, ..GuestUse::default() }).await?;
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
        frame: ClientFrame,
    ) -> Result<Vec<ServerFrame>, Refusal> {
        app.chat.limits.spend_frame(&self.visitor)?;
        Ok(match frame {
            ClientFrame::Send(message) => vec![self.message(app, message).await],
            ClientFrame::Csat { id, conversation, score, comment } => {
                let comment = if is_legible(&comment) { comment } else { String::new() };
                let body = LogEntryBody::Rated { score: score.clamp(1, 5), comment };
                let envelope = Envelope { id, conversation: Some(conversation), ..Envelope::default() };
                vec![self.append(app, envelope, body).await]
            }
            ClientFrame::Callback(call) => vec![self.callback(app, call).await],
            ClientFrame::Read { conversation, seq } => {
                mark_read(app, &self.party(), conversation, seq).await;
                Vec::new()
            }
            ClientFrame::Typing { conversation, on } => {
                self.typing(app, conversation, on).await;
                Vec::new()
            }
            ClientFrame::Sync { conversation, log, from, to } => {
                self.sync(app, conversation, log, from, to).await
            }
            ClientFrame::Token { token } => {
                let hello = Hello { version: 1, token: Some(token), ..Hello::default() };
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
        RequestCallback { envelope, phone, windows }: RequestCallback,
    ) -> ServerFrame {
        let Ok(support) = app.support.config(self.visitor.site).await else {
            return nack(envelope.id, NackReason::Busy, Some(FAILED_RETRY));
        };
        let step = envelope.context.as_ref().and_then(|context| bounded(context.clone()).step);
        if support.hours.at(step.as_ref()).call_due(app.clock.now()).is_none() {
            return nack(envelope.id, NackReason::BadCall, None);
        }
        self.append(app, envelope, LogEntryBody::Callback(CallbackRequest { phone, windows, step })).await
    }

    async fn message(&self, app: &App, SendMessage { envelope, body }: SendMessage) -> ServerFrame {
        // Only agents attach clips, steps and quick answers.
        let body = LogEntryBody::Message(Message { text: body.text, file: body.file, ..Message::default() });
        self.append(app, envelope, body).await
    }

    async fn append(&self, app: &App, envelope: Envelope, body: LogEntryBody) -> ServerFrame {
        if let Err(wait) = app.chat.limits.spend_message(&self.visitor) {
            return nack(envelope.id, NackReason::TooFast, Some(wait));
        }
        let target = target(app, &envelope);
        let Envelope { id, context, .. } = envelope;
        let used = match self.spend_entry(app, target, &body).await {
            Ok(used) => used,
            Err(Refusal::GuestBudget(wait)) => return nack(id, NackReason::TooFast, Some(wait)),
            Err(_) => return nack(id, NackReason::Busy, Some(FAILED_RETRY)),
        };
        let (author, at, context) = (self.author(), app.clock.now(), context.map(bounded));
        let answer = append(app, self.party(), target, NewLogEntry { id, author, at, body, context }).await;
        self.give_back(app, used, &answer);
        answer
    }

    /// Spends what an entry of a guest is about to use; a conversation, too, when they have none under its key.
    async fn spend_entry(&self, app: &App, target: Target, body: &LogEntryBody) -> Result<GuestUse, Refusal> {
        let opens = match target {
            Target::Keyed { key, .. } if self.is_guest() => {
                !app.store.has_conversation(&self.visitor, key).await?
            }
            _ => false,
        };
        // More than what is written of an entry, in bytes.
        let bytes = serde_json::to_string(body).map_or(0, |body| body.len() as u64);
        let used = GuestUse { records: 1, bytes, conversations: opens.into(), ..GuestUse::default() };
        self.spend(app, used).await?;
        Ok(used)
    }

    /// Gives back what was spent on an entry that was not kept, or was there before, and on a conversation that another
    /// message of theirs opened meanwhile.
    fn give_back(&self, app: &App, used: GuestUse, answer: &ServerFrame) {
        let unused = match answer {
            ServerFrame::Nack { .. } | ServerFrame::Ack { duplicate: true, .. } => used,
            ServerFrame::Ack { seq: 2.., .. } => {
                GuestUse { conversations: used.conversations, ..GuestUse::default() }
            }
            _ => return,
        };
        if self.is_guest() {
            app.guests.give_back(self.visitor.site, unused);
        }
    }

    /// Spends what a guest uses of their site's budget; people with a token have none.
    async fn spend(&self, app: &App, used: GuestUse) -> Result<(), Refusal> {
        if self.is_guest() { app.guests.spend(self.visitor.site, used).await } else { Ok(()) }
    }

    fn is_guest(&self) -> bool {
        self.visitor.account.is_unverified()
    }

    async fn typing(&mut self, app: &App, conversation: ConversationId, on: bool) {
        // Send "stopped typing" only if "typing" was sent; both are throttled.
        let soon = self.typing_sent.is_some_and(|at| at.elapsed() < TYPING_INTERVAL);
        if (on && soon) || !(on || self.is_typing) {
            return;
        }
        self.is_typing = on;
        if on {
            self.typing_sent = Some(Instant::now());
        }
        send_typing(app, &self.party(), conversation, on, self.author()).await;
    }

    async fn sync(
        &self,
        app: &App,
        conversation: ConversationId,
        log: Log,
        from: u64,
        to: u64,
    ) -> Vec<ServerFrame> {
        let party = self.party();
        match app.store.log_entries(&party, conversation, log, from, to, chat_limits::PAGE).await {
            Ok(Some(mut entries)) => {
                if let Err(error) = pictures::attach(app, &party, &mut entries).await {
                    tracing::warn!(?error, "pictures of agents were not read");
                }
                entries.into_iter().map(|entry| ServerFrame::Event(visible_to(&party, entry))).collect()
            }
            // A conversation of another person looks like one that does not exist.
            Ok(None) => vec![ServerFrame::Gap { conversation, log, floor: 1, head: 0 }],
            Err(error) => {
                tracing::error!(%error, "log entries were not read");
                Vec::new()
            }
        }
    }
}

/// Returns the conversation that a customer's client names, by its id or by the key that the client gave it.
fn target(app: &AppInner, envelope: &Envelope) -> Target {
    let fresh = || ConversationId(random::id(app.clock.now()));
    let key = envelope.conversation_key.unwrap_or(envelope.id);
    envelope.conversation.map_or_else(|| Target::Keyed { key, fresh: fresh() }, Target::Known)
}

/// Shortens what a client reports of itself.
fn bounded(context: VisitorContext) -> VisitorContext {
    let short = |text: String| text.chars().take(MAX_CONTEXT).collect();
    VisitorContext {
        page: short(context.page),
        step: context.step.map(|StepId(step)| StepId(short(step))),
        step_open_for: context.step_open_for.filter(|stuck| *stuck >= 0),
        error: short(context.error),
        article: short(context.article),
        clip: context.clip.map(|ClipMoment { clip, from }| ClipMoment { clip: short(clip), from }),
        locale: short(context.locale),
    }
}
