//! The chat's own reading and writing against the protocol's form, and its parts that only a browser can run.

use journey::chat_client::{Destination, OutboxStorage, Outgoing};
use journey::search::{Searchable, rank};
use protocol::chat::{
    Attachment, CallbackRequest, ClientFrame, ClipMoment, Envelope, LogEntry, LogEntryBody, Message,
    RequestCallback, SendMessage, ServerFrame, VisitorContext,
};
use protocol::ids::{ConversationId, EventId};
use protocol::widget::ArticlesReply;
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::amount::amount;
use super::bridge::iso;
use super::storage::StoredOutbox;
use super::{encode, hours};
use crate::browser;
use crate::browser::fold;
use crate::wire::{Json, Read, print};

const ID: &str = "01930000-0000-7000-8000-000000000001";

fn read<T: Read>(text: &str) -> T {
    T::read(&Json::parse(text).unwrap()).unwrap()
}

#[wasm_bindgen_test]
fn frames_read_as_the_protocol_reads_them() {
    let bodies = [
        r#""kind":"message","body":{"text":"はい","clip":{"clip":"c","from":72},"step":"users","quick":["a"],"file":{"id":"ID","name":"a.png","size":7,"kind":"image/png"}}"#,
        r#""kind":"callback","body":{"phone":"03-1234-5678","windows":[[1,2]]}"#,
        r#""kind":"handed","body":{"agent":{"side":"agent","name":"佐藤"}}"#,
        r#""kind":"claimed""#,
        r#""kind":"escalated""#,
        r#""kind":"called""#,
        r#""kind":"resolved""#,
        r#""kind":"reopened""#,
    ];
    for body in bodies {
        let text = format!(
            r#"{{"t":"event","c":"ID","log":"pub","seq":4,"mid":"ID","author":{{"side":"agent","name":"佐藤"}},"at":5,{body}}}"#
        );
        let text = text.replace("ID", ID);
        assert_eq!(read::<ServerFrame>(&text), serde_json::from_str(&text).unwrap(), "{text}");
    }
    let frames = [
        r#"{"t":"cursor","c":"ID","who":"agent","read":3}"#,
        r#"{"t":"nack","mid":"ID","code":"busy","retry_after":2}"#,
        r#"{"t":"typing","c":"ID","on":true,"author":{"side":"agent","name":"佐藤"}}"#,
        r#"{"t":"gap","c":"ID","log":"pub","floor":1,"head":9}"#,
    ];
    for text in frames {
        let text = text.replace("ID", ID);
        assert_eq!(read::<ServerFrame>(&text), serde_json::from_str(&text).unwrap(), "{text}");
    }
}

#[wasm_bindgen_test]
fn a_welcome_brings_hours_and_heads() {
    let text = r#"{"t":"welcome","epoch":"e","srv_time":1,"hb":25,"limits":4000,
        "hours":{"until":5,"opens":9,"answers":3,"call_by":7,"calls":[[1,2]]},
        "teams":[{"steps":["users"],"hours":{"answers":1}}],
        "heads":[{"c":"ID","seq":4,"read":2,"unread":1,"seen":3,"standing":"resolved"}]}"#
        .replace("ID", ID);
    let (ServerFrame::Welcome(ours), Ok(ServerFrame::Welcome(theirs))) =
        (read(&text), serde_json::from_str(&text))
    else {
        panic!("no welcome");
    };
    assert_eq!((ours.epoch, ours.hours, ours.teams), (theirs.epoch, theirs.hours, theirs.teams));
    assert_eq!(
        (ours.conversations[0].id, ours.conversations[0].seq, ours.conversations[0].read),
        (theirs.conversations[0].id, 4, 2)
    );
    assert_eq!(ours.conversations[0].status, theirs.conversations[0].status);
}

#[wasm_bindgen_test]
fn a_kind_that_is_newer_than_this_widget_takes_its_place() {
    let text = r#"{"c":"ID","seq":1,"mid":"ID","author":{"side":"robot"},"at":5,"kind":"sung","body":1}"#;
    assert_eq!(read::<LogEntry>(&text.replace("ID", ID)).seq, 1);
}

fn sent(frame: &ClientFrame) -> ClientFrame {
    serde_json::from_str(&print(&encode::frame(frame))).unwrap()
}

