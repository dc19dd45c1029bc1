//! `/metrics`: that the names are those of the documents, and the numbers those of what happened.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tabiji_tests::{Stack, fresh_id, now};

fn read(file: &str) -> Result<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    std::fs::read_to_string(&file).with_context(|| file.display().to_string())
}

/// Every word of a text that begins like one of our names.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("tabiji_")).map(str::to_owned).collect()
}

/// The names that a table of the operations document explains.
fn documented() -> Result<BTreeSet<String>> {
    let text = read("docs/operations.md")?;
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `tabiji_")?.split_once('`'));
    Ok(rows.map(|(name, _)| format!("tabiji_{name}")).collect())
}

/// What is measured: each sample with its number.
struct Measured {
    types: BTreeMap<String, String>,
    samples: BTreeMap<String, f64>,
}

impl Measured {
    async fn at(stack: &Stack, url: &str) -> Result<Self> {
        let answer = stack.client.get(url).send().await?;
        let kind = answer.headers()["content-type"].to_str()?.to_owned();
        assert!(kind.starts_with("text/plain; version=0.0.4"), "{kind}");
        let (mut types, mut samples) = (BTreeMap::new(), BTreeMap::new());
        for line in answer.text().await?.lines() {
            if let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|line| line.split_once(' ')) {
                types.insert(name.to_owned(), kind.to_owned());
            } else if !line.starts_with('#') {
                let (sample, number) = line.rsplit_once(' ').context("no number")?;
                samples.insert(sample.to_owned(), number.parse()?);
            }
        }
        Ok(Self { types, samples })
    }

    fn of(&self, sample: &str) -> f64 {
        self.samples.get(sample).copied().unwrap_or_else(|| panic!("{sample}: {:?}", self.samples))
    }

    /// The names of samples, as queries ask for them.
    fn sampled(&self) -> BTreeSet<String> {
        names(&self.samples.keys().cloned().collect::<Vec<_>>().join(" "))
    }
}

/// S38: the names of the document, of the dashboard and of the alerts are those that are served.
#[tokio::test]
async fn s38_what_is_measured_is_what_the_document_names_and_what_is_asked_for() -> Result<()> {
    let (mut stack, ports) = Stack::start(1).await?;
    let public = stack.client.get(format!("{}/metrics", stack.url())).send().await?;
    assert_eq!(public.status(), 404, "the public port has no measures");
    stack.stop_collector()?;
    let url = stack.start_collector_watched("json", Stdio::null()).await?;
    let origin = format!("http://127.0.0.1:{}", ports[0]);
    let site = stack.key("public_key").to_owned();
    let post = async |path: &str, body: Value| {
        stack.client.post(format!("{}{path}", stack.url())).body(body.to_string()).send().await
    };
    let good = json!({ "id": fresh_id(), "at": now(), "session": fresh_id(), "n": 1, "kind": "chat.opened" });
    let batch =
        |events: Value| json!({ "site": site, "who": { "user": "u" }, "sent_at": now(), "events": events });
    post("/v1/events", batch(json!([good, { "id": fresh_id() }]))).await?;
    post("/v1/events", batch(json!([good]))).await?;
    post("/v1/events", json!({ "site": "pk_unknown", "sent_at": now(), "events": [] })).await?;
    stack.fact("acct-1", "users", 5).await?;
    let mut socket = stack.enter(&origin, 1).await?;
    socket.write("Hello?").await?;
    let hello = json!({ "v": 1, "site": site, "who": { "user": "user-2" } });
    let stream = post("/v1/chat/stream", hello).await?;
    let measured = Measured::at(&stack, &url).await?;

    let served: BTreeSet<String> = measured.types.keys().cloned().collect();
    assert_eq!(served, documented()?, "the table of docs/operations.md");
    for file in ["docs/monitoring/dashboard.json", "docs/monitoring/alerts.yml"] {
        let asked = names(&read(file)?.replace("tabiji_refusals_total says", ""));
        let sampled = measured.sampled();
        let unknown: Vec<_> = asked.difference(&sampled).collect();
        assert!(asked.len() > 5 && unknown.is_empty(), "{file} asks for what nothing serves: {unknown:?}");
    }
    // Everything that is served is on the dashboard, a histogram by its buckets.
    let shown = names(&read("docs/monitoring/dashboard.json")?);
    let hidden: Vec<_> =
        served.iter().filter(|name| !shown.iter().any(|shown| shown.starts_with(name.as_str()))).collect();
    assert!(hidden.is_empty(), "the dashboard does not show {hidden:?}");

    let events = |source: &str, outcome: &str| {
        measured.of(&format!("tabiji_events_total{{source=\"{source}\",outcome=\"{outcome}\"}}"))
    };
    assert_eq!(
        [events("widget", "stored"), events("widget", "duplicate"), events("widget", "quarantined")],
        [1.0, 1.0, 1.0]
    );
    assert_eq!(events("backend", "stored"), 1.0);
    assert_eq!(measured.of("tabiji_refusals_total{reason=\"unknown_key\"}"), 1.0);
    let answers = |route: &str, status: &str| {
        let labels = format!("method=\"POST\",route=\"{route}\",status=\"{status}\"");
        measured.of(&format!("tabiji_request_duration_seconds_count{{{labels}}}"))
    };
    assert_eq!([answers("/v1/events", "2xx"), answers("/v1/events", "4xx")], [2.0, 1.0]);
    for (name, number) in [
        ("tabiji_store_up", 1.0),
        ("tabiji_sockets_open", 1.0),
        ("tabiji_streams_open", 1.0),
        ("tabiji_questions_held", 0.0),
        ("tabiji_conversations_waiting", 1.0),
        ("tabiji_writes_waiting_max", 1024.0),
    ] {
        assert_eq!(measured.of(name), number, "{name}");
    }
    for name in ["tabiji_database_bytes", "tabiji_wal_bytes", "tabiji_disk_free_bytes"] {
        assert!(measured.of(name) > 0.0, "{name}");
    }
    assert!(measured.of("tabiji_guest_budget_used_ratio{kind=\"sockets\"}") > 0.0);
    drop((stream, socket));
    Ok(())
}

/// S38: what a caller makes up is no value of a label.
#[tokio::test]
async fn s38_methods_and_paths_that_callers_invent_make_no_series() -> Result<()> {
    let (mut stack, _) = Stack::start(1).await?;
    stack.stop_collector()?;
    let url = stack.start_collector_watched("text", Stdio::null()).await?;
    let before = Measured::at(&stack, &url).await?.samples.len();
    for n in 0..50 {
        let method = format!("INVENTED{n}").parse()?;
        stack.client.request(method, format!("{}/v1/invented/{n}", stack.url())).send().await?;
        stack.client.get(format!("{}/v1/export/invented-{n}", stack.url())).send().await?;
    }
    let after = Measured::at(&stack, &url).await?;
    assert_eq!(
        after.of("tabiji_request_duration_seconds_count{method=\"other\",route=\"none\",status=\"4xx\"}"),
        50.0
    );
    // Two routes with their buckets, and two refusals.
    assert!(after.samples.len() < before + 40, "{:?}", after.samples);
    Ok(())
}
