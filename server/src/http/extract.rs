//! Arguments of handlers from the address of a request, refused with a tag like everything else.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::Refusal;

/// The query, as `T` has it.
pub struct Query<T>(pub T);

/// The parameters of the route's path, as `T` has them. What they cannot be is not there.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned> Query<T> {
    /// Reads the query of an address.
    ///
    /// # Errors
    /// `Malformed`.
    pub fn of(parts: &Parts) -> Result<Self, Refusal> {
        let query = axum::extract::Query::try_from_uri(&parts.uri);
        let axum::extract::Query(query) = query.map_err(|error| Refusal::Malformed(error.body_text()))?;
        Ok(Self(query))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        Self::of(parts)
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let path = axum::extract::Path::from_request_parts(parts, state).await;
        let axum::extract::Path(path) = path.map_err(|_| Refusal::NotFound)?;
        Ok(Self(path))
    }
}
