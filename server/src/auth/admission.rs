//! What makes an extractor an admission, and which handlers name one.

use axum::extract::{FromRequest, Request};

use crate::app::App;
use crate::http::{NoBody, ReadBody};

/// An extractor that decides whether a request may come in. Implemented in this room only.
pub trait Admission {
    /// Its name, as the list of routes shows it.
    const NAME: &'static str;
}

/// Arguments of a handler of which the last is an [`Admission`]. `M` is axum's marker for how it is extracted.
pub trait Admitted {
    /// The admission's name.
    const NAME: &'static str;
}

macro_rules! admitted {
    ($($before:ident),*) => {
        impl<M, $($before,)* A: Admission> Admitted for (M, $($before,)* A) {
            const NAME: &'static str = A::NAME;
        }
    };
}

admitted!();
admitted!(A1);
admitted!(A1, A2);
admitted!(A1, A2, A3);
admitted!(A1, A2, A3, A4);

/// Any caller: for files that are the same for all of them, health, and the way to sign in.
pub struct Anyone<B = NoBody>(pub B);

impl<B> Admission for Anyone<B> {
    const NAME: &'static str = "Anyone";
}

impl<B: ReadBody> FromRequest<App> for Anyone<B> {
    type Rejection = B::Rejection;

    async fn from_request(request: Request, _: &App) -> Result<Self, B::Rejection> {
        B::read(request).await.map(Self)
    }
}
