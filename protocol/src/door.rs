//! The console's door: signing in, and what somebody can do about their own.

use serde::{Deserialize, Serialize};

use crate::Millis;

/// The body of the console's sign-in; `link` is a one-time link's secret that sets the password.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The one-time secret, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Who.
    pub email: String,
    /// At least 10 characters.
    pub password: String,
    /// A code of their authenticator, where one is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// What somebody can see of their own door.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Security {
    /// Where they are signed in, the last used first.
    pub browsers: Vec<SignedBrowser>,
    /// Whether a code is asked for beside the password.
    pub codes: bool,
}

/// A browser in which somebody is signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignedBrowser {
    /// Names it.
    pub id: String,
    /// What it says that it is.
    pub browser: String,
    /// When they signed in.
    pub created: Millis,
    /// When it was last used.
    pub used: Millis,
    /// Whether it is the one that asks.
    pub here: bool,
}

/// A code of an authenticator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Code {
    /// Six digits.
    pub code: String,
}

/// The password of whoever is signed in, asked for once more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Password {
    /// As it was chosen.
    pub password: String,
}

/// What an authenticator has to know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecondReply {
    /// The secret, in Base32.
    pub secret: String,
    /// The same as an `otpauth:` address.
    pub address: String,
    /// The same as a QR code: the path of an SVG, and its width and height.
    pub drawing: (String, u32),
}

/// Who is signed in to the console, and which sites they see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Viewer {
    /// The person.
    pub email: String,
    /// Sites by public key and name.
    pub sites: Vec<(String, String)>,
}
