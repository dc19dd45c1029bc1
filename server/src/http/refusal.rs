//! Every refusal with its status, its stable tag, and a sentence that says what to do. A new reason goes here.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::chat::ServerFrame;
use protocol::error::{ErrorBody, ErrorReply};

use super::Bottleneck;

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
    /// More values than a body may have.
    TooManyValues(usize),
    /// More events than a batch may have.
    TooMany(usize),
    /// No site has this key.
    UnknownKey,
    /// A secret key came from a browser.
    SecretInBrowser,
    /// The page is not on the site's list.
    ForeignOrigin,
    /// A page that is not the console's own asks for what the console shows.
    ForeignPage,
    /// The identity token cannot be trusted.
    BadToken(&'static str),
    /// The identity token was good, and is too old by now.
    TokenExpired,
    /// The site takes no visitors without a token.
    TokenRequired,
    /// The site, or the person, sends too much; the client waits so many seconds.
    TooFast(u64),
    /// The guests of the site have left behind what they may in a day; the client waits so many seconds.
    GuestBudget(u64),
    /// The collector has too much to do; the client waits a second.
    Busy(Bottleneck),
    /// The flow file has these errors.
    BrokenFlow(String),
    /// The support file has these errors.
    BrokenSupportFile(String),
    /// The content of a file is of a kind that is not accepted.
    BadFile,
    /// The site, or the person, has no room for another file.
    FilesFull,
    /// The request has no valid session of the console.
    SignedOut,
    /// The operator's role does not include this.
    RoleTooLow,
    /// The e-mail address or the password is wrong.
    WrongPassword,
    /// The password is right, and a code is asked for.
    CodeNeeded,
    /// The code is wrong, or was used before.
    WrongCode,
    /// The link is for another address, or the address belongs to another operator.
    AddressTaken,
    /// Too many failed sign-ins; the operator waits so many seconds.
    TooManyTries(u64),
    /// The link was used or is too old.
    DeadLink,
    /// The password is too short.
    WeakPassword,
    /// Nothing is there for this caller.
    NotFound,
    /// The database cannot be reached, or it is unknown whether it wrote; the client waits a second.
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
            Self::TooManyValues(_) => "too_many_values",
            Self::TooMany(_) => "too_many_events",
            Self::UnknownKey => "unknown_key",
            Self::SecretInBrowser => "secret_key_in_browser",
            Self::ForeignOrigin => "foreign_origin",
            Self::ForeignPage => "foreign_page",
            Self::BadToken(_) => "bad_token",
            Self::TokenExpired => "token_expired",
            Self::TokenRequired => "token_required",
            Self::TooFast(_) => "too_fast",
            Self::GuestBudget(_) => "guest_budget",
            Self::Busy(_) => "busy",
            Self::BrokenFlow(_) => "broken_flow",
            Self::BrokenSupportFile(_) => "broken_desk",
            Self::BadFile => "bad_file",
            Self::FilesFull => "files_full",
            Self::SignedOut => "signed_out",
            Self::RoleTooLow => "role_too_low",
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
            Self::Malformed(_)
            | Self::BadGzip
            | Self::TooDeep
            | Self::TooManyValues(_)
            | Self::TooMany(_)
            | Self::WeakPassword => StatusCode::BAD_REQUEST,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::UnknownKey
            | Self::BadToken(_)
            | Self::TokenExpired
            | Self::TokenRequired
            | Self::SignedOut
            | Self::WrongPassword
            | Self::CodeNeeded
            | Self::WrongCode => StatusCode::UNAUTHORIZED,
            Self::SecretInBrowser | Self::ForeignOrigin | Self::ForeignPage | Self::RoleTooLow => {
                StatusCode::FORBIDDEN
            }
            Self::TooFast(_) | Self::GuestBudget(_) | Self::TooManyTries(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy(_) | Self::StoreAway => StatusCode::SERVICE_UNAVAILABLE,
            Self::BrokenFlow(_) | Self::BrokenSupportFile(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::BadFile => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::FilesFull => StatusCode::INSUFFICIENT_STORAGE,
            Self::AddressTaken => StatusCode::CONFLICT,
            Self::DeadLink => StatusCode::GONE,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Whether it is for the people who embed the widget: they can mend what caused it.
    pub(crate) fn is_for_integrators(&self) -> bool {
        matches!(
            self,
            Self::Malformed(_)
                | Self::BadGzip
                | Self::TooDeep
                | Self::TooLarge(_)
                | Self::TooManyValues(_)
                | Self::TooMany(_)
                | Self::UnknownKey
                | Self::SecretInBrowser
                | Self::ForeignOrigin
                | Self::BadToken(_)
                | Self::TokenExpired
                | Self::TokenRequired
                | Self::GuestBudget(_)
                | Self::BrokenFlow(_)
                | Self::BrokenSupportFile(_)
        )
    }

    /// Whether any page may read it: it says what is wrong with the page's tag, and nothing of a site.
    pub(crate) fn is_for_any_page(&self) -> bool {
        matches!(self, Self::ForeignOrigin | Self::UnknownKey | Self::SecretInBrowser)
    }

    /// The sentence for a log, which has nothing in it of what the caller sent.
    pub(crate) fn logged(&self) -> String {
        match self {
            Self::Malformed(_) => "The request cannot be read; the console shows why.".into(),
            Self::BrokenFlow(_) => "The flow has errors and was not published.".into(),
            Self::BrokenSupportFile(_) => "The support file has errors and was not published.".into(),
            other => other.message(),
        }
    }

    /// The sentence that says what to do.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Malformed(what) => format!("The request cannot be read: {what}. Correct it and send it again."),
            Self::BadGzip => "The body is not valid gzip. Send it again, or without gzip.".into(),
            Self::TooDeep => "The body is nested more than 16 levels deep. Make it flatter.".into(),
            Self::TooLarge(limit) => format!("The body is larger than {limit} bytes. Send it in smaller parts."),
            Self::TooSlow => "The body took more than 10 s to arrive. Send it again with the same ids.".into(),
            Self::TooManyValues(limit) => format!("The body has more than {limit} values. Send it in smaller parts."),
            Self::TooMany(limit) => format!("A batch has at most {limit} entries. Send it in smaller parts."),
            Self::UnknownKey => {
                "No site has this key. `tabiji site list` shows the public keys; `tabiji site rotate NAME --secret-key` \
                 replaces a secret key that is lost."
                    .into()
            }
            Self::SecretInBrowser => {
                "A secret key (sk_…) came from a browser. Replace it at once (`tabiji site rotate NAME --secret-key`) \
                 and use the public key (pk_…) there."
                    .into()
            }
            Self::ForeignOrigin => {
                "This page's origin is not on the list of the site that the key belongs to. Add it: \
                 `tabiji site set NAME --origin ORIGIN`."
                    .into()
            }
            Self::ForeignPage => {
                "The console answers its own pages only. Open it at its own address and try again there.".into()
            }
            Self::TokenExpired => {
                "The identity token has expired. Sign a new one; `identify` takes a function that fetches one as `renew`."
                    .into()
            }
            Self::BadToken(why) => format!("The identity token is refused: {why}. Sign a new one."),
            Self::TokenRequired => {
                "This site requires an identity token. Sign one in your backend and pass it to identify; \
                 `tabiji token` makes one to try."
                    .into()
            }
            Self::TooFast(wait) => format!("Too many requests with this key. Wait {wait} s and send them again with the same ids."),
            Self::GuestBudget(_) => {
                "The guests of this site have used up what all of them share in a day; people with an identity token \
                 are not affected. Send it again later with the same ids, or raise [limits.guests] in tabiji.toml."
                    .into()
            }
            Self::Busy(bottleneck) => {
                format!("{} Wait a second and send it again with the same ids.", bottleneck.message())
            }
            Self::BrokenSupportFile(problems) => format!("The support file has errors and was not published:\n{problems}"),
            Self::BrokenFlow(problems) => format!("The flow has errors and was not published:\n{problems}"),
            Self::BadFile => {
                "This file type is not supported, or the picture is damaged or has too many pixels. Send a JPEG, PNG, \
                 GIF or WebP picture, a PDF, an Office document, a ZIP or a text."
                    .into()
            }
            Self::FilesFull => "The upload limit is reached. Send the file another day, or a smaller one.".into(),
            Self::SignedOut => "Sign in first.".into(),
            Self::RoleTooLow => {
                "Your role does not include this: `tabiji operator set EMAIL --role agent|admin` changes it.".into()
            }
            Self::WrongPassword => "Incorrect email or password.".into(),
            Self::CodeNeeded => "Enter the code of your authenticator.".into(),
            Self::WrongCode => "The code is incorrect or was already used. Wait for the next one.".into(),
            Self::AddressTaken => {
                "This link is for another address. An existing operator needs a link of their own: \
                 `tabiji link --email ADDRESS`."
                    .into()
            }
            Self::TooManyTries(wait) => format!("Too many attempts. Wait {wait} s."),
            Self::DeadLink => {
                "This link has been used or has expired. `tabiji link` creates a new one.".into()
            }
            Self::WeakPassword => "Use a password of at least 10 characters.".into(),
            Self::NotFound => "Not found.".into(),
            Self::StoreAway => {
                "The database does not answer, and this request may or may not have been written. Send the same \
                 ids again in a second."
                    .into()
            }
            Self::Failed => "Something failed here and was logged. Nothing of this request was kept.".into(),
        }
    }

    /// Returns the refusal as a frame, for a connection that is open already.
    pub(crate) fn to_frame(&self) -> ServerFrame {
        ServerFrame::Refused { tag: self.tag().to_owned(), message: self.message() }
    }

    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooFast(wait) | Self::GuestBudget(wait) | Self::TooManyTries(wait) => Some(*wait),
            Self::Busy(_) | Self::StoreAway => Some(1),
            _ => None,
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
