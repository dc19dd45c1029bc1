//! The collector and the demo site, as an operator starts them.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail, ensure};
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::FaultyDisk;
use crate::port::own_port;

/// How long a program may take to answer for the first time.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program that is killed when this is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may already have ended; a signal that ended it explains an answer that never came.
        if let Ok(Some(status)) = self.0.try_wait()
            && status.code().is_none()
        {
            eprintln!("a program of this test: {status}");
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A collector with one site.
pub struct Stack {
    folder: TempDir,
    port: u16,
    keys: Value,
    collector: Option<Running>,
    /// For requests that no browser makes.
    pub client: reqwest::Client,
}

/// The demo site beside a collector.
pub struct Demo {
    _running: Running,
    /// Its address.
    pub url: String,
}

impl Stack {
    /// Starts a collector whose site lists the origins of ports of its own; returns the ports, too.
    pub async fn start(ports: usize) -> Result<(Self, Vec<u16>)> {
        let mut stack = Self::init()?;
        let ports = (0..ports).map(|_| own_port()).collect::<Result<Vec<_>>>()?;
        let mut add = ["site", "add", "demo", "--json"].map(str::to_owned).to_vec();
        for port in &ports {
            add.extend(["--origin".to_owned(), format!("http://127.0.0.1:{port}")]);
        }
        let add: Vec<&str> = add.iter().map(String::as_str).collect();
        stack.keys = serde_json::from_str(&stack.tabiji(&add)?)?;
        stack.start_collector().await?;
        Ok((stack, ports))
    }

    /// Starts a collector that has no site yet.
    pub async fn start_empty() -> Result<Self> {
        let mut stack = Self::init()?;
        stack.start_collector().await?;
        Ok(stack)
    }

    /// Starts a collector of its own on what an archive of this one holds; `arguments` are those of `tabiji restore`.
    pub async fn restored(&self, archive: &Path, arguments: &[&str]) -> Result<Self> {
        let folder = unpack(archive, arguments)?;
        let (client, keys) = (self.client.clone(), self.keys.clone());
        let mut restored = Self { folder, port: own_port()?, keys, collector: None, client };
        restored.start_collector().await?;
        Ok(restored)
    }

    /// Goes on from what an archive of this collector holds, at the same address, as after a lost disk.
    pub async fn go_back_to(&mut self, archive: &Path) -> Result<()> {
        self.stop_collector()?;
        self.folder = unpack(archive, &[])?;
        self.start_collector().await
    }

    fn init() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let client = reqwest::Client::new();
        let stack = Self { folder, port: own_port()?, keys: Value::Null, collector: None, client };
        stack.tabiji(&["init"])?;
        Ok(stack)
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    /// The collector's address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// All keys of the site.
    pub fn keys(&self) -> &Value {
        &self.keys
    }

    /// One of `public_key`, `secret_key` and `identity_secret`.
    pub fn key(&self, name: &str) -> &str {
        self.keys[name].as_str().unwrap_or_default()
    }

    /// Starts the collector (again) and waits until it is ready.
    pub async fn start_collector(&mut self) -> Result<()> {
        self.start_collector_with_log("warn", Stdio::inherit()).await
    }

    /// Starts the collector with a log of this kind, which goes there.
    pub async fn start_collector_with_log(&mut self, log: &str, to: Stdio) -> Result<()> {
        let mut command = self.serve()?;
        command.env("TABIJI_LOG", log).stderr(to);
        self.run_collector(command).await
    }

    /// Starts the collector with a log of everything in this format, and with measures; returns the address of these.
    pub async fn start_collector_watched(&mut self, format: &str, to: Stdio) -> Result<String> {
        let address = format!("127.0.0.1:{}", own_port()?);
        let mut command = self.serve()?;
        command.args(["--metrics", &address, "--log-format", format]);
        command.env("TABIJI_LOG", "trace").stderr(to);
        self.run_collector(command).await?;
        Ok(format!("http://{address}/metrics"))
    }

    /// Starts the collector from a shell that keeps nothing from others (`umask 000`).
    pub async fn start_collector_unmasked(&mut self) -> Result<()> {
        let serve = self.serve()?;
        let mut shell = Command::new("bash");
        shell.args(["-c", r#"umask 000; exec "$0" "$@""#]).arg(serve.get_program()).args(serve.get_args());
        shell.env("TABIJI_LOG", "warn").stdout(Stdio::null());
        self.run_collector(shell).await
    }

    /// Starts the collector on a disk that may fail.
    pub async fn start_collector_on(&mut self, disk: &FaultyDisk) -> Result<()> {
        let mut command = self.serve()?;
        disk.carry(command.env("TABIJI_LOG", "off"))?;
        self.run_collector(command).await
    }

    /// Starts the collector on a disk that may end it; returns whether it was ready, or else ended before.
    pub async fn survives_start_on(&mut self, disk: &FaultyDisk) -> Result<bool> {
        let mut command = self.serve()?;
        disk.carry(command.env("TABIJI_LOG", "off"))?;
        let begun = Instant::now();
        let mut running = Running(command.spawn()?);
        while begun.elapsed() < PATIENCE {
            if running.0.try_wait()?.is_some() {
                return Ok(false);
            }
            if self.ready().await.is_ok_and(|status| status == 200) {
                self.collector = Some(running);
                return Ok(true);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bail!("the collector is neither ready nor gone")
    }

    /// A collector on a copy of a data folder, whose site has these keys; it is not started.
    pub fn on_copy(data: &Path, keys: Value) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        copy(data, folder.path())?;
        Ok(Self { folder, port: own_port()?, keys, collector: None, client: reqwest::Client::new() })
    }

    fn serve(&self) -> Result<Command> {
        let (data, port) = (self.folder.path().display().to_string(), self.port.to_string());
        let mut command = Command::new(binary("tabiji")?);
        command.args(["serve", "--data", &data, "--port", &port]).stdout(Stdio::null());
        Ok(command)
    }

    async fn run_collector(&mut self, mut command: Command) -> Result<()> {
        self.collector = Some(Running(command.spawn()?));
        answers(&format!("{}/health/ready", self.url())).await
    }

    /// Waits until the collector has ended by itself; returns how.
    pub async fn collector_ended(&mut self) -> Result<ExitStatus> {
        let begun = Instant::now();
        let running = self.collector.as_mut().context("the collector does not run")?;
        while begun.elapsed() < PATIENCE {
            if let Some(status) = running.0.try_wait()? {
                self.collector = None;
                return Ok(status);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bail!("the collector goes on")
    }

    /// Writes the collector's configuration, which counts from its next start.
    pub fn configure(&self, toml: &str) -> Result<()> {
        Ok(std::fs::write(self.folder.path().join("tabiji.toml"), toml)?)
    }

    /// Kills the collector as a power cut would: no signal that it could handle.
    pub fn kill_collector(&mut self) {
        self.collector = None;
    }

    /// Stops the collector as an operator does, and waits until it is gone; returns how it ended.
    pub fn stop_collector(&mut self) -> Result<ExitStatus> {
        let mut running = self.collector.take().context("the collector does not run")?;
        Command::new("kill").arg(running.0.id().to_string()).status()?;
        Ok(running.0.wait()?)
    }

    /// The collector's process.
    pub(crate) fn collector_pid(&self) -> Result<u32> {
        Ok(self.collector.as_ref().context("the collector does not run")?.0.id())
    }

    /// Bytes of the database and its log.
    pub fn database_size(&self) -> Result<u64> {
        let size = |name: &str| std::fs::metadata(self.folder.path().join(name)).map_or(0, |file| file.len());
        Ok(size("tabiji.db") + size("tabiji.db-wal"))
    }

    /// Publishes a flow file.
    pub fn publish(&self, file: &Path) -> Result<String> {
        let file = file.display().to_string();
        run(&["publish", &file, "--url", &self.url(), "--key", self.key("secret_key")])
    }

    /// Publishes the text of a flow.
    pub fn publish_text(&self, text: &str) -> Result<String> {
        let file = self.folder.path().join("flow.toml");
        std::fs::write(&file, text)?;
        self.publish(&file)
    }

    /// Publishes a support file with the demo's articles.
    pub fn publish_desk(&self, text: &str) -> Result<String> {
        let file = self.folder.path().join("desk.toml");
        std::fs::write(&file, text)?;
        let articles = self.folder.path().join("faq");
        std::fs::create_dir_all(&articles)?;
        for article in std::fs::read_dir(root().join("demo-site/faq"))? {
            let article = article?;
            std::fs::copy(article.path(), articles.join(article.file_name()))?;
        }
        let file = file.display().to_string();
        run(&["desk", "publish", &file, "--url", &self.url(), "--key", self.key("secret_key")])
    }

    /// Creates a one-time link into the console for the tests' operator.
    pub fn link(&self) -> Result<String> {
        self.link_for("cs@example.com")
    }

    fn link_for(&self, email: &str) -> Result<String> {
        let link = self.tabiji(&["link", "--email", email, "--public-url", &self.url()])?;
        Ok(link.trim().to_owned())
    }

    /// Exports the journal, one JSON object a record.
    pub fn export(&self) -> Result<Vec<Value>> {
        let data = self.folder.path().display().to_string();
        let text = run(&["export", "events", "--format", "ndjson", "--data", &data])?;
        text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
    }

    /// Returns the names of the host's own events, in the order of the journal.
    pub fn tracked(&self) -> Result<Vec<String>> {
        let name = |row: &Value| row["body"]["data"]["name"].as_str().map(str::to_owned);
        let all: Vec<String> = self.export()?.iter().filter_map(name).collect();
        Ok(all.into_iter().filter(|name| !name.starts_with("tabiji.")).collect())
    }

    /// Returns the reported events of clips: kind and data, in the order of the journal.
    pub fn watching(&self) -> Result<Vec<(String, Value)>> {
        let rows = self.export()?.into_iter().filter_map(|row| {
            let kind = row["body"]["kind"].as_str()?.to_owned();
            kind.starts_with("video.").then(|| (kind, row["body"]["data"].clone()))
        });
        Ok(rows.collect())
    }

    /// Waits until a matching event of a clip is reported; returns its data.
    pub async fn heard(&self, fits: impl Fn(&str, &Value) -> bool) -> Result<Value> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some((_, data)) = self.watching()?.into_iter().find(|(kind, data)| fits(kind, data)) {
                return Ok(data);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("not reported: {:?}", self.watching()?)
    }

    /// The version of `tabiji`.
    pub fn tabiji_version(&self) -> Result<String> {
        let said = run(&["--version"])?;
        Ok(said.split_whitespace().last().context("no version")?.to_owned())
    }

    /// Runs `tabiji` with `--data`.
    pub fn tabiji(&self, arguments: &[&str]) -> Result<String> {
        let data = self.folder.path().display().to_string();
        run(&[arguments, &["--data", &data]].concat())
    }

    /// Runs `tabiji` with `--data` on a disk that may fail; returns what it says on standard error.
    pub fn tabiji_on(&self, disk: &FaultyDisk, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(binary("tabiji")?);
        disk.carry(command.args(arguments).arg("--data").arg(self.folder.path()))?;
        let output = command.output()?;
        let said = String::from_utf8(output.stderr)?;
        ensure!(output.status.success(), "tabiji {}: {said}", arguments.join(" "));
        Ok(said)
    }

    /// The folder with the files of the site's clips.
    pub fn media(&self) -> PathBuf {
        self.folder.path().join("media/1")
    }

    /// Adds the video of the demo's first clip.
    pub fn add_clip(&self) -> Result<()> {
        self.add_video("first-setup")
    }

    /// Adds the videos of all clips of the demo; returns their ids.
    pub fn add_library(&self) -> Result<Vec<String>> {
        let mut clips = Vec::new();
        for entry in std::fs::read_dir(root().join("demo-site/clips"))? {
            let name = entry?.file_name().display().to_string();
            clips.extend(name.strip_suffix(".mp4").map(str::to_owned));
        }
        clips.iter().try_for_each(|clip| self.add_video(clip))?;
        Ok(clips)
    }

    fn add_video(&self, clip: &str) -> Result<()> {
        let folder = root().join("demo-site/clips");
        let file = |ending: &str| folder.join(format!("{clip}.{ending}")).display().to_string();
        let (film, ja, en, poster) = (file("mp4"), file("ja.vtt"), file("en.vtt"), file("jpg"));
        let (heads_ja, heads_en) = (file("chapters.ja.vtt"), file("chapters.en.vtt"));
        let add = ["media", "add", &film, "--captions", &ja, "--captions", &en, "--poster", &poster];
        self.tabiji(&[add.as_slice(), &["--chapters", &heads_ja, "--chapters", &heads_en]].concat())?;
        Ok(())
    }

    /// Replaces it by a short video with spoken Japanese.
    pub fn add_voice(&self) -> Result<()> {
        let file = |ending: &str| root().join("tests/films/voice.").display().to_string() + ending;
        let (film, ja) = (file("mp4"), file("ja.vtt"));
        self.tabiji(&["media", "add", &film, "--id", "first-setup", "--captions", &ja])?;
        Ok(())
    }

    /// Signs an identity token as the host's backend does.
    pub fn token(&self, user: &str, account: &str) -> Result<String> {
        self.token_for(user, account, 3600)
    }

    /// Signs a token that is valid for this many seconds; the collector grants a minute more, for clocks that
    /// differ.
    pub fn token_for(&self, user: &str, account: &str, seconds: i64) -> Result<String> {
        token_of(&self.keys, user, account, seconds)
    }

    /// Posts a fact as the host's backend does.
    pub async fn fact(&self, account: &str, name: &str, value: impl Into<Value>) -> Result<()> {
        self.fact_by(None, account, name, value).await
    }

    /// Posts a fact with the user who caused it.
    pub async fn fact_by(
        &self,
        user: Option<&str>,
        account: &str,
        name: &str,
        value: impl Into<Value>,
    ) -> Result<()> {
        let fact = json!({
            "id": fresh_id(), "account": account, "user": user, "name": name, "value": value.into()
        });
        let request =
            self.client.post(format!("{}/v1/facts", self.url())).bearer_auth(self.key("secret_key"));
        let answer = request.json(&json!({ "facts": [fact] })).send().await?;
        ensure!(answer.status().is_success(), "{}", answer.text().await?);
        Ok(())
    }

    /// Returns the status of `/health/ready`.
    pub async fn ready(&self) -> Result<u16> {
        Ok(self.client.get(format!("{}/health/ready", self.url())).send().await?.status().as_u16())
    }

    /// Signs an agent in and returns the cookie.
    pub async fn agent(&self) -> Result<String> {
        self.agent_of("sato@example.com").await
    }

    /// Signs an agent with this address in and returns the cookie.
    pub async fn agent_of(&self, email: &str) -> Result<String> {
        let link = self.link_for(email)?;
        let secret = link.rsplit('#').next().unwrap_or_default();
        let name = email.split('@').next();
        let body = json!({ "link": secret, "name": name, "email": email, "password": "a good passphrase" });
        let answer = self.client.post(format!("{}/api/session", self.url())).json(&body).send().await?;
        let cookie = answer.headers().get("set-cookie").context("nobody was let in")?.to_str()?.to_owned();
        Ok(cookie.split(';').next().unwrap_or_default().to_owned())
    }

    /// Answers in the newest conversation as an agent.
    pub async fn answer(&self, cookie: &str, text: &str) -> Result<Value> {
        self.say(cookie, json!({ "kind": "message", "body": { "text": text } })).await
    }

    /// Posts a log entry to the newest conversation as an agent.
    pub async fn say(&self, cookie: &str, mut said: Value) -> Result<Value> {
        let site = self.key("public_key");
        let list = format!("{}/api/inbox?site={site}", self.url());
        let all: Value = self.client.get(list).header("cookie", cookie).send().await?.json().await?;
        let newest = all.as_array().and_then(|all| all.last()).context("there is no conversation")?;
        let c = newest["c"].as_str().context("there is no conversation")?.to_owned();
        let url = format!("{}/api/inbox/{c}?site={site}", self.url());
        said["mid"] = json!(fresh_id());
        Ok(self.client.post(url).header("cookie", cookie).json(&said).send().await?.json().await?)
    }

    /// Starts the demo site on a port that the collector's site lists.
    pub async fn demo(&self, port: u16, arguments: &[&str]) -> Result<Demo> {
        self.demo_by(&self.url(), port, arguments).await
    }

    /// Starts the demo site with another address for the collector, such as a proxy's.
    pub async fn demo_by(&self, collector: &str, port: u16, arguments: &[&str]) -> Result<Demo> {
        let mut command = Command::new(binary("demo-site")?);
        command.args(["--port", &port.to_string(), "--collector", collector]).args(arguments);
        command
            .env("TABIJI_PUBLIC_KEY", self.key("public_key"))
            .env("TABIJI_SECRET_KEY", self.key("secret_key"));
        command.env("TABIJI_IDENTITY_SECRET", self.key("identity_secret"));
        let _running = Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?);
        let url = format!("http://127.0.0.1:{port}");
        answers(&url).await?;
        Ok(Demo { _running, url })
    }
}

/// The flow file of the demo.
pub fn demo_flow() -> PathBuf {
    root().join("demo-site/flow.toml")
}

impl Stack {
    /// Starts a collector and the demo site, with the demo's flow published.
    pub async fn with_demo(arguments: &[&str]) -> Result<(Self, Demo)> {
        let (stack, ports) = Self::start(1).await?;
        stack.publish(&demo_flow())?;
        let demo = stack.demo(ports[0], arguments).await?;
        Ok((stack, demo))
    }
}

/// A data folder with what an archive holds; `arguments` are those of `tabiji restore`.
fn unpack(archive: &Path, arguments: &[&str]) -> Result<TempDir> {
    let folder = tempfile::tempdir()?;
    let (file, data) = (archive.display().to_string(), folder.path().display().to_string());
    run(&[&["restore", &file, "--data", &data], arguments].concat())?;
    Ok(folder)
}

fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or(here.clone(), PathBuf::from)
}

/// A program or library that was built before: the debug build for tests, the one of `TABIJI_PROFILE` for benches.
pub fn binary(name: &str) -> Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let profile = std::env::var("TABIJI_PROFILE").unwrap_or_else(|_| "debug".to_owned());
    let file = target.join(profile).join(name);
    ensure!(file.exists(), "{} is missing: `cargo xtask test` or `bench` builds it", file.display());
    Ok(file)
}

/// Copies what is in a folder, the folders in it as well.
fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to)?;
        } else {
            std::fs::copy(&from, &to)?;
        }
    }
    Ok(())
}

