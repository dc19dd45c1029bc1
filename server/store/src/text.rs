//! U+0000 in texts. PostgreSQL cannot keep it, so that no store keeps it: it becomes U+FFFD where a text enters
//! a projection, a conversation or a table. The journal alone keeps every byte as it came.
//!
//! The projections are covered by [`crate::projection::gather`]; what is written directly passes through
//! [`WithoutNul`], which every store calls on the arguments of its calls.

use std::borrow::Cow;

use protocol::chat::{Attachment, Author};
use protocol::files::SupportFile;
use protocol::ids::{AccountId, UserId};
use protocol::stored::Video;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{ConsoleSession, FlowVersion, NewLogEntry, NewSite, NewUpload, RejectedBody, SecurityEvent};

const NUL: char = '\0';
const REPLACEMENT: &str = "\u{fffd}";

/// Replaces each U+0000 of a text.
pub fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains(NUL) { Cow::Owned(text.replace(NUL, REPLACEMENT)) } else { Cow::Borrowed(text) }
}

/// Replaces each U+0000 in the strings of a JSON text, where it can only stand as `\u0000`.
pub fn json_without_nul(json: &str) -> Cow<'_, str> {
    const ESCAPED: &str = "\\u0000";
    // Most bodies have no escape at all, and one byte is found much sooner than six.
    if !json.contains('\\') || !json.contains(ESCAPED) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        if let Some(after) = escape.strip_prefix(ESCAPED) {
            out.push_str("\\ufffd");
            rest = after;
        } else {
            // An escaped backslash is no beginning of another escape.
            let long = escape.chars().take(2).map(char::len_utf8).sum();
            out.push_str(&escape[..long]);
            rest = &escape[long..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Arguments of a store without U+0000.
pub trait WithoutNul: Sized {
    /// Replaces each U+0000 of the texts in it.
    fn without_nul(self) -> Self;
}

impl WithoutNul for String {
    fn without_nul(self) -> Self {
        if self.contains(NUL) { self.replace(NUL, REPLACEMENT) } else { self }
    }
}

/// Replaces each U+0000 in whatever texts a value has, by way of its JSON form.
fn in_json<T: Serialize + DeserializeOwned>(value: T) -> T {
    let Ok(json) = serde_json::to_string(&value) else { return value };
    match json_without_nul(&json) {
        Cow::Borrowed(_) => value,
        Cow::Owned(json) => serde_json::from_str(&json).unwrap_or(value),
    }
}

impl WithoutNul for AccountId {
    fn without_nul(self) -> Self {
        Self(self.0.without_nul())
    }
}

impl WithoutNul for UserId {
    fn without_nul(self) -> Self {
        Self(self.0.without_nul())
    }
}

impl WithoutNul for NewLogEntry {
    fn without_nul(self) -> Self {
        let Author { side, id, name } = self.author;
        let author = Author { side, id: id.without_nul(), name: name.without_nul() };
        Self { author, body: in_json(self.body), context: self.context.map(in_json), ..self }
    }
}

impl WithoutNul for NewUpload {
    fn without_nul(self) -> Self {
        Self { name: self.name.without_nul(), ..self }
    }
}

impl WithoutNul for Attachment {
    fn without_nul(self) -> Self {
        Self { name: self.name.without_nul(), kind: self.kind.without_nul(), ..self }
    }
}

impl WithoutNul for RejectedBody {
    fn without_nul(self) -> Self {
        Self { tag: self.tag.without_nul(), prefix: self.prefix.without_nul(), ..self }
    }
}

impl WithoutNul for ConsoleSession {
    fn without_nul(self) -> Self {
        Self { email: self.email.without_nul(), browser: self.browser.without_nul(), ..self }
    }
}

impl WithoutNul for SecurityEvent {
    fn without_nul(self) -> Self {
        Self { by: self.by.without_nul(), about: self.about.without_nul(), ..self }
    }
}

impl WithoutNul for NewSite {
    fn without_nul(self) -> Self {
        let origins = self.origins.into_iter().map(WithoutNul::without_nul).collect();
        Self { name: self.name.without_nul(), origins, ..self }
    }
}

impl WithoutNul for FlowVersion {
    fn without_nul(self) -> Self {
        Self { flow: in_json(self.flow), source: self.source.without_nul(), ..self }
    }
}

impl WithoutNul for SupportFile {
    fn without_nul(self) -> Self {
        in_json(self)
    }
}

impl WithoutNul for Video {
    fn without_nul(self) -> Self {
        in_json(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_escape_of_nul_is_replaced_in_json() {
        for (json, text) in [
            (r#""a\u0000b""#, "a\u{fffd}b"),
            (r#""\u0000\u0000""#, "\u{fffd}\u{fffd}"),
            (r#""a\\u0000b""#, "a\\u0000b"),
            (r#""\\\u0000""#, "\\\u{fffd}"),
            (r#""設定\n\u0000é""#, "設定\n\u{fffd}é"),
            (r#""\u0001\ud83d\ude00\u0000""#, "\u{1}😀\u{fffd}"),
        ] {
            let read: String = serde_json::from_str(&json_without_nul(json)).unwrap();
            assert_eq!(read, text, "{json}");
        }
        assert!(matches!(json_without_nul(r#""a\\b""#), Cow::Borrowed(_)));
    }

    #[test]
    fn a_broken_text_stays_broken_and_harms_nothing() {
        for json in ["\\", "\\u0000\\", "\"\\u00"] {
            assert!(serde_json::from_str::<String>(&json_without_nul(json)).is_err());
        }
    }
}
