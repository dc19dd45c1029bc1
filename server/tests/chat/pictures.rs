//! Pictures of agents: who may set one, who is sent it, and when it is gone.

use protocol::chat::{LogEntryBody, Message};
use protocol::console::{AgentAction, ComposerOptions};
use reqwest::{Method, Response, StatusCode};
use store::Grant;

use crate::collector::{Collector, collector, hello, message, new_id};

/// A small JPEG.
const JPEG: &[u8] = include_bytes!("../../src/uploads/strip_metadata/jpeg/pictures/baseline.jpg");

impl Collector {
    async fn own_picture(&self, method: Method, cookie: &str, content: &[u8]) -> Response {
        let url = format!("http://{}/api/profile/picture", self.address);
        let request = self.http.request(method, url).header("cookie", format!("tabiji={cookie}"));
        request.body(content.to_vec()).send().await.unwrap()
    }

    async fn shown(&self, address: &str) -> Response {
        self.http.get(format!("http://{}/{address}", self.address)).send().await.unwrap()
    }

    async fn options(&self, cookie: &str, site: &str) -> ComposerOptions {
        let url = format!("http://{}/api/pointers?site={site}", self.address);
        let request = self.http.get(url).header("cookie", format!("tabiji={cookie}"));
        request.send().await.unwrap().json().await.unwrap()
    }
}

#[tokio::test]
async fn a_customer_is_sent_the_picture_of_who_answers_until_it_is_removed() {
    let collector = collector().await;
    let cookie = collector.sign_in().await;
    assert_eq!(collector.own_picture(Method::GET, &cookie, b"").await.status(), StatusCode::NO_CONTENT);
    assert_eq!(collector.own_picture(Method::PUT, &cookie, JPEG).await.status(), StatusCode::NO_CONTENT);
    let own = collector.own_picture(Method::GET, &cookie, b"").await;
    assert!(
        own.url().path().starts_with("/v1/pictures/"),
        "{}: where no cookie of the console is sent",
        own.url()
    );
    assert_eq!(own.bytes().await.unwrap(), JPEG);
    // Asked and answered: the answer has the picture's address, the question none, and nobody's e-mail address is sent.
    let mut client = collector.enter(hello("tanaka")).await;
    let id = new_id();
    client.say(&message(id, None, id, "保存できません")).await;
    let (c, ..) = client.ack(id).await;
    assert_eq!(client.line().await.picture, None);
    let body = LogEntryBody::Message(Message { text: "はい".into(), ..Message::default() });
    collector.agent_by(&cookie, c, &AgentAction { id: new_id(), body }).await;
    let answer = client.line().await;
    assert_eq!(answer.author.id, "");
    let address = answer.picture.unwrap();
    assert!(!address.contains('@'), "{address}");
    let shown = collector.shown(&address).await;
    let header = |name: &str| shown.headers().get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "image/jpeg");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(shown.bytes().await.unwrap(), JPEG);
    // Colleagues see it as well.
    assert_eq!(
        collector.options(&cookie, "pk_one").await.pictures,
        [("sato@example.com".into(), address.clone())]
    );
    // Removed, it is gone, also at the address that was sent.
    assert_eq!(collector.own_picture(Method::DELETE, &cookie, b"").await.status(), StatusCode::NO_CONTENT);
    assert_eq!(collector.shown(&address).await.status(), StatusCode::NOT_FOUND);
    let mut again = collector.enter(hello("tanaka")).await;
    assert_eq!((again.line().await.picture, again.line().await.picture), (None, None));
}

#[tokio::test]
async fn a_picture_of_one_site_is_no_picture_of_another() {
    let collector = collector().await;
    let sites = collector.app.store.sites().await.unwrap();
    let cookie = collector.sign_in_as("mori@example.com", Grant::of(vec![sites[0].id])).await;
    assert_eq!(collector.own_picture(Method::PUT, &cookie, JPEG).await.status(), StatusCode::NO_CONTENT);
    let everywhere = collector.sign_in().await;
    let [(_, address)] = &collector.options(&everywhere, "pk_one").await.pictures[..] else { panic!("one") };
    assert_eq!(collector.options(&everywhere, "pk_two").await.pictures, []);
    // The signature is for this site, this picture, and this time.
    assert_eq!(collector.shown(address).await.status(), StatusCode::OK);
    let id = address.split(['/', '?']).nth(3).unwrap();
    let forged = [
        address.replace("pk_one", "pk_two"),
        address.replace(id, &"0".repeat(id.len())),
        address.replace("until=", "until=9"),
        address.split('?').next().unwrap().to_owned(),
    ];
    for forged in forged {
        assert_eq!(collector.shown(&forged).await.status(), StatusCode::NOT_FOUND, "{forged}");
    }
    // An operator who no longer sees the site, or is removed, is shown there no longer.
    collector.app.store.set_grant("mori@example.com", Grant::of(vec![sites[1].id])).await.unwrap();
    assert_eq!(collector.shown(address).await.status(), StatusCode::NOT_FOUND);
    collector.app.store.set_grant("mori@example.com", Grant::ALL).await.unwrap();
    assert_eq!(collector.shown(address).await.status(), StatusCode::OK);
    collector.app.store.remove_operator("mori@example.com").await.unwrap();
    assert_eq!(collector.shown(address).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn strangers_and_other_files_set_no_picture() {
    let collector = collector().await;
    let cookie = collector.sign_in().await;
    let status = async |cookie: &str, content: &[u8]| {
        collector.own_picture(Method::PUT, cookie, content).await.status().as_u16()
    };
    assert_eq!(status("nobody", JPEG).await, 401);
    assert_eq!(
        status(&cookie, b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>").await,
        415
    );
    assert_eq!(status(&cookie, b"").await, 415);
    assert_eq!(status(&cookie, &vec![0xff; 64 * 1024 + 1]).await, 413);
    // A page of another origin sets none in the name of who is signed in.
    let url = format!("http://{}/api/profile/picture", collector.address);
    let request = collector.http.put(url).header("cookie", format!("tabiji={cookie}"));
    let foreign = request.header("origin", "https://evil.example").header("sec-fetch-site", "cross-site");
    assert_eq!(foreign.body(JPEG).send().await.unwrap().status(), StatusCode::FORBIDDEN);
    assert_eq!(collector.own_picture(Method::GET, &cookie, b"").await.status(), StatusCode::NO_CONTENT);
}
