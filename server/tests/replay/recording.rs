//! Recorded sessions: files of JSON lines. The first line is the site, each other line one thing that happened.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// One recorded session.
pub struct Recording {
    /// The file's name.
    pub name: String,
    /// Where it was recorded.
    pub site: Site,
    /// What happened, in order.
    pub lines: Vec<Line>,
}

/// The site of a session, with everything that was not set up by a request.
#[derive(Deserialize)]
pub struct Site {
    pub name: String,
    pub public_key: String,
    pub secret_key: String,
    pub identity_secret: String,
    pub origins: Vec<String>,
    /// Who answers in the console.
    #[serde(default)]
    pub agents: Vec<String>,
    /// Clips as the release before stored them.
    #[serde(default)]
    pub clips: Vec<Value>,
    /// The length of each of their files.
    #[serde(default)]
    pub files: BTreeMap<String, usize>,
}

/// One thing that happened: a request with its reply, a frame, or the end of a connection.
#[derive(Deserialize)]
pub struct Line {
    /// The collector's clock.
    pub at: i64,
    /// Method and path of a request.
    pub request: Option<String>,
    /// What it sent.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// JSON, or a string when it was other text.
    pub body: Option<Box<RawValue>>,
    /// What was no text, in hexadecimal.
    pub hex: Option<String>,
    /// Who sent it, when an agent did.
    pub agent: Option<String>,
    /// The number of the connection that it opened.
    pub opens: Option<u64>,
    #[serde(default)]
    pub status: u16,
    /// The headers of the reply that a browser acts on.
    #[serde(default)]
    pub answered: BTreeMap<String, String>,
    pub reply: Option<Value>,
    /// The connection on which the widget sent a frame.
    pub sent: Option<u64>,
    /// The connection on which it received one.
    pub received: Option<u64>,
    pub frame: Option<Box<RawValue>>,
    /// The connection that ended.
    pub closed: Option<u64>,
}

/// Every recording, by name.
pub fn all() -> Vec<Recording> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/replay/recorded");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "jsonl"));
    files.sort();
    files.iter().map(|file| read(file)).collect()
}

fn read(file: &Path) -> Recording {
    let name = file.file_stem().unwrap().to_string_lossy().into_owned();
    let text = fs::read_to_string(file).unwrap();
    let mut lines = text.lines();
    let site = serde_json::from_str(lines.next().unwrap()).unwrap();
    let parsed = lines.enumerate().map(|(at, line)| {
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}, line {}: {error}", at + 2))
    });
    Recording { lines: parsed.collect(), site, name }
}

impl Line {
    /// The kind of a frame.
    pub fn kind(&self) -> Option<String> {
        let frame: Value = serde_json::from_str(self.frame.as_ref()?.get()).unwrap();
        frame["t"].as_str().map(str::to_owned)
    }

    /// The bytes that a request sent.
    pub fn content(&self) -> Vec<u8> {
        if let Some(hex) = &self.hex {
            return (0..hex.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
                .collect();
        }
        let body = self.body.as_ref().map_or("", |body| body.get());
        // A widget's bodies are objects: a string is text that was no JSON.
        if body.starts_with('"') { serde_json::from_str::<String>(body).unwrap().into() } else { body.into() }
    }
}
