//! A database of the schema before (V8), filled with rows as that version wrote them, is read rightly.

use protocol::chat::Log;
use protocol::files::FlowRef;
use protocol::ids::ConversationId;
use protocol::stored::StepStatus;
use refinery::Target;
use rusqlite::{Connection, params};
use store::suite::{self, NOON, fact, flow, id, projected, tracked};
use store::{
    Accounts, Clips, Conversations, Journal, Mark, Operators, Party, Reports, SiteId, Sites, Store, Support,
    Visitor, Vouched,
};

use super::*;
use crate::columns::Blob;

const ONE: SiteId = SiteId(1);
/// Threads as they stood in V8, with and without the fields that have become columns.
const WAITING: &str = r#"{"standing":"open","waiting":1790000000500,"last":1790000000500,"excerpt":"hello"}"#;
const ANSWERED: &str = r#"{"standing":"open","agent":{"side":"agent","id":"sato@example.com","name":"Sato"},"first":[1790000000100,1790000000200],"last":1790000000200,"excerpt":"yes"}"#;
const SNOOZED: &str = r#"{"standing":"snoozed","until":1790000900000,"agent":{"side":"agent","id":"sato@example.com","name":"Sato"},"waiting":1790000000300,"last":1790000000300,"excerpt":"x"}"#;
const RESOLVED: &str =
    r#"{"standing":"resolved","first":[1790000000100,1790000000900],"last":1790000000900,"excerpt":"x"}"#;
const OLD: &str = r#"{"last":5,"excerpt":"long ago"}"#;

fn schema_8(folder: &TempDir) -> Connection {
    schema(8, folder)
}

fn schema(version: i32, folder: &TempDir) -> Connection {
    let mut db = connect(&folder.path().join(connection::FILE)).unwrap();
    migrations::migrations::runner().set_target(Target::Version(version)).run(&mut db).unwrap();
    db
}

fn c(n: u8) -> ConversationId {
    ConversationId(id(NOON, n))
}

