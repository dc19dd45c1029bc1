//! How a widget begins, and how it hears that somebody else moved the account on.

use serde::{Deserialize, Serialize};

use crate::{AccountId, Flow, GuidePlace, Hours, Millis, Progress, SiteKey, Table, TeamHours, UserId};

/// Who a visitor says they are, without proof.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Who {
    /// The claimed person, or a device id made by the widget.
    pub user: UserId,
    /// The claimed account; the person alone when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
}

/// The body of `POST /v1/session`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SessionRequest {
    /// The site's public key.
    pub site: SiteKey,
    /// The identity token of the host's backend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The claim of an unverified visitor; ignored beside a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<Who>,
    /// The language to speak, as a BCP 47 tag.
    #[serde(default)]
    pub locale: String,
    /// Which flow; the site's newest when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<String>,
}

/// The answer: what the checklist needs, and what the parts of the page read that are fetched later.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SessionAnswer {
    /// For the checklist.
    #[serde(flatten)]
    pub session: SessionReply,
    /// Where the person stands in a guide, on whatever device that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<GuidePlace>,
    /// Ids of the questions that the person answered or turned down, on whatever device that was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answered: Vec<String>,
    /// How things stand with live chat; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talk: Option<Talk>,
}

/// All that the checklist needs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SessionReply {
    /// The person; a device id when unverified.
    pub user: UserId,
    /// The account whose progress this is.
    pub account: AccountId,
    /// What to call the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether the host's backend vouched for both.
    pub verified: bool,
    /// The customer's own words from the handoff sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expectation: Option<String>,
    /// The flow in the person's language; absent when the site has published none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<Flow<String>>,
    /// Where the account stands.
    pub progress: Progress,
    /// What to call the people who did something, by id.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub people: Table<UserId, String>,
    /// Names the state of `progress`; ask for what came after it.
    pub revision: i64,
    /// The collector's clock.
    pub server_time: Millis,
    /// What the collector accepts.
    pub limits: Limits,
}

/// What a widget knows of live chat before it connects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Talk {
    /// Whether a question is open: then it pays to listen.
    pub open: bool,
    /// Lines that the person has not read.
    pub unread: u64,
    /// Whether there are articles to read before one asks.
    #[serde(default)]
    pub help: bool,
    /// When somebody answers; absent where no hours are published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// The same of teams, for questions at their steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<TeamHours>,
}

/// What the collector accepts, so that the widget can keep within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Events in a batch.
    pub events: usize,
    /// Bytes of a request.
    pub bytes: usize,
}

/// The body of `POST /v1/progress`: held open until the account moves on past `since`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ProgressQuery {
    /// Who asks, as in [`SessionRequest`].
    #[serde(flatten)]
    pub session: SessionRequest,
    /// The revision the widget has.
    pub since: i64,
}

/// The answer: the newest progress. 204 without a body says that nothing moved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProgressReply {
    /// Where the account stands now.
    pub progress: Progress,
    /// What to call the people who did something, by id.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub people: Table<UserId, String>,
    /// Its revision.
    pub revision: i64,
}
