//! Reading a body within its limits: as sent, inflated, and in depth.

use std::io::Read;
use std::time::Duration;

use axum::RequestExt;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use flate2::bufread::GzDecoder;
use memchr::memchr2;
use protocol::widget::limits;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::Refusal;

/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a chunk of a file may take: at 21 kbit/s it arrives.
const CHUNK_TIMEOUT: Duration = Duration::from_secs(50);
/// How deep lists and objects of JSON may be nested.
const DEPTH: usize = 16;
/// How many values JSON may have. A parser takes time for each, and two hundred events have a few thousand.
const VALUES: usize = 50_000;

/// A body that cannot be read.
#[derive(Debug, PartialEq)]
pub struct Unread {
    /// Why.
    pub refusal: Refusal,
    /// What came of it: inflated as far as that went, or else as it was sent. Empty where nothing is held.
    pub start: Bytes,
}

impl From<Refusal> for Unread {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, start: Bytes::new() }
    }
}

impl From<Unread> for Refusal {
    fn from(unread: Unread) -> Self {
        unread.refusal
    }
}

/// JSON, within the limits of [`read`].
pub struct Document<T>(pub T);

/// A text, such as a flow file, within the same limits.
pub struct Text(pub String);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Document<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let (parts, body) = request.with_limited_body().into_parts();
        Ok(Self(parse(&read(&parts.headers, body).await?)?))
    }
}

impl<S: Send + Sync> FromRequest<S> for Text {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let (parts, body) = request.with_limited_body().into_parts();
        let text = read_limited(&parts.headers, body).await?;
        let text = String::from_utf8(text.into());
        text.map(Self).map_err(|_| Refusal::Malformed("it is not UTF-8".into()))
    }
}

/// Reads a body of at most [`limits::WIRE_BYTES`], inflated to at most [`limits::INFLATED_BYTES`].
///
/// # Errors
/// `TooLarge` before more than the limit is held, `BadGzip`, `TooDeep`, `TooManyValues`, or `Malformed` for an
/// unknown encoding. All of it is known before a parser sees a byte.
pub async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Unread> {
    let text = read_limited(headers, body).await?;
    let Shape { depth, values } = shape(&text);
    if depth > DEPTH {
        return Err(Unread { refusal: Refusal::TooDeep, start: text });
    }
    if values > VALUES {
        return Err(Unread { refusal: Refusal::TooManyValues(VALUES), start: text });
    }
    Ok(text)
}

/// Parses the JSON of a body.
///
/// # Errors
/// `Malformed`, which names the field that cannot be read.
pub fn parse<T: DeserializeOwned>(text: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(text).map_err(|error| {
        // Where it stands is kept in mind only now, since that takes time.
        let again = serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_slice(text));
        let field = again.err().map(|error| error.path().to_string()).filter(|path| path != ".");
        let field = field.map(|field| format!("{field}: ")).unwrap_or_default();
        Refusal::Malformed(format!("{field}{error}"))
    })
}

/// Reads a chunk of a file. It may take nearly as long as a request may.
///
/// # Errors
/// `TooLarge`, `TooSlow`, `BadGzip`.
pub async fn read_chunk(headers: &HeaderMap, body: Body) -> Result<Bytes, Refusal> {
    Ok(read_within(headers, body, CHUNK_TIMEOUT).await?)
}

async fn read_limited(headers: &HeaderMap, body: Body) -> Result<Bytes, Unread> {
    read_within(headers, body, BODY_TIMEOUT).await
}

async fn read_within(headers: &HeaderMap, body: Body, longest: Duration) -> Result<Bytes, Unread> {
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if declared
        .and_then(|length| length.parse().ok())
        .is_some_and(|length: usize| length > limits::WIRE_BYTES)
    {
        return Err(Refusal::TooLarge(limits::WIRE_BYTES).into());
    }
    let sent = timeout(longest, to_bytes(body, limits::WIRE_BYTES)).await.map_err(|_| Refusal::TooSlow)?;
    let sent = sent.map_err(|_| Refusal::TooLarge(limits::WIRE_BYTES))?;
    // Names of codings are in capitals or not (RFC 9110, 8.4.1), and gzip has two.
    match headers.get(header::CONTENT_ENCODING).map(|value| value.as_bytes().to_ascii_lowercase()).as_deref()
    {
        None | Some(b"identity") => Ok(sent),
        Some(b"gzip" | b"x-gzip") => inflate(&sent),
        Some(_) => {
            let refusal = Refusal::Malformed("only gzip or no encoding is read".into());
            Err(Unread { refusal, start: sent })
        }
    }
}

fn inflate(sent: &[u8]) -> Result<Bytes, Unread> {
    let limit = limits::INFLATED_BYTES as u64;
    let mut text = Vec::with_capacity((sent.len() * 4).min(limits::INFLATED_BYTES + 1));
    let mut decoder = GzDecoder::new(sent);
    let inflated = decoder.by_ref().take(limit + 1).read_to_end(&mut text);
    // What follows the first member would be lost without a word; to begin many of them takes long.
    let has_more = inflated.is_ok() && text.len() <= limits::INFLATED_BYTES && !decoder.get_ref().is_empty();
    let is_nothing = text.is_empty();
    let text = Bytes::from(text);
    if inflated.is_err() || has_more {
        let start = if is_nothing { Bytes::copy_from_slice(sent) } else { text };
        return Err(Unread { refusal: Refusal::BadGzip, start });
    }
    if text.len() > limits::INFLATED_BYTES {
        return Err(Unread { refusal: Refusal::TooLarge(limits::INFLATED_BYTES), start: text });
    }
    Ok(text)
}

/// What JSON is made of, as far as it can be seen without parsing it.
#[derive(Debug, PartialEq)]
struct Shape {
    /// The deepest nesting of lists and objects.
    depth: usize,
    /// Values in them, counted by what separates them.
    values: usize,
}

/// Looks at the signs of JSON outside of strings.
fn shape(text: &[u8]) -> Shape {
    let (mut depth, mut deepest, mut at, mut values) = (0usize, 0, 0, 0);
    while let Some(byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => at += string_length(&text[at..]),
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            _ => {}
        }
    }
    Shape { depth: deepest, values }
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
mod tests;
