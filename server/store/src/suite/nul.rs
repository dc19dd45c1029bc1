//! U+0000 in texts: it becomes U+FFFD wherever a text is stored, and the journal alone keeps it.

use std::sync::Arc;

use protocol::chat::{Attachment, Author, LogEntryBody, Message, Side};
use protocol::ids::ConversationId;

use super::{NOON, answer, answered, fact, id, journal_of, mood, postponed, projected};
use crate::{
    ConsoleSession, Grant, NewLogEntry, NewRecord, NewUpload, Party, RejectedBody, SiteId, Source, Store,
    Target, UploadQuota, Uploader, Visitor, Vouched,
};

const SENT: &str = "a\0b";
const KEPT: &str = "a\u{fffd}b";

pub(super) async fn tell(store: &Arc<dyn Store>, site: SiteId) {
    projections(store, site).await;
    conversations(store, site).await;
    let body = RejectedBody { received: NOON, tag: "malformed".into(), prefix: SENT.into() };
    answer(store.record_rejected_body(body).await);
    let kept = answer(store.rejected_bodies().await).into_iter().next().map(|body| body.prefix);
    assert_eq!(kept.as_deref(), Some(KEPT), "the start of a rejected body");
    operators(store).await;
}

async fn projections(store: &Arc<dyn Store>, site: SiteId) {
    let of = |source, body: serde_json::Value, salt| {
        let record = fact(site, "nul", "users", 1.0, NOON, salt);
        let (id, body) = (id(NOON, salt), body.to_string().into());
        NewRecord { id, source, user: Some("user-1".into()), body, ..record }
    };
    let mut snoozed = postponed(site, "nul", NOON + 1_000, NOON, 101);
    snoozed.body = snoozed.body.replace("meeting", "a\\u0000b").into();
    let records = vec![
        of(Source::Person, SENT.into(), 102),
        of(Source::Account, serde_json::json!({ "name": SENT, "traits": { SENT: SENT } }), 103),
        answered(site, "nul", Some(3.0), SENT, NOON, 104),
        snoozed,
        // An account that is named so by the host's backend.
        fact(site, SENT, "users", 1.0, NOON, 105),
    ];
    answer(store.append(records.clone()).await);
    projected(store).await;
    let journal = journal_of(store, site).await;
    let kept = journal.iter().filter(|one| records.contains(&one.record)).count();
    assert_eq!(kept, records.len(), "the journal keeps the bytes as they came");
    let person = answer(store.person(site, &"nul".into(), &"user-1".into()).await);
    assert_eq!(person.map(|person| person.name).as_deref(), Some(KEPT), "a person's name");
    let known = answer(store.account(site, &"nul".into()).await).known;
    assert_eq!(known.name.as_deref(), Some(KEPT), "an account's name");
    assert!(known.traits.contains_key(KEPT), "what the host knows of an account");
    let comments = answer(store.survey_comments(site, "setup", &mood(), Vouched::Verified).await);
    assert!(
        comments.iter().any(|one| one.text == KEPT && one.by == KEPT && one.account == KEPT),
        "a comment"
    );
    let snoozed = answer(store.snoozed_steps(site, "setup", Vouched::Verified).await);
    assert!(snoozed.iter().any(|one| one.reason == KEPT), "the reason of a snooze");
    for account in [SENT, KEPT] {
        assert!(answer(store.account(site, &account.into()).await).seen.is_some(), "an account's id");
    }
}

async fn conversations(store: &Arc<dyn Store>, site: SiteId) {
    let visitor = Visitor { site, account: "nul".into(), user: "nul".into() };
    let (party, key) = (Party::Visitor(visitor.clone()), id(NOON, 110));
    let quota = UploadQuota { site: u64::MAX / 2, guests: 0, owner: u64::MAX / 2, since: 0, unsent: 9 };
    let upload = NewUpload { id: id(NOON, 111), name: SENT.into(), size: 1, created: NOON };
    let uploader = Uploader::Visitor(visitor);
    answer(store.begin_upload(uploader.clone(), upload.clone(), quota).await);
    let open = answer(store.open_upload(site, upload.id).await).map(|open| open.name);
    assert_eq!(open.as_deref(), Some(KEPT), "the name of an upload");
    let file = Attachment { id: upload.id, name: SENT.into(), size: 1, kind: "text/plain".into() };
    answer(store.finish_upload(site, file.clone()).await);
    let entry = NewLogEntry {
        id: id(NOON, 112),
        author: Author { side: Side::Visitor, id: "nul".into(), name: SENT.into() },
        at: NOON,
        body: LogEntryBody::Message(Message { text: SENT.into(), file: Some(file), ..Message::default() }),
        context: None,
    };
    let c = ConversationId(id(NOON, 113));
    let write = async || {
        let target = Target::Keyed { key, fresh: c };
        answer(store.append_message(party.clone(), target, entry.clone()).await)
    };
    let (first, again) = (write().await, write().await);
    let crate::AppendOutcome::Stored { entry: kept, duplicate: false, .. } = first else {
        panic!("it was not written: {first:?}")
    };
    assert!(
        matches!(again, crate::AppendOutcome::Stored { duplicate: true, .. }),
        "the same entry again is the same: {again:?}"
    );
    assert_eq!(kept.author.name, KEPT, "an author's name");
    let LogEntryBody::Message(message) = &kept.body else { panic!("it is no message: {kept:?}") };
    let file = message.file.as_ref().map(|file| file.name.as_str());
    assert_eq!((message.text.as_str(), file), (KEPT, Some(KEPT)), "a message and its file's name");
    let sent = answer(store.sent_file(&party, c, upload.id).await).map(|file| file.name);
    assert_eq!(sent.as_deref(), Some(KEPT), "the name of a file that was sent");
    for text in [SENT, KEPT] {
        let found = answer(store.search_conversations(site, text, 9).await);
        assert_eq!(found, [(c, KEPT.to_owned())], "a search");
    }
}

async fn operators(store: &Arc<dyn Store>) {
    answer(store.add_link([77; 32], Grant::ALL, None, NOON).await);
    answer(store.redeem_link([77; 32], SENT, "$argon2id$", NOON - 1).await);
    for email in [SENT, KEPT] {
        let operator = answer(store.operator(email).await).map(|operator| operator.email);
        assert_eq!(operator.as_deref(), Some(KEPT), "an operator's address");
    }
    let session = ConsoleSession { email: SENT.into(), created: NOON, used: NOON, browser: SENT.into() };
    answer(store.add_session([78; 32], session).await);
    let browser = answer(store.session([78; 32]).await).map(|(session, _)| session.browser);
    assert_eq!(browser.as_deref(), Some(KEPT), "what a browser says of itself");
}
