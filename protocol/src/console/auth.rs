//! Signing in to the console, and an operator's own security settings.

use serde::{Deserialize, Serialize};

use crate::Millis;

/// The body of a sign-in. With `link` it sets the password that a one-time link was made for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// The secret of a one-time link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The name by which customers will know the operator; asked for with a link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The operator's e-mail address.
    pub email: String,
    /// The password; at least 10 characters.
    pub password: String,
    /// A code of the authenticator, when two-factor authentication is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// An operator's security settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SecuritySettings {
    /// The browsers in which they are signed in, the last used first.
    pub browsers: Vec<SignedInBrowser>,
    /// Whether two-factor authentication is on.
    #[serde(rename = "codes")]
    pub two_factor: bool,
}

/// A browser in which an operator is signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignedInBrowser {
    /// The console session's id.
    pub id: String,
    /// The browser's user agent.
    pub browser: String,
    /// When the operator signed in.
    pub created: Millis,
    /// When the session was last used.
    pub used: Millis,
    /// Whether this session makes the request.
    #[serde(rename = "here")]
    pub current: bool,
}

/// A time-based one-time password (RFC 6238).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TotpCode {
    /// Six digits.
    pub code: String,
}

/// The signed-in operator's password, entered again before a security setting changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PasswordConfirmation {
    /// The password.
    pub password: String,
}

/// The name by which customers and colleagues know an operator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OperatorName {
    /// The name; at most 60 characters.
    pub name: String,
}

/// Another password for the signed-in operator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PasswordChange {
    /// The password until now.
    pub password: String,
    /// The password from now on.
    pub new: String,
}

/// What an authenticator app needs to make codes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TotpSetup {
    /// The secret, in Base32 (RFC 4648).
    pub secret: String,
    /// The secret as an `otpauth:` address.
    pub address: String,
    /// The address as a QR code: the path of an SVG, and its width and height in modules.
    #[serde(rename = "drawing")]
    pub qr_code: (String, u32),
}

/// The operator who is signed in, and the sites that they may see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignedInOperator {
    /// The operator's e-mail address.
    pub email: String,
    /// The name by which customers know them; empty until they give one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Sites by public key and name.
    pub sites: Vec<(String, String)>,
    /// What they may do there.
    pub role: Role,
}

/// What an operator may do at the sites that they see. Each role includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads reports and conversations.
    Reader,
    /// Answers customers.
    Agent,
    /// Reads the security log.
    Admin,
}

impl Role {
    /// Every role, the smallest first.
    pub const ALL: [Self; 3] = [Self::Reader, Self::Agent, Self::Admin];

    /// The role's word, in commands, in the database and on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Agent => "agent",
            Self::Admin => "admin",
        }
    }

    /// Returns the role of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// What the security log notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SecurityKind {
    /// An operator signed in.
    SignIn,
    /// A sign-in failed.
    SignInFailed,
    /// An operator signed out, or ended another browser's session.
    SignOut,
    /// A one-time link was made.
    LinkMade,
    /// A one-time link was used: it set a password.
    LinkUsed,
    /// An operator changed the password.
    PasswordChanged,
    /// An operator turned two-factor authentication on.
    CodesOn,
    /// An operator turned two-factor authentication off.
    CodesOff,
    /// What an operator may do changed.
    GrantChanged,
    /// An operator was removed.
    OperatorRemoved,
    /// An operator asked for what their role does not include.
    RoleRefused,
    /// An operator read the transcript of a conversation.
    TranscriptRead,
    /// Records were exported, or copied by a backup.
    Exported,
    /// A person was erased.
    Erased,
    /// Keys of a site were replaced.
    KeysRotated,
    /// A site was added.
    SiteAdded,
    /// Settings of a site changed.
    SiteChanged,
    /// A site was removed.
    SiteRemoved,
    /// What this version has no word for.
    #[serde(other)]
    Other,
}

/// One entry of the security log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SecurityEntry {
    /// Its number; later entries have greater ones.
    pub id: i64,
    /// When it happened.
    pub at: Millis,
    /// What happened.
    pub kind: SecurityKind,
    /// Who did it: an operator's address, `cli` or `backend`; empty for a stranger.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// The name of the site that it is about; absent when it is about none, or that is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// What it is about, such as an operator's address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// How often it happened: a flood of failures is one entry.
    pub count: u64,
}
