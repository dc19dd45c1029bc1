//! Frames that are posted, for those who have no socket.

use lazy::settled;
use wasm_bindgen::JsValue;

use super::ANSWER;
use crate::chat::bridge;
use crate::i18n::concat;
use crate::js::{self, list};
use crate::wire::{object, print};

/// The code that a socket would have been closed with.
pub fn refusal(status: Option<f64>) -> u16 {
    if matches!(status, Some(401.0 | 403.0)) { 4401 } else { 0 }
}

/// Posts a frame without a connection; returns the collector's frames, or a closing code.
pub fn post_frames(
    base: &str,
    hello: &JsValue,
    frame: &JsValue,
    signal: &JsValue,
) -> impl Future<Output = Result<Vec<JsValue>, u16>> + use<> {
    let body = print(&object(&[("hello", hello.clone()), ("frames", list([frame.clone()].into_iter()))]));
    let posted = bridge::send(&concat(&[base, "v1/chat/send"]), &body.into(), signal, ANSWER);
    async move {
        let answer = settled(&posted).await.map_err(|_| 0u16)?;
        let status = js::get(&answer, "0").as_f64();
        match js::items(&js::get(&answer, "1")) {
            Some(frames) if status == Some(200.0) => Ok(frames),
            _ => Err(refusal(status)),
        }
    }
}
