//! How long a connection may be without what it is for.

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::collector::*;

#[tokio::test]
async fn s4_half_a_head_and_an_idle_connection_are_closed_and_a_body_that_trickles_is_refused() {
    let collector = collector(|_| {}).await;
    let (mut half, mut idle, mut slow) = (
        collector.from("127.0.0.1").await,
        collector.from("127.0.0.1").await,
        collector.from("127.0.0.1").await,
    );
    write(&mut half, "POST /v1/events HTTP/1.1\r\nhost: x\r\n").await;
    write(&mut slow, &head("/v1/events", 1000, "")).await;
    write(&mut slow, "{").await;
    assert!(stays(&mut half).await && stays(&mut idle).await && stays(&mut slow).await);
    assert_eq!(status(&mut slow).await, 408);
    for stream in [&mut half, &mut idle] {
        assert!(timeout(PATIENCE, stream.read_u8()).await.unwrap().is_err(), "nothing was sent there");
    }
}

#[tokio::test]
async fn s4_an_idle_connection_of_a_trusted_proxy_is_kept_for_longer() {
    let ended = async |stream: &mut TcpStream| {
        let mut rest = Vec::new();
        timeout(PATIENCE, stream.read_to_end(&mut rest)).await.unwrap().unwrap();
    };
    let answered = async |stream: &mut TcpStream| {
        write(stream, &post("")).await;
        let mut read = Vec::new();
        // Its last member ends the answer.
        while !(read.ends_with(b"}") && read.windows(13).any(|part| part == b"\"server_time\"")) {
            read.push(timeout(PATIENCE, stream.read_u8()).await.unwrap().unwrap());
        }
        String::from_utf8(read).unwrap().starts_with("HTTP/1.1 200")
    };
    let collector = collector(|config| {
        config.trusted_proxies = proxies(&["127.0.0.7"]);
        (config.limits.idle_seconds, config.limits.proxy_idle_seconds) = (1, 60);
    })
    .await;
    let mut client = collector.from("127.0.0.1").await;
    let mut proxy = collector.from("127.0.0.7").await;
    assert!(answered(&mut client).await && answered(&mut proxy).await);
    ended(&mut client).await;
    assert!(answered(&mut proxy).await, "the proxy's next request is on its way");
}

#[tokio::test]
async fn s4_an_idle_connection_of_a_trusted_proxy_ends_as_well() {
    let collector = collector(|config| {
        config.trusted_proxies = proxies(&["127.0.0.7"]);
        config.limits.proxy_idle_seconds = 1;
    })
    .await;
    let mut proxy = collector.from("127.0.0.7").await;
    assert_eq!(timeout(PATIENCE, proxy.read(&mut [0])).await.unwrap().unwrap(), 0);
}
