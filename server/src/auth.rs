//! Who may ask: the one way from a request to a handler.
//!
//! A handler names its admission as its first argument (after the state), or as its only one where the body says who
//! asks. [`Routes`] registers nothing else, so a route without an admission does not compile, and nothing else of a
//! request is looked at before it. Each admission does the same things in the same order: it takes its place in
//! the [`Intake`](crate::app::limits::Intake) where it reads a body, finds the site, spends from that site's
//! [`RequestBudget`](crate::app::limits::RequestBudget), and finds out who asks.
//!
//! | admission | who | limited by |
//! | --- | --- | --- |
//! | [`WidgetCaller`] | a person in the widget; the public key and the person stand in the body | intake with the client's share, the budget of the site's guests or of its verified people |
//! | [`WidgetPage`] | a page of the site that opens a socket; the person says who they are in the first frame | the site's budget of pages, the client's share of handshakes and connections |
//! | [`SignedAddress`] | the bearer of an address that this collector has signed | the site's budget of bearers; pieces of files, the client's share of them |
//! | [`HostBackend`] | the host's backend, with the secret key | intake and budget of their own |
//! | [`SignedIn`], [`SiteAccess`] | an operator of the console | a session |
//! | [`AgentAccess`] | an operator who may answer customers | a session |
//! | [`AdminAccess`] | an operator who reads the security log | a session |
//! | [`Anyone`] | no one in particular: pages, health, sign-in | sign-in: the client's tries, and the login throttle |
//!
//! No handler looks a site up by itself. Why a full intake refuses at once instead of waiting:
//! `docs/decisions/0005-intake.md`; roles and keys:
//! `docs/decisions/0019-doors.md`.

mod admission;
mod caller_body;
mod cors;
mod host_backend;
pub mod identity;
mod noting;
mod routes;
mod signed_address;
mod signed_in;
pub mod signed_url;
mod site_access;
mod widget_caller;
mod widget_page;

pub use admission::{Admission, Admitted, Anyone, BodyAdmission};
pub use caller_body::{CallerBody, Claim};
pub use cors::cors;
pub use host_backend::HostBackend;
pub use noting::note_refused;
pub use routes::{Route, Routes};
pub use signed_address::{SignedAddress, SignedPath};
pub use signed_in::SignedIn;
pub(crate) use signed_in::{
    COOKIE_PATH, IDLE, SESSION_LIFETIME, cookie, cookie_name, cookie_named, is_valid,
};
pub use site_access::{AdminAccess, AgentAccess, SiteAccess};
pub use widget_caller::{WidgetCaller, identify_hello};
pub use widget_page::WidgetPage;
