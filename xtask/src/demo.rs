//! `demo`: everything running on this machine, ready to be looked at.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use serde_json::Value;

use crate::process::{program, quiet};
use crate::wasm_opt::Size;
use crate::{assets, progress, root};

/// How long a program may take to answer for the first time.
const PATIENCE: Duration = Duration::from_secs(20);

/// The clips of the demo with everything that belongs to them.
const CLIPS: &str = "demo-site/clips";

/// What to show where.
#[derive(Args)]
pub struct Demo {
    /// The collector's port; the demo site listens on the next one
    #[arg(long, default_value_t = 7600)]
    port: u16,
    /// Where to keep the demo's data
    #[arg(long, default_value = ".data/demo", value_name = "DIR")]
    data: PathBuf,
    /// Throw the data of earlier demos away first
    #[arg(long)]
    fresh: bool,
    /// Open the demo site in a browser
    #[arg(long)]
    open: bool,
}

/// A program that is stopped when this is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // A program that has ended cannot be stopped again.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

impl Demo {
    /// Builds what is missing, starts both programs and waits for Ctrl-C.
    pub fn run(self) -> Result<()> {
        progress::plan(&["widget", "console", "programs", "data"]);
        // The widget is linked on one core: the other one builds what runs here.
        thread::scope(|scope| {
            let programs = scope.spawn(programs);
            let assets = assets::build(Size::Any);
            programs.join().unwrap_or_else(|_| Err(anyhow!("the programs' build panicked"))).and(assets)
        })?;
        if self.fresh && self.data.exists() {
            fs::remove_dir_all(&self.data)
                .with_context(|| format!("cannot remove {}", self.data.display()))?;
        }
        let (collector, site) = (address(self.port), address(self.port + 1));
        let keys = self.keys(&site)?;
        self.add_clips()?;
        let mut both = vec![self.collector(&collector)?, self.demo_site(&collector, &keys)?];
        let to = ["--url", &collector, "--key", text(&keys, "secret_key")?];
        quiet(
            "publishing the demo's flow",
            tabiji(&[&["publish", "demo-site/flow.toml"], &to[..]].concat()),
        )?;
        let desk = [&["desk", "publish", "demo-site/desk.toml"], &to[..]].concat();
        quiet("publishing the demo's desk", tabiji(&desk))?;
        let data = self.data.display().to_string();
        // An operator of an earlier run gets a fresh link; their password may be forgotten.
        let known = quiet("looking who was here", tabiji(&["operator", "list", "--data", &data]))?;
        let known = known.split_whitespace().next().filter(|word| word.contains('@'));
        let mut link = vec!["link", "--data", &data, "--public-url", &collector];
        link.extend(known.into_iter().flat_map(|email| ["--email", email]));
        let link = quiet("making a sign-in link", tabiji(&link))?;
        progress::done("data");
        println!(
            "\n  demo admin   {site}\n  console      {}\n  health       {collector}/health/ready",
            link.trim()
        );
        println!("\nCtrl-C stops everything.");
        if self.open {
            open(&site);
        }
        wait(&mut both)
    }

    /// The keys of the demo's site, made once and kept beside its data.
    fn keys(&self, site: &str) -> Result<Value> {
        let file = self.data.join("keys.json");
        if !file.exists() {
            let data = self.data.display().to_string();
            quiet("making the database", tabiji(&["init", "--data", &data]))?;
            let add = ["site", "add", "demo", "--origin", site, "--data", &data, "--json"];
            let keys = quiet("adding the demo's site", tabiji(&add))?;
            fs::write(&file, keys)?;
        }
        Ok(serde_json::from_str(&fs::read_to_string(&file)?)?)
    }

