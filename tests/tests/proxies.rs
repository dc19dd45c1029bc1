//! The collector behind proxies as people install them: everything works, or `tabiji doctor` says what to set.

use std::cell::Cell;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Error, Result, bail, ensure};
use reqwest::{Response, StatusCode, Version};
use serde_json::{Value, json};
use tabiji_tests::{
    ALWAYS, Browser, Console, Proxy, ReverseProxy, Stack, Widget, binary, demo_flow, fresh_id, now,
};
use thirtyfour::prelude::*;

/// Within this time, what is sent at once has arrived on a busy machine; no proxy holds anything back for less.
const AT_ONCE: Duration = Duration::from_secs(10);
/// Bytes of a file that is sent.
const FILE: usize = 5 * 1024 * 1024;

/// A collector with flow and clip, and an address through which it is used.
struct Through {
    stack: Stack,
    url: String,
    _proxy: ReverseProxy,
    port: u16,
    origin: String,
}

impl Through {
    /// Through a proxy, below a path of it.
    async fn new(proxy: Proxy, path: &str) -> Result<Self> {
        let (stack, ports) = Stack::start(1).await?;
        stack.publish(&demo_flow())?;
        stack.add_clip()?;
        let proxy = proxy.before(&stack.url(), path).await?;
        Ok(Self {
            stack,
            url: proxy.url.clone(),
            _proxy: proxy,
            port: ports[0],
            origin: format!("http://127.0.0.1:{}", ports[0]),
        })
    }

    /// Through a proxy, below a path of it; the collector knows this address.
    async fn below(proxy: Proxy, path: &str) -> Result<Self> {
        let mut through = Self::new(proxy, path).await?;
        through.stack.configure(&format!("public_url = \"{}\"\n", through.url))?;
        through.stack.stop_collector()?;
        through.stack.start_collector().await?;
        Ok(through)
    }

    fn who(&self) -> Result<Value> {
        let (site, token) = (self.stack.key("public_key"), self.stack.token("tanaka", "acct-1")?);
        Ok(json!({ "site": site, "token": token, "locale": "ja" }))
    }

    fn hello(&self) -> Result<Value> {
        let (site, token) = (self.stack.key("public_key"), self.stack.token("tanaka", "acct-1")?);
        Ok(json!({ "v": 1, "site": site, "tok": token }))
    }

    /// Posts as the page of the site does.
    async fn post(&self, path: &str, body: &Value) -> Result<Response> {
        let request = self.stack.client.post(format!("{}{path}", self.url)).json(body);
        Ok(request.header("origin", &self.origin).send().await?)
    }

    async fn asked(&self, path: &str, body: &Value) -> Result<Value> {
        let answer = self.post(path, body).await?;
        ensure!(answer.status() == StatusCode::OK, "{path}: {} {}", answer.status(), answer.text().await?);
        Ok(answer.json().await?)
    }

    /// The script tag's file, its address as pages have it.
    async fn script_tag_works(&self) -> Result<()> {
        let answer = self.stack.client.get(format!("{}/tabiji.js", self.url)).send().await?;
        ensure!(answer.status() == StatusCode::OK, "tabiji.js: {}", answer.status());
        ensure!(answer.headers()["content-type"].to_str()?.contains("javascript"), "tabiji.js is no script");
        ensure!(answer.text().await?.contains("widget"), "tabiji.js is another file");
        Ok(())
    }

    async fn events_arrive(&self) -> Result<()> {
        let id = fresh_id();
        let event = json!({ "id": id, "at": now(), "session": id, "n": 1, "kind": "custom", "data": { "name": "x" } });
        let mut body = self.who()?;
        (body["sent_at"], body["events"]) = (json!(now()), json!([event]));
        assert_eq!(self.asked("/v1/events", &body).await?["results"][0]["outcome"], "stored");
        Ok(())
    }

