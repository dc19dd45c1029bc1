//! Sends a request and reads its answer.

use gloo_net::http::{Request, RequestBuilder, Response};
use protocol::error::ErrorReply;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::ApiError;

/// Sends a request without a body and reads the answer.
pub async fn fetch<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, ApiError> {
    decode(served(request.send().await).await?).await
}

/// Sends a request without a body whose answer says nothing.
pub async fn command(request: RequestBuilder) -> Result<(), ApiError> {
    served(request.send().await).await.map(|_| ())
}

/// Sends a body and reads the answer.
pub async fn exchange<T: DeserializeOwned>(
    request: RequestBuilder,
    body: &impl Serialize,
) -> Result<T, ApiError> {
    send(request.json(body)).await
}

/// Sends a body; the answer says nothing.
pub async fn submit(request: RequestBuilder, body: &impl Serialize) -> Result<(), ApiError> {
    done(request.json(body).map_err(|_| ApiError::Server)?).await
}

/// Sends a request that is complete; the answer says nothing.
pub async fn done(request: Request) -> Result<(), ApiError> {
    served(request.send().await).await.map(|_| ())
}

/// Sends a request that is complete and reads the answer.
pub async fn send<T: DeserializeOwned>(request: Result<Request, gloo_net::Error>) -> Result<T, ApiError> {
    let request = request.map_err(|_| ApiError::Server)?;
    decode(served(request.send().await).await?).await
}

async fn decode<T: DeserializeOwned>(answer: Response) -> Result<T, ApiError> {
    answer.json().await.map_err(|_| ApiError::Server)
}

async fn served(answer: Result<Response, gloo_net::Error>) -> Result<Response, ApiError> {
    let answer = answer.map_err(|_| ApiError::Offline)?;
    if answer.ok() {
        return Ok(answer);
    }
    let body = answer.json::<ErrorReply>().await.ok();
    Err(ApiError::of(answer.status(), body.map(|fault| fault.error)))
}
