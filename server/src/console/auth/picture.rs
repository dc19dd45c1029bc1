//! `/api/profile/picture`: the picture by which customers and colleagues know the operator.

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::app::App;
use crate::auth::SignedIn;
use crate::http::Refusal;
use crate::pictures;

/// `GET`: leads to the operator's own picture, which is where no cookie is sent, as customers fetch it. Nothing (204) when
/// they have none, or see no site at which it could be shown.
///
/// # Errors
/// When the store fails.
pub async fn get(
    State(app): State<App>,
    SignedIn { session, grant, .. }: SignedIn,
) -> Result<Response, Refusal> {
    let picture = app.store.operator_picture(&session.email).await?;
    let sites = app.sites.all().await?;
    let site = sites.iter().find(|site| grant.allows(site.id));
    let Some((picture, site)) = picture.zip(site) else { return Ok(StatusCode::NO_CONTENT.into_response()) };
    let address = pictures::address(site, &picture.id, app.clock.now());
    Ok(Redirect::to(&app.config.public_path(&format!("/{address}"))).into_response())
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
