//! Files beside messages: brought in pieces, kept clean, and fetched by those who may read them.

use std::sync::Arc;

use protocol::chat::{
    Attachment, ClientFrame, DownloadLink, DownloadRequest, Envelope, Hello, LogEntryBody, Message,
    NackReason, SendMessage, UploadProgress, UploadRequest, UploadTarget, limits as chat_limits,
};
use protocol::console::{AgentAction, SearchHit};
use protocol::ids::{ConversationId, EventId};
use reqwest::{Response, StatusCode};
use serde::Serialize;
use tabiji_server::chat::retention::delete_expired;
use tabiji_server::clock::SystemClock;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::collector::{APP, Collector, ManualClock, collector, collector_at, collector_with, hello, new_id};

impl Collector {
    async fn post(&self, path: &str, body: &impl Serialize) -> Response {
        let url = format!("http://{}/{path}", self.address);
        self.http.post(url).header("origin", APP).json(body).send().await.unwrap()
    }

    async fn place(
        &self,
        user: &str,
        id: EventId,
        name: &str,
        size: usize,
    ) -> Result<UploadTarget, StatusCode> {
        let ask = UploadRequest { hello: hello(user), id, name: name.into(), size: size as u64 };
        let answer = self.post("v1/chat/files", &ask).await;
        if answer.status().is_success() { Ok(answer.json().await.unwrap()) } else { Err(answer.status()) }
    }

    async fn piece(&self, to: &str, at: u64, piece: &[u8]) -> Result<UploadProgress, StatusCode> {
        let url = format!("http://{}/{to}&at={at}", self.address);
        let answer = self.http.post(url).body(piece.to_vec()).send().await.unwrap();
        if answer.status().is_success() { Ok(answer.json().await.unwrap()) } else { Err(answer.status()) }
    }

    /// Brings what is missing of a file.
    async fn bring(
        &self,
        user: &str,
        id: EventId,
        name: &str,
        content: &[u8],
    ) -> Result<Attachment, StatusCode> {
        let UploadTarget { url: to, chunk_bytes: piece, progress: mut at } =
            self.place(user, id, name, content.len()).await?;
        while at.file.is_none() {
            let from = usize::try_from(at.offset).unwrap();
            let end = content.len().min(from + usize::try_from(piece).unwrap());
            at = self.piece(&to, at.offset, &content[from..end]).await?;
        }
        Ok(at.file.unwrap())
    }

    async fn link(
        &self,
        hello: Hello,
        conversation: ConversationId,
        id: EventId,
    ) -> Result<String, StatusCode> {
        let answer = self.post("v1/chat/files/link", &DownloadRequest { hello, conversation, id }).await;
        if !answer.status().is_success() {
            return Err(answer.status());
        }
        Ok(answer.json::<DownloadLink>().await.unwrap().url)
    }

    async fn fetch(&self, path: &str) -> Response {
        self.http.get(format!("http://{}/{path}", self.address)).send().await.unwrap()
    }

    /// Whatever stands in the folder of the site's files.
    fn kept(&self) -> usize {
        std::fs::read_dir(self.folder.path().join("files/1")).map_or(0, Iterator::count)
    }
}

fn with_file(entry: EventId, conversation: Option<ConversationId>, id: EventId) -> ClientFrame {
    // What a client says of a file is not believed.
    let file = Attachment { id, name: "lie.exe".into(), size: 1, kind: "text/html".into() };
    let body = Message { file: Some(file), ..Message::default() };
    let envelope = Envelope { id: entry, conversation, conversation_key: Some(entry), context: None };
    ClientFrame::Send(SendMessage { envelope, body })
}

