//! `/api/profile/picture`: the picture by which customers and colleagues know the operator.

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::App;
use crate::auth::SignedIn;
use crate::http::Refusal;
use crate::pictures;

/// `GET`: sends the operator's own picture.
///
/// # Errors
/// `NotFound` when they have none.
pub async fn get(State(app): State<App>, SignedIn { session, .. }: SignedIn) -> Result<Response, Refusal> {
    let picture = app.store.operator_picture(&session.email).await?.ok_or(Refusal::NotFound)?;
    pictures::served(picture, "no-store")
}

/// `PUT`: sets the picture.
///
/// # Errors
/// As [`pictures::checked`].
pub async fn put(
    State(app): State<App>,
    SignedIn { session, .. }: SignedIn,
    request: Request,
) -> Result<StatusCode, Refusal> {
    let content = to_bytes(request.into_body(), pictures::MAX_SIZE).await;
    let content = content.map_err(|_| Refusal::TooLarge(pictures::MAX_SIZE))?;
    let picture = pictures::checked(&content, app.clock.now())?;
    app.store.set_operator_picture(&session.email, Some(picture)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE`: removes the picture, from every answer as well.
///
/// # Errors
/// When the store fails.
pub async fn delete(
    State(app): State<App>,
    SignedIn { session, .. }: SignedIn,
) -> Result<StatusCode, Refusal> {
    app.store.set_operator_picture(&session.email, None).await?;
    Ok(StatusCode::NO_CONTENT)
}