/// What V8 wrote of conversations.
fn fill_conversations(db: &Connection) {
    for (n, thread, context, created) in [
        (1, WAITING, r#"{"page":"/users","step":"users"}"#, NOON),
        (2, ANSWERED, r#"{"step":"deals"}"#, NOON),
        (3, SNOOZED, "{}", NOON),
        (4, RESOLVED, "{}", NOON),
        (5, OLD, "{}", 1),
    ] {
        db.execute(
            "INSERT INTO conversation VALUES (?1, 1, 'a', ?2, ?3, ?4, ?5, 1, 0, 0, 0, ?6, ?7)",
            params![Blob(c(n).0), format!("user-{n}"), Blob(id(NOON, n + 50)), created, n, thread, context],
        )
        .unwrap();
        let said = r#"{"kind":"message","body":{"text":"Ｈｅｌｌｏ"}}"#;
        db.execute(
            "INSERT INTO line VALUES (?1, 0, 1, ?2, 0, ?3, 'T', ?4, ?5)",
            params![Blob(c(n).0), Blob(id(NOON, n + 100)), format!("user-{n}"), created, said],
        )
        .unwrap();
    }
    db.execute("INSERT INTO change VALUES (1, 5)", []).unwrap();
}

/// What V8 wrote of a journal that it had projected, and of what is not journalled.
fn fill_the_rest(db: &Connection) {
    db.execute_batch(
        "INSERT INTO site VALUES (1, 'one', 'pk_one', zeroblob(32), 'secret', NULL, 0);
         INSERT INTO origin VALUES (1, 'https://app.example.com');
         INSERT INTO operator (email, password, sites) VALUES ('sato@example.com', 'x', '[1]');
         INSERT INTO person VALUES (1, 'a', 'user-1', 'Tanaka');
         INSERT INTO account VALUES (1, 'a', '{\"name\":\"Acme\"}', 10, 20, 7);
         INSERT INTO postponed VALUES (1, 'setup', 'a', 'users', 99, 'user-1', 'meeting');
         INSERT INTO film VALUES (1, 'first', 'v', '{\"clip\":\"first\",\"version\":\"v\"}');
         INSERT INTO desk VALUES (1, 5, '{\"zone\":\"Asia/Tokyo\"}');",
    )
    .unwrap();
    let at = |n| Blob(id(NOON, n));
    db.execute("INSERT INTO guiding VALUES (1, 'a', 'user-1', 30, 1, ?1, 'users', 2)", [at(1)]).unwrap();
    let answer = "INSERT INTO answer VALUES (1, 'a', 'user-1', 'mood-usage', 40, 1, ?1, 'setup', 'usage', 'mood', 4, 'good')";
    db.execute(answer, [at(2)]).unwrap();
    let watched = "INSERT INTO watched VALUES (1, 'a', 'user-1', 'first', 'v', 5, 50, 1, ?1, 30.0, '0-30', 1, '{\"3\":2}')";
    db.execute(watched, [at(3)]).unwrap();
    db.execute("INSERT INTO helping VALUES (1, 'a', 'user-1', 60, 1, ?1, 1, '', 'import')", [at(4)]).unwrap();
}

/// S15: a backup before an upgrade is noted by the newer release, and upgrades nothing.
#[test]
fn s15_a_note_leaves_the_schema_before_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let db = schema(15, &folder);
    SqliteStore::note(folder.path(), sign_in()).unwrap();
    let count = |what: &str| db.query_row(&format!("SELECT {what}"), [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("count(*) FROM security_event"), 1);
    assert_eq!(count("max(version) FROM refinery_schema_history"), 15);
}

/// S34: the way back is a backup from before an upgrade, whichever release makes it.
#[test]
fn s34_a_copy_that_is_verified_stays_of_the_release_that_wrote_it() {
    let folder = tempfile::tempdir().unwrap();
    drop(schema(15, &folder));
    assert_eq!(SqliteStore::verify_copy(folder.path()).unwrap(), Ok(()));
    assert!(SqliteStore::is_of_release_before(folder.path()).unwrap());
}

#[tokio::test]
async fn conversations_of_the_schema_before_are_found_by_the_new_columns() {
    let folder = tempfile::tempdir().unwrap();
    let db = schema_8(&folder);
    fill_the_rest(&db);
    fill_conversations(&db);
    drop(db);
    let store = SqliteStore::open(folder.path()).unwrap();
    let mut waiting = store.unanswered(ONE).await.unwrap();
    waiting.sort_by_key(|one| one.id);
    let steps: Vec<_> = waiting.iter().map(|one| (one.id, one.step.clone())).collect();
    assert_eq!(steps, [(c(1), Some("users".into())), (c(3), None)]);
    let mut waits = store.first_response_times(ONE, 0).await.unwrap();
    waits.sort_by_key(|wait| (wait.asked, wait.answered));
    let times: Vec<_> =
        waits.iter().map(|wait| (wait.asked - NOON, wait.answered.map(|at| at - NOON))).collect();
    assert_eq!(times, [(100, Some(200)), (100, Some(900)), (300, None), (500, None)]);
    let deals =
        waits.iter().find(|wait| wait.answered == Some(NOON + 200)).and_then(|wait| wait.step.clone());
    assert_eq!(deals, Some("deals".into()));
    assert_eq!(
        store.open_per_agent(ONE).await.unwrap(),
        [("sato@example.com".to_owned(), 1)],
        "snoozed is not open"
    );
    let all = store.conversations(ONE, 0, 99).await.unwrap();
    assert_eq!(all.iter().map(|one| one.id).collect::<Vec<_>>(), [c(1), c(2), c(3), c(4), c(5)]);
    assert_eq!((all[0].account.as_str(), all[0].user.as_str()), ("Acme", "Tanaka"));
    let party = Party::Visitor(Visitor { site: ONE, account: "a".into(), user: "user-1".into() });
    let entries = store.log_entries(&party, c(1), Log::Public, 1, 9, 9).await.unwrap().unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(store.search_conversations(ONE, "hello", 9).await.unwrap().len(), 5);
    assert_eq!(store.delete_inactive(ONE, 100, 9).await.unwrap(), 1, "nothing was written since");
    assert_eq!(store.conversations(ONE, 0, 99).await.unwrap().len(), 4);
}

#[tokio::test]
async fn projections_of_the_schema_before_are_read_and_then_rebuilt() {
    let folder = tempfile::tempdir().unwrap();
    let db = schema_8(&folder);
    fill_the_rest(&db);
    drop(db);
    let store = SqliteStore::open(folder.path()).unwrap();
    let (account, user) = ("a".into(), "user-1".into());
    assert_eq!(store.sites().await.unwrap()[0].origins, ["https://app.example.com"]);
    assert_eq!(store.account(ONE, &account).await.unwrap().known.name.as_deref(), Some("Acme"));
    assert_eq!(store.person(ONE, &account, &user).await.unwrap().unwrap().name, "Tanaka");
    assert_eq!(store.guide_position(ONE, &account, &user).await.unwrap().unwrap().stop, 2);
    assert_eq!(store.answered_questions(ONE, &account, &user).await.unwrap()[0].0, "mood-usage");
    let mood = suite::mood();
    assert_eq!(store.survey_counts(ONE, "setup", &mood).await.unwrap()[0].score, 4);
    assert_eq!(store.survey_comments(ONE, "setup", &mood, Vouched::Verified).await.unwrap()[0].text, "good");
    assert_eq!(store.snoozed_steps(ONE, "setup", Vouched::Verified).await.unwrap()[0].reason, "meeting");
    assert_eq!(store.watched_clips(ONE, &account, &user).await.unwrap().get("first").unwrap().at, 30.0);
    assert_eq!(store.clip_viewers(ONE, "first").await.unwrap()[0].returned, [(3, 2)].into());
    assert_eq!(store.help_usage(ONE, "setup", 0).await.unwrap().used.len(), 1);
    assert_eq!(store.support_file(ONE).await.unwrap().map(|(since, _)| since), Some(5));
    assert_eq!(store.operator("sato@example.com").await.unwrap().unwrap().grant, store::Grant::of(vec![ONE]));
    store.checksum().await.unwrap();
    store.rebuild(Box::new(|_, _| ())).await.unwrap();
    assert!(store.account(ONE, &account).await.unwrap().seen.is_none(), "the journal says nothing of it");
}

#[tokio::test]
async fn a_journal_of_the_schema_before_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let db = schema_8(&folder);
    db.execute_batch("INSERT INTO site VALUES (1, 'one', 'pk_one', zeroblob(32), 'secret', NULL, 0)")
        .unwrap();
    // Ids were kept without what stands under them.
    db.execute_batch("ALTER TABLE known ADD COLUMN content INTEGER").unwrap();
    flows::publish(&db, ONE, &flow(5.0, NOON)).unwrap();
    let mut encoder = SegmentEncoder::new().unwrap();
    let records = [fact(ONE, "a", "users", 9.0, NOON + 1, 1), tracked(ONE, "a", "deal", NOON + 2, 2)];
    journal::append(&db, &mut encoder, records.iter()).unwrap();
    db.execute_batch("ALTER TABLE known DROP COLUMN content").unwrap();
    drop(db);
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path()).unwrap());
    projected(&store).await;
    assert_eq!(store.records(ONE, &Mark::start(), 9).await.unwrap().len(), 3);
    let (progress, revision) = store.progress(ONE, &"a".into(), "setup").await.unwrap();
    assert_eq!((progress.steps[&"users".into()].status, revision), (StepStatus::Done, 3));
    let reference = FlowRef { name: "setup".into(), version: 1 };
    assert_eq!(store.funnel_paths(ONE, &reference).await.unwrap().verified[0].completed[0], [NOON + 1]);
    assert_eq!(store.flow_versions(ONE).await.unwrap().len(), 1);
}

