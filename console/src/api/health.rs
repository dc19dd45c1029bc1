//! Whether the collector is well.

use gloo_net::http::Request;

/// Returns whether the collector takes what is written; true when it does not answer, which other requests notice.
pub async fn takes_writes() -> bool {
    let answer = Request::get("health/ready").send().await;
    !answer.is_ok_and(|answer| answer.status() == 503)
}