    /// A message is acknowledged, and arrives in a stream that was open before.
    async fn streams_are_live(&self) -> Result<()> {
        let mut stream = self.post("/v1/chat/stream", &self.hello()?).await?;
        arrives(&mut stream, "welcome").await?;
        let mid = fresh_id();
        let frame = json!({ "t": "send", "mid": mid, "ck": mid, "body": { "text": "hello" } });
        let sent = self.asked("/v1/chat/send", &json!({ "hello": self.hello()?, "frames": [frame] })).await?;
        assert_eq!(sent[0]["t"], "ack", "{sent}");
        arrives(&mut stream, &mid).await
    }

    /// The console: its page, a sign-in, reports and lists that are live.
    async fn console_is_live(&self) -> Result<()> {
        for path in ["/", "/console/"] {
            let page = self.stack.client.get(format!("{}{path}", self.url)).send().await?;
            ensure!(page.url().as_str() == format!("{}/console", self.url), "{path} leads to {}", page.url());
            ensure!(page.status() == StatusCode::OK, "{path}: {}", page.status());
        }
        let cookie = self.stack.agent().await?;
        for path in ["/api/live", "/api/inbox/live"] {
            let url = format!("{}{path}?site={}", self.url, self.stack.key("public_key"));
            let mut stream = self.stack.client.get(url).header("cookie", &cookie).send().await?;
            ensure!(stream.status() == StatusCode::OK, "{path}: {}", stream.status());
            arrives(&mut stream, "data:").await.context(path)?;
        }
        Ok(())
    }

    /// A question is held until something happens, and for as long as nothing does.
    async fn questions_are_held(&self) -> Result<()> {
        let session = self.asked("/v1/session", &self.who()?).await?;
        let mut query = self.who()?;
        query["since"] = session["revision"].clone();
        query["flow"] = session["flow"]["name"].clone();
        let fact = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            self.stack.fact("acct-1", "users", 2).await
        };
        let asking = async {
            let mut held = Vec::new();
            loop {
                let begun = Instant::now();
                let answer = self.post("/v1/progress", &query).await?;
                held.push(begun.elapsed());
                if answer.status() == StatusCode::NO_CONTENT {
                    return Ok::<_, Error>(held);
                }
                query["since"] = answer.json::<Value>().await?["revision"].clone();
            }
        };
        let (held, fact) = tokio::join!(asking, fact);
        fact?;
        let mut held = held?;
        let nothing = held.pop().unwrap_or_default();
        ensure!(nothing > Duration::from_secs(20), "a question is held for {nothing:?}");
        ensure!(!held.is_empty() && held.iter().all(|held| *held < AT_ONCE), "news took {held:?}");
        Ok(())
    }

    /// A file goes out in pieces, and a clip comes in ranges.
    async fn files_go_both_ways(&self) -> Result<()> {
        let content = "a line of text\n".repeat(FILE / 15);
        let file =
            json!({ "hello": self.hello()?, "id": fresh_id(), "name": "a.txt", "size": content.len() });
        let mut progress = self.asked("/v1/chat/files", &file).await?;
        let (to, piece) = (progress["to"].clone(), progress["piece"].as_u64().context("no size of a piece")?);
        while progress["file"].is_null() {
            let at = usize::try_from(progress["at"].as_u64().context("no place")?)?;
            let end = content.len().min(at + usize::try_from(piece)?);
            let url = format!("{}/{}&at={at}", self.url, to.as_str().context("no address")?);
            let answer = self.stack.client.post(url).body(content[at..end].to_owned()).send().await?;
            ensure!(answer.status() == StatusCode::OK, "at {at}: {}", answer.text().await?);
            progress = answer.json().await?;
        }
        assert_eq!(progress["file"]["size"], content.len());
        let clips = self.asked("/v1/clips", &self.who()?).await?;
        let lists = clips.as_object().into_iter().flat_map(|lists| lists.values());
        let address =
            lists.map(|list| &list[0]["sizes"][0]["file"]).find_map(Value::as_str).context("no clip")?;
        let part = self.stack.client.get(format!("{}/{address}", self.url)).header("range", "bytes=100-199");
        let part = part.send().await?;
        assert_eq!((part.status(), part.bytes().await?.len()), (StatusCode::PARTIAL_CONTENT, 100));
        Ok(())
    }

    /// Whether a socket opens.
    async fn opens_sockets(&self) -> bool {
        let knocked = self.stack.knock_at(&self.url, &self.origin).await;
        let Ok(mut socket) = knocked else { return false };
        let mut hello = self.hello().unwrap_or_default();
        hello["t"] = json!("hello");
        socket.say(&hello).await.is_ok() && socket.until("welcome").await.is_ok()
    }

    /// What `tabiji doctor` says of this address.
    fn doctor(&self) -> Result<String> {
        let data = self.stack.data().display().to_string();
        let mut doctor = Command::new(binary("tabiji")?);
        let output = doctor.args(["doctor", "--data", &data, "--url", &self.url]).output()?;
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Everything but sockets.
    async fn everything_works(&self) -> Result<()> {
        self.script_tag_works().await?;
        self.events_arrive().await?;
        self.streams_are_live().await?;
        self.console_is_live().await?;
        self.files_go_both_ways().await?;
        self.questions_are_held().await
    }
}

