//! A guest is known by an id that their browser made at random, and by nothing else: who has it can read and write what is
//! theirs. So nothing that the console is answered has it. Each is shown by another one that is computed from it, which is
//! always the same and opens nothing (`docs/security.md`).

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt;
use memchr::memmem;
use uuid::Uuid;

use crate::crypto;

/// How the ids begin that widgets make; a UUID follows.
const MADE_BY_WIDGETS: [&str; 2] = ["device-", "guest-"];
/// The length of a UUID as text.
const UUID: usize = 36;

/// Shows guests by what opens nothing, in whatever is answered.
pub async fn show_guests(request: Request, next: Next) -> Response {
    // An answer in JSON is one frame, and so is an event of a stream.
    next.run(request).await.map(|body| Body::new(body.map_frame(|frame| frame.map_data(shown))))
}

/// Replaces the random part of each guest's id. What is shown is as long, so no length of an answer changes.
fn shown(text: Bytes) -> Bytes {
    let mut changed: Option<Vec<u8>> = None;
    for start in MADE_BY_WIDGETS {
        for found in memmem::find_iter(&text, start) {
            let from = found + start.len();
            let Some(random) = text.get(from..from + UUID) else { continue };
            if Uuid::try_parse_ascii(random).is_ok() {
                let id = crypto::id_of(&format!("guest {}", String::from_utf8_lossy(random)));
                let changed = changed.get_or_insert_with(|| text.to_vec());
                changed[from..from + UUID].copy_from_slice(id.0.hyphenated().to_string().as_bytes());
            }
        }
    }
    changed.map_or(text, Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01990000-0000-7000-8000-000000000001";

    #[test]
    fn s17_what_is_shown_of_a_guest_is_always_the_same_and_not_their_id() {
        let text = format!(
            r#"{{"user":"guest-{ID}","account":"~device-{ID}","mid":"{ID}","say":"guest-house device-"}}"#
        );
        let seen = String::from_utf8(shown(Bytes::from(text.clone())).to_vec()).unwrap();
        assert_eq!(seen.len(), text.len());
        let other = crypto::id_of(&format!("guest {ID}")).0.hyphenated().to_string();
        assert_eq!(seen, text.replace(&format!("-{ID}"), &format!("-{other}")));
        assert!(seen.contains(&format!(r#""mid":"{ID}""#)) && seen.contains("guest-house device-"));
        let cut = Bytes::from(format!("guest-{}", &ID[..35]));
        assert_eq!(shown(cut.clone()), cut);
    }
}
