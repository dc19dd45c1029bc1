//! Whose share a connection is: its client's, or a person's with a token.

use std::net::IpAddr;

use serde_json::{Value, json};
use tabiji_server::clock::{Clock, SystemClock};
use tabiji_server::random;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::collector::*;

/// Opens a socket as a page of the site does, and says hello.
async fn socket(
    collector: &Collector,
    from: &str,
    person: &Value,
) -> Result<WebSocketStream<TcpStream>, Error> {
    let address = format!("ws://{}/v1/chat?site=pk_one", collector.address);
    let mut request = address.into_client_request()?;
    request.headers_mut().insert("origin", "https://app.example.com".parse()?);
    let (mut socket, _) = client_async(request, collector.from(from).await).await?;
    let key = if person.is_string() { "tok" } else { "who" };
    let hello = json!({ "t": "hello", "v": 1, "site": "pk_one", key: person });
    futures_util::SinkExt::send(&mut socket, Message::text(hello.to_string())).await?;
    let first = futures_util::StreamExt::next(&mut socket).await.ok_or(Error::ConnectionClosed)??;
    assert!(first.to_string().contains("welcome"), "{first}");
    Ok(socket)
}

fn guest(n: usize) -> Value {
    json!({ "user": format!("u{n}") })
}

#[tokio::test]
async fn s4_sockets_of_invented_guests_are_their_clients_and_those_of_people_with_a_token_are_theirs() {
    let collector = collector(|config| config.limits.connections_per_client = 4).await;
    let mut open = Vec::new();
    for n in 0..4 {
        open.push(socket(&collector, "127.0.0.1", &guest(n)).await.unwrap());
    }
    assert!(socket(&collector, "127.0.0.1", &guest(4)).await.is_err(), "four in one hand");
    assert!(socket(&collector, "127.0.0.2", &guest(4)).await.is_ok());
    open.clear();
    // An office: one address and many people.
    for n in 0..20 {
        open.push(socket(&collector, "127.0.0.3", &token(&format!("u{n}"))).await.unwrap());
    }
}

#[tokio::test]
async fn s4_people_with_a_token_hold_shares_of_their_own_and_no_more_than_one_may() {
    let collector = collector(|config| config.limits.connections_per_client = 4).await;
    let mut held = Vec::new();
    for n in 0..20 {
        let mut stream = collector.from("127.0.0.1").await;
        write(&mut stream, &held_by(&token(&format!("u{}", n % 5)), "")).await;
        assert!(stays(&mut stream).await, "{n}");
        held.push(stream);
    }
    let one_more = held_by(&token("u0"), "");
    assert_eq!(ask(collector.from("127.0.0.1").await, &one_more).await, 503);
    assert_eq!(ask(collector.from("127.0.0.1").await, &post("")).await, 200, "guests beside them");
}

#[tokio::test]
async fn s4_a_stream_through_a_proxy_is_held_until_it_ends() {
    let collector = collector(|config| {
        config.trusted_proxies = proxies(&["127.0.0.1"]);
        config.limits.connections_per_client = 2;
    })
    .await;
    let stream_of = |person: Value, client: &str| {
        let key = if person.is_string() { "tok" } else { "who" };
        let hello = json!({ "t": "hello", "v": 1, "site": "pk_one", key: person }).to_string();
        head("/v1/chat/stream", hello.len(), &format!("x-forwarded-for: {client}\r\n")) + &hello
    };
    let mut open = Vec::new();
    for n in 0..2 {
        let mut stream = collector.from("127.0.0.1").await;
        write(&mut stream, &stream_of(guest(n), "198.51.100.1")).await;
        assert_eq!(status(&mut stream).await, 200);
        open.push(stream);
    }
    let asked = async |client: &str| {
        ask(collector.from("127.0.0.1").await, &post(&format!("x-forwarded-for: {client}\r\n"))).await
    };
    assert_eq!((asked("198.51.100.1").await, asked("198.51.100.2").await), (503, 200));
    open.clear();
    let again = async { while asked("198.51.100.1").await != 200 {} };
    tokio::time::timeout(PATIENCE, again).await.unwrap();
}

#[tokio::test]
async fn s4_slow_pieces_of_files_of_one_client_leave_places_for_others() {
    let collector = collector(|_| {}).await;
    let client = reqwest::Client::builder().local_address("127.0.0.9".parse::<IpAddr>().unwrap());
    let client = client.build().unwrap();
    let upload = async |n: usize| {
        let hello = json!({ "v": 1, "site": "pk_one", "who": guest(n) });
        let id = random::id(SystemClock.now());
        let body = json!({ "hello": hello, "id": id, "name": "a.txt", "size": 1000 }).to_string();
        let url = format!("http://{}/v1/chat/files", collector.address);
        let answer = client.post(url).body(body).send().await.unwrap().text().await.unwrap();
        serde_json::from_str::<Value>(&answer).unwrap()["to"].as_str().unwrap().to_owned()
    };
    let mut slow = Vec::new();
    let piece = |to: &str| head(&format!("/{to}&at=0"), 1000, "");
    for n in 0..16 {
        let mut stream = collector.from("127.0.0.1").await;
        write(&mut stream, &piece(&upload(n).await)).await;
        assert!(stays(&mut stream).await);
        slow.push(stream);
    }
    let whole = piece(&upload(16).await) + &"x".repeat(1000);
    assert_eq!(ask(collector.from("127.0.0.1").await, &whole).await, 503);
    assert_eq!(ask(collector.from("127.0.0.2").await, &whole).await, 200);
}
