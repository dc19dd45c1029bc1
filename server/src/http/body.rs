//! Reading a body within its limits: as sent, inflated, and in depth.

use std::io::Read;
use std::time::Duration;

use axum::RequestExt;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use flate2::read::GzDecoder;
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
    match headers.get(header::CONTENT_ENCODING).map(|value| value.as_bytes()) {
        None | Some(b"identity") => Ok(sent),
        Some(b"gzip") => inflate(&sent),
        Some(_) => {
            let refusal = Refusal::Malformed("only gzip or no encoding is read".into());
            Err(Unread { refusal, start: sent })
        }
    }
}

fn inflate(sent: &[u8]) -> Result<Bytes, Unread> {
    let limit = limits::INFLATED_BYTES as u64;
    let mut text = Vec::with_capacity((sent.len() * 4).min(limits::INFLATED_BYTES + 1));
    let inflated = GzDecoder::new(sent).take(limit + 1).read_to_end(&mut text);
    let is_nothing = text.is_empty();
    let text = Bytes::from(text);
    if inflated.is_err() {
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
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_shape_is_of_signs_outside_strings() {
        let of = |text: &[u8]| {
            let Shape { depth, values } = shape(text);
            (depth, values)
        };
        assert_eq!(of(br#"{"a":[1,{"b":"[[[[\"{{{,,"}]}"#), (3, 1));
        assert_eq!(of(b"]]]"), (0, 0));
        assert_eq!(of(br#"["\\",["\"]]]","#), (2, 2));
        assert_eq!(of(br#"["\"#), (1, 0), "a string that never ends");
        assert_eq!(of(b"[0,0,0]"), (1, 2));
    }

    #[test]
    fn the_field_that_cannot_be_read_is_named() {
        for (body, expected) in [
            (r#"{"site":"pk","token":17}"#, "token: invalid type: integer `17`, expected a string"),
            (r#"{"site":"pk","who":{"user":5}}"#, "who.user: invalid type: integer `5`, expected a string"),
            (r#"{"site":"pk","who":"u1"}"#, "who: invalid type: string \"u1\""),
            (r#"{"site":["pk"]}"#, "site: invalid type: sequence"),
            (r#"{"token":"a"}"#, "missing field `site`"),
            (r#"{"site":"pk"} {}"#, "trailing characters"),
            ("", "EOF while parsing a value"),
        ] {
            let Err(Refusal::Malformed(why)) = parse::<protocol::widget::SessionRequest>(body.as_bytes())
            else {
                panic!("{body} is read");
            };
            assert!(why.starts_with(expected), "{body}: {why}");
        }
    }

    #[tokio::test]
    async fn t34_an_endless_body_is_read_up_to_the_limit() {
        let pulled = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&pulled);
        let endless = futures_util::stream::repeat_with(move || {
            counted.fetch_add(1024, Ordering::Relaxed);
            Ok::<_, std::io::Error>(Bytes::from_static(&[b' '; 1024]))
        });
        let read = read(&HeaderMap::new(), Body::from_stream(endless)).await;
        assert_eq!(read, Err(Refusal::TooLarge(limits::WIRE_BYTES).into()));
        assert!(pulled.load(Ordering::Relaxed) <= limits::WIRE_BYTES + 2048, "{pulled:?}");
    }

    #[tokio::test]
    async fn t34_a_body_that_declares_too_much_is_not_read() {
        let headers = HeaderMap::from_iter([(header::CONTENT_LENGTH, (300 * 1024).into())]);
        let never = futures_util::stream::pending::<Result<Bytes, std::io::Error>>();
        let read = read(&headers, Body::from_stream(never)).await;
        assert_eq!(read, Err(Refusal::TooLarge(limits::WIRE_BYTES).into()));
    }

    #[tokio::test]
    async fn s1_what_a_body_consists_of_is_counted_before_it_is_parsed() {
        let values = format!("[{}0]", "0,".repeat(VALUES + 1));
        let deep = format!("{}{}", "[".repeat(DEPTH + 1), "]".repeat(DEPTH + 1));
        let fits = format!("[{}0]", "0,".repeat(VALUES));
        for (body, expected) in
            [(values, Err(Refusal::TooManyValues(VALUES))), (deep, Err(Refusal::TooDeep)), (fits, Ok(()))]
        {
            let read = read(&HeaderMap::new(), Body::from(body)).await;
            assert_eq!(read.map(drop).map_err(Refusal::from), expected);
        }
    }

    #[tokio::test]
    async fn t34_a_gzip_bomb_stops_at_the_limit() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut encoder, &vec![b' '; 64 * 1024 * 1024]).unwrap();
        let bomb = encoder.finish().unwrap();
        let refused = |sent| inflate(sent).map_err(Refusal::from);
        assert_eq!(refused(&bomb), Err(Refusal::TooLarge(limits::INFLATED_BYTES)));
        assert_eq!(refused(&bomb[..bomb.len() / 1000]), Err(Refusal::BadGzip));
    }
}