#[wasm_bindgen_test]
fn what_is_sent_reads_as_what_was_meant() {
    let id = EventId::parse(ID).unwrap();
    let conversation = ConversationId(id);
    let file = Attachment { id, name: "a\"b.png".into(), size: 7, kind: "image/png".into() };
    let context = Some(VisitorContext {
        page: "/users".into(),
        step: Some("users".into()),
        step_open_for: Some(5),
        error: "形が違います".into(),
        clip: Some(ClipMoment { clip: "c".into(), from: 3 }),
        article: "a".into(),
        locale: "ja".into(),
    });
    let body = Message { text: "語\"\n".into(), file: Some(file), ..Message::default() };
    let windows = vec![[1, 2], [3, 4]];
    let frames = [
        ClientFrame::Send(SendMessage {
            envelope: Envelope {
                id,
                conversation: Some(conversation),
                conversation_key: None,
                context: context.clone(),
            },
            body,
        }),
        ClientFrame::Callback(RequestCallback {
            envelope: Envelope { id, conversation: None, conversation_key: Some(id), context },
            phone: "03".into(),
            windows,
        }),
        ClientFrame::Read { conversation, seq: 3 },
        ClientFrame::Typing { conversation, on: true },
        ClientFrame::Sync { conversation, log: Default::default(), from: 1, to: 2 },
        ClientFrame::Token { token: "t".into() },
        ClientFrame::Csat { id, conversation, score: 4, comment: "よい".into() },
        ClientFrame::Ping,
    ];
    for frame in &frames {
        assert_eq!(&sent(frame), frame);
    }
}

#[wasm_bindgen_test]
fn unsent_messages_are_stored_as_releases_before_wrote_them() {
    let id = EventId::parse(ID).unwrap();
    let storage = StoredOutbox::new("pk|tester|");
    let message = Outgoing {
        id,
        body: LogEntryBody::Message(Message { text: "はい".into(), ..Message::default() }),
        key: id,
        at: 5,
        to: Some(Destination::Key(id)),
        failed: Some("too_large".into()),
        acked: false,
    };
    assert!(storage.put(&message));
    let key = format!("tabiji:chat:pk|tester|:{ID}");
    let stored: Value = serde_json::from_str(&browser::recall(&key).unwrap()).unwrap();
    let expected = serde_json::json!({ "mid": ID, "text": "はい", "key": ID, "at": 5, "to": { "ck": ID }, "failed": "too_large" });
    assert_eq!(stored, expected);
    assert_eq!(storage.load().unwrap(), [message]);
    let call = format!(r#"{{"mid":"{ID}","call":{{"phone":"03","windows":[[1,2]]}},"key":"{ID}","at":5}}"#);
    let expected = CallbackRequest { phone: "03".into(), windows: vec![[1, 2]], step: None };
    assert_eq!(read::<Outgoing>(&call).body, LogEntryBody::Callback(expected));
    storage.delete(id);
    assert!(storage.load().unwrap().is_empty());
}

#[wasm_bindgen_test]
fn articles_read_as_the_protocol_reads_them() {
    let text = r#"{"articles":[{"id":"a","steps":["users"],"title":"t","text":[{"p":[{"t":"x","b":true}]},
        {"ul":[[{"t":"y","to":"step:users"}]]},{"ol":[]},{"h":[]}]}]}"#;
    let theirs: ArticlesReply = serde_json::from_str(text).unwrap();
    let ours: Vec<protocol::widget::RenderedArticle> = Json::parse(text).unwrap().get("articles").unwrap();
    assert_eq!(ours, theirs.articles);
}

#[wasm_bindgen_test]
fn a_question_in_other_words_finds_its_article_first() {
    let articles = [
        ("ユーザーを追加するには", "管理画面のユーザーから、メールアドレスを入れて招待します。"),
        ("請求書はどこで見られますか", "設定の「お支払い」から PDF で保存できます。"),
        ("How do I import deals?", "Open Deals, choose Import and pick a CSV file."),
    ];
    let letters = articles.map(|(title, text)| Searchable::new(&fold(title), &fold(text)));
    let found = |question: &str| rank(&fold(question), letters.len(), |at| letters.get(at));
    for (question, first) in [
        ("ユーザーの追加", 0),
        ("ﾕｰｻﾞｰ追加したい", 0),
        ("請求書", 1),
        ("pdf", 1),
        ("importing deals", 2),
        ("払", 1),
    ] {
        assert_eq!(found(question).first(), Some(&first), "{question}");
    }
    for nothing in ["天気予報", "zebra", "何", "？"] {
        assert!(found(nothing).is_empty(), "{nothing}");
    }
    assert_eq!(fold("　ＣＳＶ  File "), "csvfile");
}

#[wasm_bindgen_test]
fn amounts_and_moments_are_said_as_people_say_them() {
    assert_eq!([amount(1), amount(1_700_000), amount(32 << 20)], ["1 KB", "1.6 MB", "32.0 MB"]);
    assert!(hours::moment(0, "en").contains("1970") || hours::moment(0, "en").contains("January 1"));
    assert_eq!(iso(0.0), "1970-01-01T00:00:00.000Z");
}