/// Runs a command of `tabiji`; returns what it prints.
pub fn run(arguments: &[&str]) -> Result<String> {
    let output = Command::new(binary("tabiji")?).args(arguments).output()?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        bail!("tabiji {}: {}", arguments.join(" "), String::from_utf8_lossy(&said));
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Waits until an address answers with success.
pub async fn answers(url: &str) -> Result<()> {
    answers_to(&reqwest::Client::new(), url).await
}

/// The same, for this client.
pub(crate) async fn answers_to(client: &reqwest::Client, url: &str) -> Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if client.get(url).send().await.is_ok_and(|answer| answer.status().is_success()) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("{url} does not answer")
}

/// Signs a token with the keys of a site.
pub fn token_of(keys: &Value, user: &str, account: &str, seconds: i64) -> Result<String> {
    let key = |name: &str| keys[name].as_str().unwrap_or_default();
    let claims = json!({ "sub": user, "name": user, "account": account, "aud": key("public_key"),
                         "exp": now() / 1000 + seconds });
    Ok(encode(&Header::default(), &claims, &EncodingKey::from_secret(key("identity_secret").as_bytes()))?)
}

/// Milliseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "the tests' one clock")]
pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_millis() as i64)
}

/// When a fresh id was made, in milliseconds: what is sent again is the very same.
pub fn made_at(id: &str) -> i64 {
    let digits: String = id.chars().filter(char::is_ascii_hexdigit).take(12).collect();
    i64::from_str_radix(&digits, 16).unwrap_or_default()
}

/// A fresh id that sorts by time.
pub fn fresh_id() -> String {
    let mut random = [0; 10];
    // Without randomness the ids still differ by their time.
    let _ = getrandom::fill(&mut random);
    uuid::Builder::from_unix_timestamp_millis(now().unsigned_abs(), &random).into_uuid().to_string()
}

/// An id that says nothing of when it was made.
pub fn random_id() -> String {
    let mut random = [0; 16];
    // Without randomness all are the same, which the collector says.
    let _ = getrandom::fill(&mut random);
    uuid::Builder::from_random_bytes(random).into_uuid().to_string()
}