    /// Adds the clips that the demo's library lacks.
    fn add_clips(&self) -> Result<()> {
        let data = self.data.display().to_string();
        let known = quiet("looking which clips are there", tabiji(&["media", "list", "--data", &data]))?;
        for entry in fs::read_dir(CLIPS).context(CLIPS)? {
            let name = entry?.file_name().display().to_string();
            let Some(clip) = name.strip_suffix(".mp4") else { continue };
            if known.split_whitespace().any(|word| word == clip) {
                continue;
            }
            let file = |ending: &str| format!("{CLIPS}/{clip}.{ending}");
            let (film, ja, en, poster) = (file("mp4"), file("ja.vtt"), file("en.vtt"), file("jpg"));
            let (heads_ja, heads_en) = (file("chapters.ja.vtt"), file("chapters.en.vtt"));
            let add = ["media", "add", &film, "--data", &data, "--captions", &ja, "--captions", &en];
            let more = ["--chapters", &heads_ja, "--chapters", &heads_en, "--poster", &poster];
            let mut add = tabiji(&[add.as_slice(), &more].concat());
            // Where ffmpeg is found, it takes seconds to make a smaller size that nobody needs here.
            add.env("PATH", "");
            quiet(&format!("adding the clip {clip}"), add)?;
        }
        Ok(())
    }

    fn collector(&self, address: &str) -> Result<Running> {
        let (data, port) = (self.data.display().to_string(), self.port.to_string());
        let mut command = tabiji(&["serve", "--data", &data, "--port", &port, "--public-url", address]);
        command.env("TABIJI_LOG", "warn");
        start("the collector", command, &format!("{address}/health/ready"))
    }

    fn demo_site(&self, collector: &str, keys: &Value) -> Result<Running> {
        let port = (self.port + 1).to_string();
        let book = self.data.join("book.json");
        let mut command = program(&binary("demo-site"), ["--port", &port, "--collector", collector]);
        command.arg("--book").arg(book).env("TABIJI_PUBLIC_KEY", text(keys, "public_key")?);
        command.env("TABIJI_SECRET_KEY", text(keys, "secret_key")?);
        command.env("TABIJI_IDENTITY_SECRET", text(keys, "identity_secret")?);
        start("the demo site", command, &address(self.port + 1))
    }
}

/// Builds what runs here.
fn programs() -> Result<()> {
    let build = ["build", "--package", "tabiji", "--package", "demo-site"];
    quiet("building the collector and the demo site", program("cargo", build))?;
    progress::done("programs");
    Ok(())
}

fn address(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

fn binary(name: &str) -> String {
    root().join("target/debug").join(name).display().to_string()
}

fn tabiji(arguments: &[&str]) -> Command {
    program(&binary("tabiji"), arguments)
}

fn text<'a>(keys: &'a Value, name: &str) -> Result<&'a str> {
    keys[name].as_str().with_context(|| format!("keys.json has no {name}; start with --fresh"))
}

/// Starts a program and waits until its address answers.
fn start(what: &str, mut command: Command, address: &str) -> Result<Running> {
    let child = command.stdout(Stdio::null()).spawn().with_context(|| format!("cannot start {what}"))?;
    let mut running = Running(child);
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(status) = running.0.try_wait()? {
            bail!("{what} ended at once ({status}); is its port taken? choose another with --port");
        }
        if answers(address) {
            return Ok(running);
        }
        thread::sleep(Duration::from_millis(50));
    }
    bail!("{what} did not answer at {address}")
}

/// Whether something speaks HTTP there.
fn answers(address: &str) -> bool {
    use std::io::{Read, Write};
    let rest = address.trim_start_matches("http://");
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let Ok(mut stream) = std::net::TcpStream::connect(host) else { return false };
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let mut answer = [0; 12];
    stream.write_all(request.as_bytes()).is_ok()
        && stream.read_exact(&mut answer).is_ok()
        && answer.ends_with(b"200")
}

/// Waits for Ctrl-C, or for a program that ends by itself.
fn wait(both: &mut [Running]) -> Result<()> {
    let (told, stop) = channel();
    ctrlc::set_handler(move || {
        // A second Ctrl-C changes nothing.
        let _ = told.send(());
    })?;
    while stop.recv_timeout(Duration::from_millis(500)).is_err() {
        for running in both.iter_mut() {
            if let Some(status) = running.0.try_wait()? {
                bail!("a program ended by itself ({status}); its last words are above");
            }
        }
    }
    println!("\nstopping …");
    Ok(())
}

fn open(address: &str) {
    let opener = if Path::new("/usr/bin/open").exists() { "open" } else { "xdg-open" };
    if Command::new(opener).arg(address).spawn().is_err() {
        println!("no browser could be opened; visit {address}");
    }
}
