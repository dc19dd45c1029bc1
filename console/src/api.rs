//! Questions to the collector. A refusal is its stable tag.

use gloo_net::http::{Request, Response};
use protocol::chat::{ServerFrame, UploadProgress, UploadRequest, UploadTarget};
use protocol::console::{
    AgentAction, ClipReport, ComposerOptions, Conversation, ConversationDetail, FunnelMode, FunnelReport,
    HelpReport, PasswordConfirmation, SecuritySettings, SignInRequest, SignedInOperator, SnoozedStep,
    SurveyReport, TotpCode, TotpSetup,
};
use protocol::error::ErrorReply;
use protocol::ids::{ConversationId, EventId};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The tag of a refusal, or `offline`.
pub type Refused = String;

async fn read<T: DeserializeOwned>(answer: Result<Response, gloo_net::Error>) -> Result<T, Refused> {
    let answer = checked(answer).await?;
    answer.json().await.map_err(|_| "failed".to_owned())
}

async fn checked(answer: Result<Response, gloo_net::Error>) -> Result<Response, Refused> {
    let answer = answer.map_err(|_| "offline".to_owned())?;
    if answer.ok() {
        return Ok(answer);
    }
    Err(answer.json::<ErrorReply>().await.map_or_else(|_| "failed".to_owned(), |fault| fault.error.tag))
}

/// Who is signed in.
pub async fn viewer() -> Result<SignedInOperator, Refused> {
    read(Request::get("/api/session").send().await).await
}

/// Whether a one-time link still works.
pub async fn check_link(link: &str) -> Result<(), Refused> {
    send("/api/link", &link).await
}

/// Signs in.
pub async fn sign_in(form: &SignInRequest) -> Result<(), Refused> {
    send("/api/session", form).await
}

/// Signs out.
pub async fn sign_out() -> Result<(), Refused> {
    checked(Request::delete("/api/session").send().await).await.map(|_| ())
}

/// The funnel of a site; none when it has published no flow.
pub async fn journey(site: &str, mode: FunnelMode, locale: &str) -> Result<Option<FunnelReport>, Refused> {
    let mode = match mode {
        FunnelMode::First => "first",
        FunnelMode::Latest => "latest",
        FunnelMode::Best => "best",
    };
    let query = [("site", site), ("mode", mode), ("locale", locale)];
    read(Request::get("/api/journey").query(query).send().await).await
}

/// Who put off which step, the next first.
pub async fn postponed(site: &str, locale: &str) -> Result<Vec<SnoozedStep>, Refused> {
    read(Request::get("/api/postponed").query([("site", site), ("locale", locale)]).send().await).await
}

/// How it feels, stage by stage.
pub async fn feelings(site: &str, locale: &str) -> Result<SurveyReport, Refused> {
    read(Request::get("/api/feelings").query([("site", site), ("locale", locale)]).send().await).await
}

/// What became of the clips.
pub async fn clips(site: &str, locale: &str) -> Result<Vec<ClipReport>, Refused> {
    read(Request::get("/api/clips").query([("site", site), ("locale", locale)]).send().await).await
}

/// Who solves it themselves.
pub async fn help(site: &str, locale: &str) -> Result<HelpReport, Refused> {
    read(Request::get("/api/help").query([("site", site), ("locale", locale)]).send().await).await
}

/// Conversations that changed after `after`, the newest change first.
pub async fn conversations(site: &str, locale: &str, after: u64) -> Result<Vec<Conversation>, Refused> {
    let query = [("site", site), ("locale", locale), ("after", &after.to_string())];
    read(Request::get("/api/inbox").query(query).send().await).await
}

/// What an agent can point at.
pub async fn pointers(site: &str, locale: &str) -> Result<ComposerOptions, Refused> {
    read(Request::get("/api/pointers").query([("site", site), ("locale", locale)]).send().await).await
}

/// Conversations in which something was written.
pub async fn search(site: &str, words: &str) -> Result<Vec<ConversationId>, Refused> {
    read(Request::get("/api/inbox/search").query([("site", site), ("q", words)]).send().await).await
}