/// Waits until a text is in a stream.
async fn arrives(stream: &mut Response, text: &str) -> Result<()> {
    let mut seen = String::new();
    let reading = async {
        while let Some(chunk) = stream.chunk().await? {
            seen.push_str(&String::from_utf8_lossy(&chunk));
            if seen.contains(text) {
                return Ok(());
            }
        }
        bail!("the stream ended")
    };
    match tokio::time::timeout(AT_ONCE, reading).await {
        Ok(read) => read,
        Err(_) => bail!("{text} is held back; there is {seen:?}"),
    }
}

fn line<'a>(said: &'a str, what: &str) -> Result<&'a str> {
    said.lines()
        .find(|line| line.contains(&format!(" {what}: ")))
        .with_context(|| format!("no {what}: {said}"))
}

#[tokio::test]
async fn s33_behind_nginx_with_its_defaults_all_but_sockets_works_and_doctor_says_what_opens_them()
-> Result<()> {
    let through = Through::new(Proxy::Nginx, "").await?;
    through.everything_works().await?;
    assert!(!through.opens_sockets().await, "then the sentence of doctor can go");
    let said = through.doctor()?;
    assert!(line(&said, "streams")?.starts_with("ok"), "{said}");
    assert!(line(&said, "sockets")?.contains("let the proxy pass `Upgrade`"), "{said}");
    Ok(())
}

#[tokio::test]
async fn s33_behind_caddy_with_its_defaults_everything_works() -> Result<()> {
    everything_works_behind(Proxy::Caddy).await
}

#[tokio::test]
async fn s33_behind_haproxy_with_its_defaults_everything_works() -> Result<()> {
    everything_works_behind(Proxy::Haproxy).await
}

async fn everything_works_behind(proxy: Proxy) -> Result<()> {
    let through = Through::new(proxy, "").await?;
    through.everything_works().await?;
    assert!(through.opens_sockets().await);
    let said = through.doctor()?;
    for what in ["streams", "sockets", "console"] {
        assert!(line(&said, what)?.starts_with("ok"), "{said}");
    }
    Ok(())
}

