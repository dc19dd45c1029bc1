//! Where the requests of the widget say who sends them: the public key and the person stand in the body, since a
//! page cannot keep a secret and an address is written into logs.

use protocol::chat::{ChatPost, DownloadRequest, Hello, UploadRequest};
use protocol::ids::{ClaimedIdentity, SiteKey};
use protocol::widget::{ProgressQuery, SessionRequest};

use crate::app::App;
use crate::http::Refusal;

/// What a body says about its sender.
pub struct Claim<'a> {
    /// The site's public key.
    pub site: &'a SiteKey,
    /// An identity token.
    pub token: Option<&'a str>,
    /// A visitor's own word, which counts where there is no token.
    pub who: Option<&'a ClaimedIdentity>,
}

/// The body of a request of the widget.
pub trait CallerBody: Sized {
    /// Whether its place in the intake is kept until it is answered: for what is written to the journal.
    const HOLDS_INTAKE: bool = false;
    /// Whether the start of a body that cannot be read is kept for the operator.
    const KEEPS_REJECTED: bool = false;
    /// Whether it is for the chat, which a collector may not have.
    const NEEDS_CHAT: bool = false;

    /// Who sends it.
    fn claim(&self) -> Claim<'_>;

    /// Whether this collector answers such a request at all.
    ///
    /// # Errors
    /// `NotFound` or `Malformed`.
    fn check(&self, _: &App) -> Result<(), Refusal> {
        Ok(())
    }
}

impl CallerBody for SessionRequest {
    fn claim(&self) -> Claim<'_> {
        Claim { site: &self.site, token: self.token.as_deref(), who: self.who.as_ref() }
    }
}

impl CallerBody for ProgressQuery {
    fn claim(&self) -> Claim<'_> {
        self.session.claim()
    }
}

impl CallerBody for Hello {
    const NEEDS_CHAT: bool = true;

    fn claim(&self) -> Claim<'_> {
        Claim { site: &self.site, token: self.token.as_deref(), who: self.who.as_ref() }
    }

    fn check(&self, app: &App) -> Result<(), Refusal> {
        if !app.config.chat {
            return Err(Refusal::NotFound);
        }
        if self.version != 1 {
            return Err(Refusal::Malformed(format!("this is tabiji-chat/1, not {}", self.version)));
        }
        Ok(())
    }
}

/// Requests of the chat that need no connection bring the hello with them.
macro_rules! with_hello {
    ($($body:ty),*) => {
        $(
            impl CallerBody for $body {
                const NEEDS_CHAT: bool = true;

                fn claim(&self) -> Claim<'_> {
                    self.hello.claim()
                }

                fn check(&self, app: &App) -> Result<(), Refusal> {
                    self.hello.check(app)
                }
            }
        )*
    };
}

with_hello!(ChatPost, UploadRequest, DownloadRequest);