#[tokio::test]
async fn s34_a_folder_of_a_newer_release_is_refused_with_a_sentence_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    drop(SqliteStore::open(folder.path()).unwrap());
    let db = connect(&folder.path().join(connection::FILE)).unwrap();
    db.execute("INSERT INTO refinery_schema_history VALUES (999, 'later', '', '0')", []).unwrap();
    let count = |db: &Connection| -> i64 {
        db.query_row("SELECT count(*) FROM refinery_schema_history", [], |row| row.get(0)).unwrap()
    };
    let before = count(&db);
    for open in [SqliteStore::open, SqliteStore::visit] {
        let refused = open(folder.path()).err().unwrap().to_string();
        assert!(
            refused.contains("a newer release (schema 999") && refused.contains("tabiji restore"),
            "{refused}"
        );
    }
    assert_eq!(count(&db), before);
}

/// Each stop of an upgrade leaves a folder that the next start upgrades.
#[tokio::test]
async fn s34_an_upgrade_that_stops_at_any_statement_goes_on_where_it_stood() {
    let mut stops = 0;
    for steps in (1..).step_by(20) {
        let folder = tempfile::tempdir().unwrap();
        let mut db = schema_8(&folder);
        fill_the_rest(&db);
        fill_conversations(&db);
        let left = AtomicU32::new(steps);
        let stop =
            move || left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_err();
        db.progress_handler(20, Some(stop)).unwrap();
        let upgraded = connection::upgrade(&mut db).is_ok();
        drop(db);
        let store = SqliteStore::open(folder.path()).unwrap();
        assert_eq!(store.conversations(ONE, 0, 99).await.unwrap().len(), 5);
        assert_eq!(store.support_file(ONE).await.unwrap().map(|(since, _)| since), Some(5));
        assert_eq!(store.open_per_agent(ONE).await.unwrap().len(), 1);
        if upgraded {
            break;
        }
        stops += 1;
    }
    assert!(stops > 5, "only {stops} stops: the test no longer tests");
}
