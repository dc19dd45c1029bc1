//! The wire stays readable for widgets of the release before: sessions of its widget, recorded against its own
//! collector, are replayed against today's. `recorded/README.md` says how they were recorded and what is in them.
//!
//! Everything that today's collector answers is compared as JSON with what the release before answered: new keys may
//! come, and none may go, change its type, or say something else. Nothing here knows a type of `protocol` that a
//! widget sends or receives, so a renamed field cannot be renamed here, too.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod collector;
mod compare;
mod connection;
mod recording;
mod session;

use std::collections::BTreeSet;

use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn widgets_of_the_release_before_are_answered_as_they_were() {
    let recordings = recording::all();
    assert!(!recordings.is_empty(), "nothing is recorded");
    // Each has a collector of its own, and mostly waits for its disk.
    let replays: JoinSet<Vec<String>> = recordings.into_iter().map(session::replay).collect();
    let mut faults = replays.join_all().await.concat();
    faults.sort();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// A replay shows only what is recorded.
#[test]
fn every_route_and_frame_of_the_release_before_is_recorded() {
    let recordings = recording::all();
    let lines = || recordings.iter().flat_map(|recording| &recording.lines);
    let is_recorded =
        |route: &&str| lines().filter_map(|line| line.request.as_deref()).any(|call| fits(route, call));
    let missing: Vec<&str> = ROUTES.into_iter().filter(|route| !is_recorded(route)).collect();
    assert!(missing.is_empty(), "no session calls {missing:?}");
    let sent: BTreeSet<String> = lines().filter_map(recording::Line::kind).collect();
    let missing: Vec<&str> = FRAMES.into_iter().filter(|kind| !sent.contains(*kind)).collect();
    assert!(missing.is_empty(), "no session has a frame {missing:?}");
}

fn fits(route: &str, call: &str) -> bool {
    let path = call.split('?').next().unwrap_or_default();
    let fits = |(part, given): (&str, &str)| part == "{}" || part == given;
    route.split('/').count() == path.split('/').count() && route.split('/').zip(path.split('/')).all(fits)
}

/// What the widget of the release before called; `{}` stands for one part of a path.
const ROUTES: [&str; 14] = [
    "POST /v1/session",
    "POST /v1/events",
    "POST /v1/progress",
    "POST /v1/clips",
    "GET /v1/media/{}/{}",
    "POST /v1/help",
    "GET /v1/chat",
    "POST /v1/chat/stream",
    "POST /v1/chat/send",
    "POST /v1/chat/files",
    "POST /v1/chat/files/link",
    "POST /v1/chat/files/{}/{}",
    "POST /v1/chat/files/{}/{}/drop",
    "GET /v1/files/{}/{}/{}",
];

/// The frames that it sent and received.
const FRAMES: [&str; 15] = [
    "hello", "send", "csat", "callback", "read", "typing", "sync", "token", "ping", "welcome", "event",
    "ack", "nack", "cursor", "pong",
];