/// All of a browser's requests share one connection there: those that are held hold up no others.
#[tokio::test]
async fn s33_over_one_connection_of_http_2_streams_questions_and_requests_go_side_by_side() -> Result<()> {
    let mut through = Through::new(Proxy::NginxHttp2, "").await?;
    through.stack.client = reqwest::Client::builder().http2_prior_knowledge().build()?;
    // Nothing that others do below is news of this company.
    let mut query = through.who()?;
    query["token"] = json!(through.stack.token("suzuki", "acct-2")?);
    let session = through.post("/v1/session", &query).await?;
    assert_eq!((session.status(), session.version()), (StatusCode::OK, Version::HTTP_2));
    let session: Value = session.json().await?;
    query["since"] = session["revision"].clone();
    query["flow"] = session["flow"]["name"].clone();
    let fact = async |value: u32| -> Result<()> {
        let fact = json!({ "id": fresh_id(), "account": "acct-2", "name": "users", "value": value });
        let facts = through.stack.client.post(format!("{}/v1/facts", through.url));
        let facts = facts.bearer_auth(through.stack.key("secret_key")).json(&json!({ "facts": [fact] }));
        facts.send().await?.error_for_status()?;
        Ok(())
    };
    fact(1).await?;
    // Nothing of theirs is on its way any more.
    loop {
        let answer = through.asked("/v1/progress", &query).await?;
        query["since"] = answer["revision"].clone();
        if answer["progress"]["facts"]["users"] == 1.0 {
            break;
        }
    }
    // More questions than a browser has connections for HTTP/1.1, with an open stream beside them.
    let mut stream = through.post("/v1/chat/stream", &through.hello()?).await?;
    arrives(&mut stream, "welcome").await?;
    let answered = Cell::new(0);
    let held = (0..12).map(async |_| -> Result<Response> {
        let answer = through.post("/v1/progress", &query).await?;
        answered.set(answered.get() + 1);
        Ok(answer)
    });
    let others = async {
        through.script_tag_works().await?;
        through.events_arrive().await?;
        through.streams_are_live().await?;
        through.files_go_both_ways().await?;
        assert_eq!(answered.get(), 0, "questions were not held meanwhile");
        fact(2).await
    };
    let (held, others) = tokio::join!(futures_util::future::try_join_all(held), others);
    others?;
    for answer in held? {
        assert_eq!((answer.status(), answer.version()), (StatusCode::OK, Version::HTTP_2));
    }
    Ok(())
}

#[tokio::test]
async fn s33_a_proxy_that_holds_streams_back_is_named_by_doctor() -> Result<()> {
    let through = Through::new(Proxy::NginxThatBuffers, "").await?;
    let said = through.doctor()?;
    let streams = line(&said, "streams")?;
    assert!(streams.starts_with("FAIL") && streams.contains("proxy_buffering off"), "{said}");
    Ok(())
}

#[tokio::test]
async fn s33_below_a_path_of_nginx_everything_works() -> Result<()> {
    everything_works_below_a_path_of(Proxy::Nginx).await
}

#[tokio::test]
async fn s33_below_a_path_of_caddy_everything_works() -> Result<()> {
    everything_works_below_a_path_of(Proxy::Caddy).await
}

#[tokio::test]
async fn s33_below_a_path_of_haproxy_everything_works() -> Result<()> {
    everything_works_below_a_path_of(Proxy::Haproxy).await
}

async fn everything_works_below_a_path_of(proxy: Proxy) -> Result<()> {
    let through = Through::below(proxy, "/tools/tabiji").await?;
    through.everything_works().await?;
    let said = through.doctor()?;
    for what in ["streams", "console"] {
        assert!(line(&said, what)?.starts_with("ok"), "{said}");
    }
    Ok(())
}

#[tokio::test]
async fn s33_below_a_path_that_the_collector_does_not_know_doctor_says_what_the_console_needs() -> Result<()> {
    for proxy in [Proxy::Nginx, Proxy::Caddy, Proxy::Haproxy] {
        let through = Through::new(proxy, "/help").await?;
        let said = through.doctor()?;
        assert!(line(&said, "streams")?.starts_with("ok"), "{said}");
        let console = line(&said, "console")?;
        let remedy = format!("start the collector with public_url = \"{}\"", through.url);
        assert!(console.starts_with("FAIL") && console.contains(&remedy), "{proxy:?}: {said}");
    }
    Ok(())
}

async fn press(browser: &Browser, selector: &str) -> Result<()> {
    browser.wait(&format!("!!document.querySelector(`{selector}`)")).await?;
    Ok(browser.driver.find(By::Css(selector)).await?.click().await?)
}

