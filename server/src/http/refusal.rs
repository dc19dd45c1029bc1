//! Every way to say no, with its status, its stable tag and what to do.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::chat::ServerFrame;
use protocol::error::{ErrorBody, ErrorReply};
use store::StoreError;

/// Why a request was not served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The body is not what the route reads.
    Malformed(String),
    /// The body is not valid gzip.
    BadGzip,
    /// The body is nested too deeply.
    TooDeep,
    /// The body is larger than the limit in bytes, as sent or inflated.
    TooLarge(usize),
    /// The body took too long to arrive.
    TooSlow,
    /// More events than a batch may have.
    TooMany(usize),
    /// No such site, or the key does not fit.
    UnknownKey,
    /// A secret key came from a browser.
    SecretInBrowser,
    /// The page is not on the site's list.
    ForeignOrigin,
    /// The identity token cannot be trusted.
    BadToken(&'static str),
    /// The site wants a token and there is none.
    TokenRequired,
    /// This key sends too much; wait so many seconds.
    TooFast(u64),
    /// The collector has too much to do; wait a second.
    Busy,
    /// The flow has errors.
    BrokenFlow(String),
    /// The desk's file has errors.
    BrokenDesk(String),
    /// A file of a kind that is not taken, or one that its content does not bear out.
    BadFile,
    /// There is no room for another file.
    FilesFull,
    /// Nobody is signed in.
    SignedOut,
    /// Address or password are wrong.
    WrongPassword,
    /// The password is right, and a code is asked for.
    CodeNeeded,
    /// The code is wrong, or was used before.
    WrongCode,
    /// The address is another's, or the link is for somebody else.
    AddressTaken,
    /// Too many wrong tries; wait so many seconds.
    TooManyTries(u64),
    /// The link was used or is too old.
    DeadLink,
    /// The password is too short.
    WeakPassword,
    /// There is nothing here.
    NotFound,
    /// The database cannot be reached, or it is unknown whether it wrote; wait a second.
    StoreAway,
    /// The store failed; the log says why.
    Failed,
}