#[tokio::test]
async fn c35_a_file_is_fetched_by_those_who_may_read_it_for_a_while() {
    let clock = ManualClock::at("2026-11-24T10:00");
    let collector = collector_at(clock.clone()).await;
    let mut client = collector.enter(hello("tanaka")).await;
    let (id, said) = (new_id(), new_id());
    let content = "氏名,メール\r\n".as_bytes();
    let file = collector.bring("tanaka", id, "../顧客 一覧.csv", content).await.unwrap();
    assert_eq!((file.name.as_str(), file.kind.as_str()), ("顧客 一覧.csv", "text/plain"));
    // Nobody else can say it, not even an agent.
    let mut suzuki = collector.enter(hello("suzuki")).await;
    let theirs = new_id();
    suzuki.say(&with_file(theirs, None, id)).await;
    assert_eq!(suzuki.nack(theirs).await, NackReason::NoFile);
    client.say(&with_file(said, None, id)).await;
    let (c, ..) = client.ack(said).await;
    let line = client.line().await;
    assert_eq!(line.body, LogEntryBody::Message(Message { file: Some(file.clone()), ..Message::default() }));
    let answer = AgentAction { id: new_id(), body: line.body.clone() };
    assert!(matches!(
        collector.agent(c, &answer).await,
        protocol::chat::ServerFrame::Nack { reason: NackReason::NoFile, .. }
    ));
    // Their own message is found by the file's name; the same file goes into no other conversation.
    assert_eq!(collector.all().await[0].state.excerpt, "顧客 一覧.csv");
    let elsewhere = new_id();
    client.say(&with_file(elsewhere, None, id)).await;
    assert_eq!(client.nack(elsewhere).await, NackReason::NoFile);
    // An address is for this file in this conversation.
    let url = collector.link(hello("tanaka"), c, id).await.unwrap();
    let answer = collector.fetch(&url).await;
    assert_eq!(answer.status(), 200);
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert!(header("content-disposition").starts_with("attachment; filename*=UTF-8''%E9%A1%A7"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(header("cache-control"), "private, no-store");
    assert_eq!(answer.bytes().await.unwrap(), content);
    for (wrong, other) in [
        (collector.link(hello("suzuki"), c, id).await, "another person"),
        (collector.link(hello("tanaka"), ConversationId(new_id()), id).await, "no such conversation"),
        (collector.link(hello("tanaka"), c, new_id()).await, "a guessed id"),
    ] {
        assert_eq!(wrong, Err(StatusCode::NOT_FOUND), "{other}");
    }
    let (path, query) = url.split_once('?').unwrap();
    let guessed = path.replace(&id.to_string(), &new_id().to_string());
    for wrong in [
        path.to_owned(),
        format!("{guessed}?{query}"),
        format!("{}?{query}", path.replace(&c.0.to_string(), &new_id().to_string())),
        format!("{}?{query}", path.replace("pk_one", "pk_two")),
        format!("{path}?{}", query.replace("until=1", "until=2")),
        format!("{path}?{}{}", &query[..query.len() - 1], if query.ends_with('0') { '1' } else { '0' }),
    ] {
        let status = collector.fetch(&wrong).await.status();
        assert!(status == 404 || status == 400 || wrong.ends_with(query), "{wrong}: {status}");
        assert_ne!(status, 200, "{wrong}");
    }
    // Shared outside, it is over in ten minutes.
    clock.set("2026-11-24T10:10");
    assert_eq!(collector.fetch(&url).await.status(), 404);
    // An agent is led to it, a stranger is not.
    let inbox = format!("api/inbox/{}/files/{id}?site=pk_one", c.0);
    assert_eq!(collector.fetch(&inbox).await.status(), 401);
    let request = collector.http.get(format!("http://{}/{inbox}", collector.address));
    let answer =
        request.header("cookie", format!("tabiji={}", collector.sign_in().await)).send().await.unwrap();
    assert_eq!(answer.bytes().await.unwrap(), content);
}

#[tokio::test]
async fn c36_an_upload_that_is_cut_goes_on_where_it_stopped() {
    let collector = collector().await;
    let content: Vec<u8> = (0..30 * 1024 * 1024).map(|n| b"0123456789abcdef\n"[n % 17]).collect();
    let (id, cut) = (new_id(), content.len() * 4 / 5);
    let UploadTarget { url: to, chunk_bytes: piece, progress: at } =
        collector.place("tanaka", id, "log.txt", content.len()).await.unwrap();
    let mut at = at.offset;
    while at < cut as u64 {
        let from = usize::try_from(at).unwrap();
        at = collector
            .piece(&to, at, &content[from..from + usize::try_from(piece).unwrap()])
            .await
            .unwrap()
            .offset;
    }
    // The line is cut in the middle of a piece.
    let mut line = TcpStream::connect(&collector.address).await.unwrap();
    let head = format!("POST /{to}&at={at} HTTP/1.1\r\nhost: x\r\ncontent-length: {piece}\r\n\r\n");
    line.write_all(head.as_bytes()).await.unwrap();
    line.write_all(&content[..1000]).await.unwrap();
    drop(line);
    // A piece that was lost or doubled on the way changes nothing, and the answer says where it goes on.
    let again = collector.piece(&to, 0, &content[..1000]).await.unwrap();
    assert_eq!(again, UploadProgress { offset: at, file: None });
    let file = collector.bring("tanaka", id, "log.txt", &content).await.unwrap();
    assert_eq!(std::fs::read(collector.folder.path().join(format!("files/1/{id}"))).unwrap(), content);
    assert_eq!(collector.bring("tanaka", id, "log.txt", &content).await, Ok(file), "again is the same");
    assert_eq!(collector.kept(), 1, "no piece is left");
    // To know an id is not to be its uploader, and an id is one file.
    assert_eq!(collector.place("suzuki", id, "log.txt", content.len()).await, Err(StatusCode::NOT_FOUND));
    let half = new_id();
    collector.place("tanaka", half, "a.txt", 10).await.unwrap();
    assert_eq!(collector.place("tanaka", half, "b.txt", 10).await, Err(StatusCode::NOT_FOUND));
    assert_eq!(
        collector.place("tanaka", new_id(), "x", usize::try_from(chat_limits::FILE).unwrap() + 1).await,
        Err(StatusCode::PAYLOAD_TOO_LARGE)
    );
    let to = collector.place("tanaka", half, "a.txt", 10).await.unwrap().url;
    assert_eq!(collector.piece(&to, 0, b"eleven byte").await, Err(StatusCode::PAYLOAD_TOO_LARGE));
    assert_eq!(collector.piece(&to.replace("sign=", "sign=0"), 0, b"x").await, Err(StatusCode::NOT_FOUND));
}

#[tokio::test]
async fn c36_what_is_never_sent_is_gone_after_a_day_and_there_is_an_end_of_room() {
    let clock = ManualClock::at("2026-11-24T10:00");
    let collector = collector_with(clock.clone(), |config| config.limits.files_mib = 4).await;
    let mut client = collector.enter(hello("tanaka")).await;
    let (sent, orphan, half) = (new_id(), new_id(), new_id());
    collector.bring("tanaka", sent, "a.txt", &[b'a'; 300_000]).await.unwrap();
    collector.bring("tanaka", orphan, "b.txt", &[b'b'; 300_000]).await.unwrap();
    let to = collector.place("suzuki", half, "c.txt", 300_000).await.unwrap().url;
    collector.piece(&to, 0, &[b'c'; 1000]).await.unwrap();
    // What is promised counts as what is there.
    let full = collector.place("suzuki", new_id(), "d.txt", 300_000).await;
    assert_eq!(full, Err(StatusCode::INSUFFICIENT_STORAGE), "guests have a quarter");
    for n in 0..12 {
        let small = collector.place("mori", new_id(), "e.txt", 1).await;
        let expected = if n < 10 { Ok(()) } else { Err(StatusCode::INSUFFICIENT_STORAGE) };
        assert_eq!(small.map(drop), expected, "file {n} that is not sent");
    }
    let said = new_id();
    client.say(&with_file(said, None, sent)).await;
    let (c, ..) = client.ack(said).await;
    clock.set("2026-11-24T11:59");
    delete_expired(&collector.app).await.unwrap();
    assert_eq!(collector.kept(), 3, "two hours are not over");
    clock.set("2026-11-24T12:01");
    delete_expired(&collector.app).await.unwrap();
    assert_eq!(collector.kept(), 2, "what was not brought to its end is gone");
    clock.set("2026-11-25T09:59");
    delete_expired(&collector.app).await.unwrap();
    assert_eq!(collector.kept(), 2, "a day is not over");
    clock.set("2026-11-25T10:01");
    delete_expired(&collector.app).await.unwrap();
    assert_eq!(collector.kept(), 1, "only what was sent is left");
    assert!(collector.link(hello("tanaka"), c, sent).await.is_ok());
    assert_eq!(collector.piece(&to, 1000, b"more").await, Err(StatusCode::NOT_FOUND));
    // A deleted upload starts from its first byte.
    let to = collector.place("suzuki", half, "c.txt", 300_000).await.unwrap().url;
    collector.piece(&to, 0, &[b'c'; 1000]).await.unwrap();
    let back = format!("http://{}/{}", collector.address, to.replace('?', "/drop?"));
    assert_eq!(collector.http.post(back).send().await.unwrap().status(), 204);
    assert_eq!(collector.kept(), 1);
    assert_eq!(collector.place("suzuki", half, "d.txt", 5).await.unwrap().progress.offset, 0);
}

/// A JPEG as libjpeg writes it.
const PICTURE: &[u8] = include_bytes!("../../src/uploads/strip_metadata/jpeg/pictures/baseline.jpg");

/// The same with a place in it, before the picture and behind its last scan, from a phone that was held upright.
fn photo() -> Vec<u8> {
    let mut exif = Vec::from(*b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0");
    exif.extend(*b"GPSLatitude 35.6812");
    let (start, rest) = PICTURE.split_at(4 + usize::from(PICTURE[5]));
    let mut photo = start.to_vec();
    let mut segment = |marker: u8, content: &[u8]| {
        photo.extend([0xff, marker]);
        photo.extend(u16::try_from(content.len() + 2).unwrap().to_be_bytes());
        photo.extend(content);
    };
    segment(0xe1, &exif);
    segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<GPSLatitude>35.6812</GPSLatitude>");
    segment(0xed, b"Photoshop 3.0\0GPSLatitude");
    segment(0xfe, b"GPSLatitude");
    photo.extend(&rest[..rest.len() - 2]);
    photo.extend(b"GPSLatitude\xff\0\xff\xd9");
    photo
}

#[tokio::test]
async fn c36_no_picture_tells_where_it_was_taken() {
    let collector = collector_at(Arc::new(SystemClock)).await;
    let id = new_id();
    let file = collector.bring("tanaka", id, "IMG_1.jpg", &photo()).await.unwrap();
    assert_eq!(file.kind, "image/jpeg");
    let kept = std::fs::read(collector.folder.path().join(format!("files/1/{id}"))).unwrap();
    assert_eq!(file.size, kept.len() as u64);
    let has = |word: &[u8]| kept.windows(word.len()).any(|part| part == word);
    assert!(!has(b"GPSLatitude"), "the place is gone");
    let rest = &PICTURE[4 + usize::from(PICTURE[5])..];
    assert!(has(b"JFIF") && has(rest), "the picture is not");
    assert!(has(b"\x01\x12\0\x03\0\0\0\x01\0\x06"), "and which way is up is known");
    // What it is shows its content, not its name.
    for bad in ["<html><script>alert(1)</script>", "<svg xmlns='http://www.w3.org/2000/svg'/>", "MZ\0\0"] {
        let refused = collector.bring("tanaka", new_id(), "photo.jpg", bad.as_bytes()).await;
        assert_eq!(refused, Err(StatusCode::UNSUPPORTED_MEDIA_TYPE), "{bad}");
    }
    let torn = &photo()[..20];
    let refused = collector.bring("tanaka", new_id(), "torn.jpg", torn).await;
    assert_eq!(refused, Err(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    assert_eq!(collector.kept(), 1);
}

/// An erased user is gone from messages, notes, files and searches, and a receipt says so.
#[tokio::test]
async fn s24_who_is_erased_is_gone_from_messages_files_and_search() {
    let collector = collector().await;
    let mut client = collector.enter(hello("tanaka")).await;
    let (id, said) = (new_id(), new_id());
    collector.bring("tanaka", id, "secret.txt", b"a secret").await.unwrap();
    collector.bring("tanaka", new_id(), "never.txt", b"never sent").await.unwrap();
    client.say(&with_file(said, None, id)).await;
    let (c, ..) = client.ack(said).await;
    let note = LogEntryBody::Note(Message { text: "about a secret".into(), ..Message::default() });
    collector.agent(c, &AgentAction { id: new_id(), body: note }).await;
    let mut other = collector.enter(hello("suzuki-tanaka")).await;
    let theirs = new_id();
    other.say(&crate::collector::message(theirs, None, theirs, "a secret, too")).await;
    let (c2, ..) = other.ack(theirs).await;
    let link = collector.link(hello("tanaka"), c, id).await.unwrap();
    let url = format!("http://{}/v1/users/tanaka", collector.address);
    let erase = async |key: &str| collector.http.delete(&url).bearer_auth(key).send().await.unwrap();
    assert_eq!(erase("sk_wrong").await.status(), 401);
    assert_eq!(erase("pk_one").await.status(), 401);
    let nothing: serde_json::Value = erase("sk_two").await.json().await.unwrap();
    assert_eq!(nothing["conversations"], 0, "another site's person is another person");
    let receipt: serde_json::Value = erase("sk_one").await.json().await.unwrap();
    let counts = ["conversations", "lines", "files"].map(|name| receipt[name].as_u64().unwrap());
    assert_eq!((counts, receipt["user"].as_str()), ([1, 2, 2], Some("tanaka")));
    assert_eq!(collector.kept(), 0);
    assert_eq!(collector.fetch(&link).await.status(), 404, "an address that was good is not any more");
    assert_eq!(collector.all().await.iter().map(|one| one.id).collect::<Vec<_>>(), [c2]);
    let found = format!("http://{}/api/inbox/search?site=pk_one&q=secret", collector.address);
    let request = collector.http.get(found).header("cookie", format!("tabiji={}", collector.sign_in().await));
    let hits = request.send().await.unwrap().json::<Vec<SearchHit>>().await.unwrap();
    assert_eq!(hits.iter().map(|hit| hit.conversation).collect::<Vec<_>>(), [c2]);
}