/// The widget and the console below a path of nginx, as people use them; the rest of the host is another product's.
#[tokio::test]
async fn s33_below_a_path_a_customer_and_an_agent_work_in_their_browsers() -> Result<()> {
    let through = Through::below(Proxy::Nginx, "/tabiji").await?;
    let (stack, url) = (&through.stack, &through.url);
    stack.publish_desk(ALWAYS)?;
    let demo = stack.demo_by(url, through.port, &[]).await?;
    let customer = Browser::start().await?;
    customer.open(&format!("{}/users", demo.url)).await?;
    let widget = Widget(&customer);
    widget.talk().await?;
    let folder = tempfile::tempdir()?;
    let picture = folder.path().join("screen.png");
    customer.driver.screenshot(&picture).await?;
    widget.element(".write input[type=file]").await?.send_keys(picture.display().to_string()).await?;
    widget.press(".write", "送信").await?;
    widget.wait(".mine .file", "it.textContent.startsWith('screen.png')").await?;

    // Signed in by a link, the page and its reports are there, and follow what happens.
    let desk = Browser::start().await?;
    let link = stack.tabiji(&["link", "--email", "cs@example.com"])?;
    assert!(link.starts_with(&format!("{url}/console/welcome#")), "{link}");
    Console(&desk).enter(link.trim()).await?;
    assert_eq!(desk.eval("return location.href").await?, json!(format!("{url}/console")));
    desk.eval("window.sameDocument = true").await?;
    stack.fact("acct-seizo-a", "users", 5).await?;
    Console(&desk).converted("users", 1).await?;
    for page in ["clips", "help", "integration", "security"] {
        press(&desk, &format!("a[href='/tabiji/console/{page}']")).await?;
        let here = format!("location.pathname === '/tabiji/console/{page}'");
        desk.wait(&format!("{here} && document.querySelector('a[aria-current]').pathname === location.pathname"))
            .await?;
    }
    // Their own picture is where customers fetch it.
    desk.wait("!!document.querySelector('.choose-picture input')").await?;
    let field = desk.driver.find(By::Css(".choose-picture input")).await?;
    field.send_keys(picture.display().to_string()).await?;
    desk.wait("document.querySelector('.face.large img').naturalWidth === 192").await?;
    // The link for keyboards stays on the page.
    desk.eval("document.querySelector('.skip').click()").await?;
    desk.wait("location.hash === '#main' && document.activeElement.id === 'main'").await?;

    // A conversation has an address, with what was sent in it.
    press(&desk, "a[href='/tabiji/console/inbox']").await?;
    press(&desk, ".inbox .talk").await?;
    desk.wait("document.querySelector('.said .file img')?.naturalWidth > 100").await?;
    desk.wait("location.pathname.startsWith('/tabiji/console/inbox/')").await?;
    assert_eq!(desk.eval("return window.sameDocument").await?, true, "one document for all pages");
    let address = desk.eval("return location.href").await?;
    desk.driver.refresh().await?;
    desk.wait("document.querySelector('.said .file img')?.naturalWidth > 100").await?;
    assert_eq!(desk.eval("return location.href").await?, address);
    // A clip is chosen by its picture, and goes with the answer.
    press(&desk, "[data-topic=clips]").await?;
    desk.wait("document.querySelector('.menu li img')?.naturalWidth > 100").await?;
    desk.press(Key::Enter + "").await?;
    desk.wait("!!document.querySelector('.answer .with .mark')").await?;
    press(&desk, ".answer .action").await?;
    desk.wait("document.querySelector('.said .ours .face')?.naturalWidth === 192").await?;
    widget.wait(".theirs .face", "it.naturalWidth === 192").await?;
    let transcript = "return fetch(document.querySelector('.transcript').href).then((answer) => answer.status)";
    assert_eq!(desk.eval(transcript).await?, json!(200));
    // Nothing of it was looked for elsewhere on the host.
    let elsewhere = format!(
        "return performance.getEntriesByType('resource').map((one) => one.name) \
         .filter((name) => name.startsWith('http') && !name.startsWith('{url}/'))"
    );
    assert_eq!(desk.eval(&elsewhere).await?, json!([]));

    // Signed out, the address leads there by way of signing in.
    press(&desk, ".viewer button").await?;
    desk.wait("!!document.querySelector('.door')").await?;
    desk.driver.refresh().await?;
    desk.wait("!!document.querySelector('.door input[name=email]')").await?;
    desk.driver.find(By::Css("input[name=email]")).await?.send_keys("cs@example.com").await?;
    desk.driver.find(By::Css("input[name=password]")).await?.send_keys("a good passphrase").await?;
    press(&desk, "button[type=submit]").await?;
    desk.wait(&format!("!!document.querySelector('.said li') && location.href === {address}")).await?;
    Ok(())
}
