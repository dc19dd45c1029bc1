//! What makes an extractor an admission, and which handlers name one.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;

use crate::app::App;
use crate::http::Client;
use crate::openapi::{Extracted, Operation, Schemas};

/// An extractor that decides by a request's head whether it may come in. Implemented in this room only.
pub trait Admission {
    /// Its name, as the list of routes shows it.
    const NAME: &'static str;

    /// Adds what lets in, and why it may not.
    fn describe(operation: &mut Operation, schemas: &mut Schemas);
}

/// An extractor that reads a request's body to decide whether it may come in. Implemented in this room only.
pub trait BodyAdmission {
    /// Its name, as the list of routes shows it.
    const NAME: &'static str;

    /// Adds the body, and why it may not come in.
    fn describe(operation: &mut Operation, schemas: &mut Schemas);
}

/// Arguments of a handler that name its admission before anything else of the request is looked at: in the place
/// that `P` says. `M` is axum's marker for how the last one is extracted.
pub trait Admitted<P> {
    /// The admission's name.
    const NAME: &'static str;

    /// Adds what all of them say of the request.
    fn describe(operation: &mut Operation, schemas: &mut Schemas);
}

/// The admission is the first argument.
pub struct First;
/// The admission comes after the state.
pub struct AfterState;
/// The admission reads the body, so it is the last argument; before it there is nothing but the state.
pub struct WithBody;

macro_rules! admitted {
    ($($after:ident),*) => {
        impl<M, A: Admission, $($after: Extracted),*> Admitted<First> for (M, A, $($after),*) {
            const NAME: &'static str = A::NAME;

            fn describe(operation: &mut Operation, schemas: &mut Schemas) {
                A::describe(operation, schemas);
                $($after::describe(operation, schemas);)*
            }
        }

        impl<M, A: Admission, $($after: Extracted),*> Admitted<AfterState> for (M, State<App>, A, $($after),*) {
            const NAME: &'static str = A::NAME;

            fn describe(operation: &mut Operation, schemas: &mut Schemas) {
                A::describe(operation, schemas);
                $($after::describe(operation, schemas);)*
            }
        }
    };
}

admitted!();
admitted!(A1);
admitted!(A1, A2);
admitted!(A1, A2, A3);

impl<M, A: BodyAdmission> Admitted<WithBody> for (M, State<App>, A) {
    const NAME: &'static str = A::NAME;

    fn describe(operation: &mut Operation, schemas: &mut Schemas) {
        A::describe(operation, schemas);
    }
}

/// Any caller: for files that are the same for all of them, health, and the way to sign in.
pub struct Anyone {
    /// From where they ask.
    pub client: Client,
}

impl Admission for Anyone {
    const NAME: &'static str = "Anyone";

    fn describe(operation: &mut Operation, _: &mut Schemas) {
        operation.admits(Self::NAME, None);
    }
}

impl FromRequestParts<App> for Anyone {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self { client: Client::of(&parts.extensions, &parts.headers, &app.config.trusted_proxies) })
    }
}
