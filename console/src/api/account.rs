//! Requests about the person who is signed in: the session, its browsers and the second factor.

use gloo_net::http::Request;
use protocol::console::{
    OperatorName, PasswordChange, PasswordConfirmation, SecurityEntry, SecuritySettings, SignInRequest,
    SignedInOperator, TotpCode, TotpSetup,
};

use super::error::ApiError;
use super::request::{command, done, exchange, fetch, submit};

/// Returns who is signed in, with the sites that they may see.
pub async fn viewer() -> Result<SignedInOperator, ApiError> {
    fetch(Request::get("api/session")).await
}

/// Checks that a one-time link still works; does not use it up.
pub async fn check_link(link: &str) -> Result<(), ApiError> {
    submit(Request::post("api/link"), &link).await
}

/// Signs in; the collector answers with the session's cookie.
pub async fn sign_in(form: &SignInRequest) -> Result<(), ApiError> {
    submit(Request::post("api/session"), form).await
}

/// Signs this browser out.
pub async fn sign_out() -> Result<(), ApiError> {
    command(Request::delete("api/session")).await
}

/// Changes the name that customers see.
pub async fn set_name(name: String) -> Result<(), ApiError> {
    submit(Request::put("api/profile"), &OperatorName { name }).await
}

/// Where the person's own picture is.
pub const PICTURE: &str = "api/profile/picture";

/// Sets the picture that customers see.
pub async fn set_picture(picture: &web_sys::Blob) -> Result<(), ApiError> {
    let request = Request::put(PICTURE).body(picture).map_err(|_| ApiError::Server)?;
    done(request).await
}

/// Removes the picture.
pub async fn remove_picture() -> Result<(), ApiError> {
    command(Request::delete(PICTURE)).await
}

/// Changes the password; every other browser is signed out.
pub async fn set_password(change: &PasswordChange) -> Result<(), ApiError> {
    submit(Request::put("api/security/password"), change).await
}

/// Returns entries of the security log before one; the newest without one.
pub async fn security_log(before: Option<i64>) -> Result<Vec<SecurityEntry>, ApiError> {
    let query = before.map(|id| ["?before=", &id.to_string()].concat()).unwrap_or_default();
    fetch(Request::get(&["api/security/log", &query].concat())).await
}

/// Returns the browsers in which the person is signed in, and whether a second factor is on.
pub async fn security() -> Result<SecuritySettings, ApiError> {
    fetch(Request::get("api/security")).await
}

/// Signs out one of the person's browsers.
pub async fn end_browser(id: &str) -> Result<(), ApiError> {
    command(Request::delete(&["api/security/browsers/", id].concat())).await
}

/// Makes a secret for an authenticator; the second factor stays off until [`confirm_second_factor`].
pub async fn begin_second_factor(password: String) -> Result<TotpSetup, ApiError> {
    exchange(Request::post("api/security/codes"), &PasswordConfirmation { password }).await
}

/// Turns the second factor on with the authenticator's first code.
pub async fn confirm_second_factor(code: String) -> Result<(), ApiError> {
    submit(Request::put("api/security/codes"), &TotpCode { code }).await
}

/// Turns the second factor off with one more code.
pub async fn remove_second_factor(code: String) -> Result<(), ApiError> {
    submit(Request::delete("api/security/codes"), &TotpCode { code }).await
}
