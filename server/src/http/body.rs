//! Reading a body within its limits: as sent, inflated, and in depth.

use std::io::Read;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, header};
use flate2::read::GzDecoder;
use memchr::memchr2;
use protocol::widget::limits;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::Refusal;

/// How long a body may take to arrive.
const LONGEST: Duration = Duration::from_secs(10);
/// The same for a piece of a file: with 21 kbit/s it arrives.
const LONGEST_PIECE: Duration = Duration::from_secs(50);
/// How deep JSON may be nested.
const DEPTH: usize = 16;

/// Reads a body of at most [`limits::WIRE_BYTES`], inflated to at most [`limits::INFLATED_BYTES`].
///
/// # Errors
/// `TooLarge` before more than the limit is held, `BadGzip`, `TooDeep`, or `Malformed` for an
/// unknown encoding.
pub async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Refusal> {
    let text = read_limited(headers, body).await?;
    if depth(&text) > DEPTH {
        return Err(Refusal::TooDeep);
    }
    Ok(text)
}

/// Reads a body that is plain text, such as a flow file.
///
/// # Errors
/// As [`read`], and `Malformed` for text that is not UTF-8.
pub async fn read_text(headers: &HeaderMap, body: Body) -> Result<String, Refusal> {
    let text = read_limited(headers, body).await?;
    String::from_utf8(text.into()).map_err(|_| Refusal::Malformed("it is not UTF-8".into()))
}

/// Reads a piece of a file as it comes. It may take as long as a request may.
///
/// # Errors
/// `TooLarge`, `TooSlow`, `BadGzip`.
pub async fn read_piece(headers: &HeaderMap, body: Body) -> Result<Bytes, Refusal> {
    read_within(headers, body, LONGEST_PIECE).await
}

async fn read_limited(headers: &HeaderMap, body: Body) -> Result<Bytes, Refusal> {
    read_within(headers, body, LONGEST).await
}

async fn read_within(headers: &HeaderMap, body: Body, longest: Duration) -> Result<Bytes, Refusal> {
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if declared
        .and_then(|length| length.parse().ok())
        .is_some_and(|length: usize| length > limits::WIRE_BYTES)
    {
        return Err(Refusal::TooLarge(limits::WIRE_BYTES));
    }
    let sent = timeout(longest, to_bytes(body, limits::WIRE_BYTES)).await.map_err(|_| Refusal::TooSlow)?;
    let sent = sent.map_err(|_| Refusal::TooLarge(limits::WIRE_BYTES))?;
    match headers.get(header::CONTENT_ENCODING).map(|value| value.as_bytes()) {
        None | Some(b"identity") => Ok(sent),
        Some(b"gzip") => inflate(&sent),
        Some(_) => Err(Refusal::Malformed("only gzip or no encoding is read".into())),
    }
}

/// Reads a JSON body.
///
/// # Errors
/// As [`read`], and `Malformed` with the place of the mistake.
pub async fn read_json<T: DeserializeOwned>(headers: &HeaderMap, body: Body) -> Result<T, Refusal> {
    let text = read(headers, body).await?;
    serde_json::from_slice(&text).map_err(|error| Refusal::Malformed(error.to_string()))
}

fn inflate(sent: &[u8]) -> Result<Bytes, Refusal> {
    let mut text = Vec::with_capacity(sent.len() * 4);
    let limit = limits::INFLATED_BYTES as u64;
    GzDecoder::new(sent).take(limit + 1).read_to_end(&mut text).map_err(|_| Refusal::BadGzip)?;
    if text.len() > limits::INFLATED_BYTES {
        return Err(Refusal::TooLarge(limits::INFLATED_BYTES));
    }
    Ok(text.into())
}

/// The deepest nesting of lists and objects, strings left out.
fn depth(text: &[u8]) -> usize {
    let (mut depth, mut deepest, mut at) = (0usize, 0, 0);
    while let Some(byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => at += string_length(&text[at..]),
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Bytes up to and with the quote that ends a string.
fn string_length(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = memchr2(b'"', b'\\', &text[at..]) {
        at += found + 1;
        if text[at - 1] == b'"' {
            return at;
        }
        // What is escaped ends nothing.
        at = (at + 1).min(text.len());
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_brackets_outside_strings() {
        assert_eq!(depth(br#"{"a":[1,{"b":"[[[[\"{{{"}]}"#), 3);
        assert_eq!(depth(b"]]]"), 0);
        assert_eq!(depth(br#"["\\",["\"]]]","#), 2);
        assert_eq!(depth(br#"["\"#), 1, "a string that never ends");
    }

    #[tokio::test]
    async fn a_gzip_bomb_stops_at_the_limit() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut encoder, &vec![b' '; 64 * 1024 * 1024]).unwrap();
        let bomb = encoder.finish().unwrap();
        assert_eq!(inflate(&bomb), Err(Refusal::TooLarge(limits::INFLATED_BYTES)));
        assert_eq!(inflate(&bomb[..bomb.len() / 1000]), Err(Refusal::BadGzip));
    }
}
