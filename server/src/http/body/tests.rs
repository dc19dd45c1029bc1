//! Bodies within their limits and beyond them, and whatever else may be sent.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::{HeaderName, HeaderValue};
use serde_json::Value;

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
        let Err(Refusal::Malformed(why)) = parse::<protocol::widget::SessionRequest>(body.as_bytes()) else {
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
async fn the_name_of_an_encoding_is_read_in_capitals_too() {
    for (name, expected) in
        [("gzip", true), ("GZIP", true), ("x-gzip", true), ("Identity", false), ("br", false)]
    {
        let headers = HeaderMap::from_iter([(header::CONTENT_ENCODING, HeaderValue::from_static(name))]);
        let text = read(&headers, Body::from(gzipped(b"[1]"))).await;
        assert_eq!(text.is_ok_and(|text| text == "[1]"), expected, "{name}");
    }
}

#[test]
fn what_follows_a_gzip_is_not_passed_over() {
    let one = gzipped(b"[1]");
    assert_eq!(inflate(&one).unwrap(), "[1]");
    for behind in [&b"{}"[..], &one] {
        let sent = [&one[..], behind].concat();
        assert_eq!(inflate(&sent).map_err(Refusal::from), Err(Refusal::BadGzip), "{behind:?}");
    }
}

#[tokio::test]
async fn t34_a_gzip_bomb_stops_at_the_limit() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![b' '; 64 * 1024 * 1024]).unwrap();
    let bomb = encoder.finish().unwrap();
    let refused = |sent| inflate(sent).map_err(Refusal::from);
    assert_eq!(refused(&bomb), Err(Refusal::TooLarge(limits::INFLATED_BYTES)));
    assert_eq!(refused(&bomb[..bomb.len() / 1000]), Err(Refusal::BadGzip));
}

/// Headers as they were written in a file of the corpus, and the body after an empty line.
fn request(bytes: &[u8]) -> (HeaderMap, Bytes) {
    let end = bytes.windows(2).position(|two| two == b"\n\n").unwrap_or(bytes.len());
    let (head, body) = (&bytes[..end], bytes.get(end + 2..).unwrap_or_default());
    let fields = head.split(|byte| *byte == b'\n').filter_map(|line| {
        let at = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(&line[..at]).ok()?;
        Some((name, HeaderValue::from_bytes(line[at + 1..].trim_ascii()).ok()?))
    });
    (fields.collect(), Bytes::copy_from_slice(body))
}

fn gzipped(text: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap().into()
}

/// How deep lists and objects are nested, by a parser.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(all) => 1 + all.iter().map(depth).max().unwrap_or_default(),
        Value::Object(all) => 1 + all.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

/// Bytes of a body that takes long to pack.
const MUCH: usize = 64 * 1024;

/// S37: whatever is sent, under whatever it says of itself, is within the limits or refused, and what is kept of it is its
/// beginning.
#[test]
fn s37_a_body_of_any_bytes_is_within_its_limits_or_refused() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let read = |headers: &HeaderMap, body: &Bytes| runtime.block_on(read(headers, Body::from(body.clone())));
    let packed = HeaderMap::from_iter([(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))]);
    fuzz::fuzz("bodies", |bytes| {
        let (headers, body) = request(bytes);
        let is_packed = headers.contains_key(header::CONTENT_ENCODING);
        match read(&headers, &body) {
            Ok(text) => {
                assert!(text.len() <= limits::INFLATED_BYTES && body.len() <= limits::WIRE_BYTES);
                assert!(is_packed || text == body, "it is not what was sent");
                // Packed it is the same; packing much takes long.
                assert!(text.len() > MUCH || read(&packed, &gzipped(&text)) == Ok(text.clone()));
                if let Ok(value) = serde_json::from_slice::<Value>(&text) {
                    assert!(depth(&value) <= DEPTH, "it is deeper than it was taken for");
                    assert!(std::str::from_utf8(&text).is_ok(), "another charset");
                }
            }
            Err(Unread { refusal, start }) => {
                assert!(start.len() <= limits::INFLATED_BYTES + 1, "{} bytes are kept", start.len());
                assert!(is_packed || body.starts_with(&start), "it never began so");
                let refused = ["too_large", "bad_gzip", "too_deep", "too_many_values", "malformed"];
                assert!(refused.contains(&refusal.tag()), "{refusal:?}");
            }
        }
    });
}