impl Refusal {
    /// The stable word for it.
    pub fn tag(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed",
            Self::BadGzip => "bad_gzip",
            Self::TooDeep => "too_deep",
            Self::TooLarge(_) => "too_large",
            Self::TooSlow => "too_slow",
            Self::TooMany(_) => "too_many_events",
            Self::UnknownKey => "unknown_key",
            Self::SecretInBrowser => "secret_key_in_browser",
            Self::ForeignOrigin => "foreign_origin",
            Self::BadToken(_) => "bad_token",
            Self::TokenRequired => "token_required",
            Self::TooFast(_) => "too_fast",
            Self::Busy => "busy",
            Self::BrokenFlow(_) => "broken_flow",
            Self::BrokenDesk(_) => "broken_desk",
            Self::BadFile => "bad_file",
            Self::FilesFull => "files_full",
            Self::SignedOut => "signed_out",
            Self::WrongPassword => "wrong_password",
            Self::CodeNeeded => "code_needed",
            Self::WrongCode => "wrong_code",
            Self::AddressTaken => "address_taken",
            Self::TooManyTries(_) => "too_many_tries",
            Self::DeadLink => "dead_link",
            Self::WeakPassword => "weak_password",
            Self::NotFound => "not_found",
            Self::StoreAway => "store_away",
            Self::Failed => "failed",
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) | Self::BadGzip | Self::TooDeep | Self::TooMany(_) | Self::WeakPassword => {
                StatusCode::BAD_REQUEST
            }
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::UnknownKey
            | Self::BadToken(_)
            | Self::TokenRequired
            | Self::SignedOut
            | Self::WrongPassword
            | Self::CodeNeeded
            | Self::WrongCode => StatusCode::UNAUTHORIZED,
            Self::SecretInBrowser | Self::ForeignOrigin => StatusCode::FORBIDDEN,
            Self::TooFast(_) | Self::TooManyTries(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::StoreAway => StatusCode::SERVICE_UNAVAILABLE,
            Self::BrokenFlow(_) | Self::BrokenDesk(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::BadFile => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::FilesFull => StatusCode::INSUFFICIENT_STORAGE,
            Self::AddressTaken => StatusCode::CONFLICT,
            Self::DeadLink => StatusCode::GONE,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Malformed(what) => format!("The body cannot be read: {what}. Correct it and send it again."),
            Self::BadGzip => "The body says it is gzip and is not whole. Send it again or without gzip.".into(),
            Self::TooDeep => "The body is nested more than 16 levels deep. Make it flatter.".into(),
            Self::TooLarge(limit) => format!("The body is larger than {limit} bytes. Send it in smaller parts."),
            Self::TooSlow => "The body took more than 10 s to arrive. Send the same ids again.".into(),
            Self::TooMany(limit) => format!("A batch has at most {limit} entries. Send it in smaller parts."),
            Self::UnknownKey => "No site has this key. `tabiji site list` shows the keys.".into(),
            Self::SecretInBrowser => {
                "A secret key (sk_…) came from a browser. Replace it at once and use the public key (pk_…) there."
                    .into()
            }
            Self::ForeignOrigin => {
                "This origin is not on the site's list. Add a site for it with `tabiji site add … --origin`.".into()
            }
            Self::BadToken(why) => format!("The identity token is refused: {why}. Sign a new one."),
            Self::TokenRequired => "This site takes no visitors without an identity token.".into(),
            Self::TooFast(wait) => format!("This key sends too much. Wait {wait} s and send the same ids again."),
            Self::Busy => "Too much is waiting to be written. Send the same ids again in a second.".into(),
            Self::BrokenDesk(problems) => format!("The desk has errors and was not published:\n{problems}"),
            Self::BrokenFlow(problems) => format!("The flow has errors and was not published:\n{problems}"),
            Self::BadFile => {
                "Files of this kind are not taken. Send a JPEG, PNG, GIF or WebP picture, a PDF, an Office \
                 document, a ZIP or a text."
                    .into()
            }
            Self::FilesFull => "There is no room for more files now. Send it another day, or a smaller one.".into(),
            Self::SignedOut => "Sign in first.".into(),
            Self::WrongPassword => "E-mail or password are wrong.".into(),
            Self::CodeNeeded => "Add the code that your authenticator shows.".into(),
            Self::WrongCode => "The code is wrong or was used before. Wait for the next one.".into(),
            Self::AddressTaken => {
                "This link is not for this address. Somebody who has it already needs a link of their own: \
                 `tabiji link --email ADDRESS`."
                    .into()
            }
            Self::TooManyTries(wait) => format!("Too many wrong tries. Wait {wait} s."),
            Self::DeadLink => {
                "This link was used already or is too old. `tabiji link` makes a new one.".into()
            }
            Self::WeakPassword => "Use a password of at least 10 characters.".into(),
            Self::NotFound => "There is nothing at this address.".into(),
            Self::StoreAway => {
                "The database does not answer, and this request may or may not have been written. Send the same \
                 ids again in a second."
                    .into()
            }
            Self::Failed => "Something failed here and was logged. Nothing of this request was kept.".into(),
        }
    }

    /// The same over a connection that is open already.
    pub(crate) fn tell(&self) -> ServerFrame {
        ServerFrame::Refused { tag: self.tag().to_owned(), message: self.message() }
    }

    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooFast(wait) | Self::TooManyTries(wait) => Some(*wait),
            Self::Busy | Self::StoreAway => Some(1),
            _ => None,
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Busy,
            StoreError::Away(why) => {
                tracing::error!(why, "the store is away");
                Self::StoreAway
            }
            error => {
                tracing::error!(%error, "the store did not answer");
                Self::Failed
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let error = ErrorBody { tag: self.tag().to_owned(), message: self.message() };
        let mut response = (self.status(), Json(ErrorReply { error })).into_response();
        if let Some(wait) = self.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        response.extensions_mut().insert(self);
        response
    }
}
