//! The HTTP interface, tried by its own document: schemathesis makes requests of it, good and bad ones, and follows what
//! answers lead to.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tabiji_tests::{Stack, demo_flow, fresh_id};

/// Examples of one route, where nobody says how many requests there are to be; with what the document itself suggests, a
/// run is some thousands.
const EXAMPLES: usize = 8;
/// What is looked at in every answer. That bad data is refused is not among it: unknown fields are for later versions.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,\
                      unsupported_method,allow_header_conformance";
/// Answers without an end.
const ENDLESS: [&str; 3] = ["/api/live", "/api/inbox/live", "/v1/chat/stream"];
/// What ends the session by which the others are asked.
const LAST: [&str; 2] = ["console.auth.sign_in.delete", "console.auth.sessions.delete"];

/// The document with what nobody could guess: the site's key, a token, a conversation and a file that are there.
async fn document(stack: &Stack, known: &Value) -> Result<Value> {
    let answer = stack.client.get(format!("{}/openapi.json", stack.url())).send().await?;
    let mut document: Value = answer.json().await?;
    let site = json!({ "const": stack.key("public_key") });
    let schemas = &mut document["components"]["schemas"];
    schemas["SiteKey"] = site.clone();
    for (schema, field) in [("SessionRequest", "token"), ("EventBatch", "token"), ("Hello", "tok")] {
        let field = &mut schemas[schema]["properties"][field];
        ensure!(field.is_object(), "{schema} has no token");
        *field = json!({ "enum": [known["token"], known["token"], null] });
    }
    // A question about later news than there are is held for 25 seconds.
    let since = &mut schemas["ProgressQuery"]["properties"]["since"];
    ensure!(since.is_object(), "a question says since when");
    *since = json!({ "const": -1 });
    for operation in document["paths"].as_object_mut().into_iter().flat_map(|paths| paths.values_mut()) {
        for operation in operation.as_object_mut().into_iter().flat_map(|methods| methods.values_mut()) {
            for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap_or_default().to_owned();
                match name.as_str() {
                    "site" => parameter["schema"] = site.clone(),
                    "conversation" => {
                        parameter["schema"] = json!({ "enum": [known["conversation"], fresh_id()] })
                    }
                    "what" => {
                        parameter["schema"] = json!({ "enum": ["events", "accounts", "steps", "nothing"] })
                    }
                    _ => {}
                }
            }
        }
    }
    Ok(document)
}

/// Fills the site, so that there is something to answer.
async fn fill(stack: &Stack, origin: &str) -> Result<Value> {
    stack.publish(&demo_flow())?;
    let token = stack.token("tanaka", "acct-1")?;
    stack.fact("acct-1", "users", 5).await?;
    let mut socket = stack.knock(origin).await?;
    socket.say(&json!({ "t": "hello", "v": 1, "site": stack.key("public_key"), "tok": token })).await?;
    socket.until("welcome").await?;
    let mid = fresh_id();
    socket.say(&json!({ "t": "send", "mid": mid, "ck": mid, "body": { "text": "Hello?" } })).await?;
    let conversation = socket.until("ack").await?["c"].clone();
    Ok(json!({ "token": token, "conversation": conversation }))
}

/// How many requests there are to be at least, where `TABIJI_CASES` says it (`cargo xtask schemathesis`).
fn wanted() -> Result<Option<usize>> {
    std::env::var("TABIJI_CASES").ok().map(|cases| cases.parse().context("TABIJI_CASES is no number")).transpose()
}

/// Runs schemathesis on the document with so many examples of each route, of which `which` chooses; returns how many
/// requests it made.
fn run(stack: &Stack, document: &Path, cookie: &str, examples: usize, which: &[&str]) -> Result<usize> {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.tools/schemathesis/bin/st");
    let examples = examples.to_string();
    let mut command = Command::new(program);
    command.current_dir(stack.data()).args(["run"]).arg(document).args(["--url", &stack.url()]);
    command.args([
        "--checks",
        CHECKS,
        "--max-examples",
        &examples,
        "--request-timeout",
        "40",
        "--continue-on-failure",
    ]);
    command.args(["--workers", "2", "--warnings", "off", "--no-color"]);
    command.args(["--header", &format!("Authorization: Bearer {}", stack.key("secret_key"))]);
    command.args(["--header", &format!("Cookie: {cookie}")]).args(which);
    let output = command.output().context("schemathesis is missing: `cargo xtask test` installs it")?;
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &*String::from_utf8_lossy(&output.stderr);
    eprintln!("{said}");
    ensure!(output.status.success(), "{said}");
    let made = said.lines().find_map(|line| line.split_once(" generated")?.0.trim().parse().ok());
    made.with_context(|| format!("it does not say how many requests it made: {said}"))
}

/// S36: no 5xx, no status and no kind of content that the document does not have, no answer of another shape.
#[tokio::test]
async fn s36_requests_made_of_the_document_are_answered_as_it_says() -> Result<()> {
    let (stack, ports) = Stack::start(1).await?;
    let known = fill(&stack, &format!("http://127.0.0.1:{}", ports[0])).await?;
    let cookie = stack.agent().await?;
    let (file, document) = (stack.data().join("openapi.json"), document(&stack, &known).await?);
    std::fs::write(&file, document.to_string())?;
    let routes = document["paths"].as_object().into_iter().flat_map(|paths| paths.values());
    let routes: usize = routes.filter_map(Value::as_object).map(|methods| methods.len()).sum();
    let wanted = wanted()?;
    let examples = wanted.map_or(EXAMPLES, |wanted| wanted.div_ceil(routes));
    let but: Vec<&str> = ENDLESS
        .iter()
        .flat_map(|path| ["--exclude-path", path])
        .chain(LAST.iter().flat_map(|operation| ["--exclude-operation-id", operation]))
        .collect();
    let mut made = run(&stack, &file, &cookie, examples, &but)?;
    let last = LAST.iter().flat_map(|operation| ["--include-operation-id", operation]);
    // Nothing leads to these two.
    let last: Vec<&str> = last.chain(["--phases", "coverage,fuzzing"]).collect();
    made += run(&stack, &file, &cookie, examples, &last)?;
    ensure!(made >= wanted.unwrap_or(1_000), "{made} requests were made");
    // The connection of before has been idle for too long.
    let ready = reqwest::get(format!("{}/health/ready", stack.url())).await?;
    ensure!(ready.status() == 200, "it does not answer any longer");
    Ok(())
}