/// Where the transcript of a conversation is.
pub fn transcript(site: &str, c: ConversationId) -> String {
    [&inbox(c), "/transcript?site=", site].concat()
}

/// One conversation with its lines.
pub async fn thread(site: &str, c: ConversationId) -> Result<ConversationDetail, Refused> {
    read(Request::get(&inbox(c)).query([("site", site)]).send().await).await
}

/// Says or does something in a conversation.
pub async fn say(site: &str, c: ConversationId, says: &AgentAction) -> Result<ServerFrame, Refused> {
    let request = Request::post(&inbox(c)).query([("site", site)]).json(says);
    read(request.map_err(|_| "failed".to_owned())?.send().await).await
}

/// Notes what was read, or that somebody types.
pub async fn sign(site: &str, c: ConversationId, sign: &impl Serialize) -> Result<(), Refused> {
    let request = Request::patch(&inbox(c)).query([("site", site)]).json(sign);
    checked(request.map_err(|_| "failed".to_owned())?.send().await).await.map(|_| ())
}

/// Where a file of a conversation is.
pub fn file(site: &str, c: ConversationId, id: EventId) -> String {
    [&inbox(c), "/files/", &id.text(), "?site=", site].concat()
}

/// Asks where a file goes.
pub async fn place(site: &str, c: ConversationId, ask: &UploadRequest) -> Result<UploadTarget, Refused> {
    let request = Request::post(&[&inbox(c), "/files"].concat()).query([("site", site)]).json(ask);
    read(request.map_err(|_| "failed".to_owned())?.send().await).await
}

/// Brings a piece of a file.
pub async fn piece(to: &str, at: u64, piece: &web_sys::Blob) -> Result<UploadProgress, Refused> {
    let request = Request::post(&["/", to, "&at=", &at.to_string()].concat()).body(piece);
    read(request.map_err(|_| "failed".to_owned())?.send().await).await
}

/// Takes a file back that is not whole.
pub async fn drop_file(to: &str) -> Result<(), Refused> {
    checked(Request::post(&["/", &to.replacen('?', "/drop?", 1)].concat()).send().await).await.map(|_| ())
}

/// Hears the person of a conversation no more, or again.
pub async fn bar(site: &str, c: ConversationId, barred: bool) -> Result<(), Refused> {
    let path = [&inbox(c), "/bar"].concat();
    let request = if barred { Request::put(&path) } else { Request::delete(&path) };
    checked(request.query([("site", site)]).send().await).await.map(|_| ())
}

/// Where the viewer is signed in, and whether codes are asked for.
pub async fn security() -> Result<SecuritySettings, Refused> {
    read(Request::get("/api/security").send().await).await
}

/// Signs one of the viewer's browsers out.
pub async fn end_browser(id: &str) -> Result<(), Refused> {
    checked(Request::delete(&["/api/security/browsers/", id].concat()).send().await).await.map(|_| ())
}

/// A fresh secret for an authenticator.
pub async fn begin_codes(password: String) -> Result<TotpSetup, Refused> {
    let request = Request::post("/api/security/codes").json(&PasswordConfirmation { password });
    read(request.map_err(|_| "failed".to_owned())?.send().await).await
}

/// Gives a code: the first one, from which on codes are asked for, or the last one.
pub async fn give_code(code: String, on: bool) -> Result<(), Refused> {
    let path = "/api/security/codes";
    let request = if on { Request::put(path) } else { Request::delete(path) };
    let request = request.json(&TotpCode { code }).map_err(|_| "failed".to_owned())?;
    checked(request.send().await).await.map(|_| ())
}

fn inbox(c: ConversationId) -> String {
    ["/api/inbox/", &c.0.text()].concat()
}

async fn send(path: &str, body: &impl Serialize) -> Result<(), Refused> {
    let request = Request::post(path).json(body).map_err(|_| "failed".to_owned())?;
    checked(request.send().await).await.map(|_| ())
}
