//! The samples that sign identity tokens, each run in its language and believed by a collector.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tabiji_tests::Stack;

/// What JSON has to escape, and what is no ASCII.
const NAME: &str = "田中 \"Hana\" O'Neill";

/// How each sample is run.
const SAMPLES: [(&str, &[&str]); 6] = [
    ("node", &["token.mjs"]),
    ("python3", &["sign_token.py"]),
    ("php", &["token.php"]),
    ("ruby", &["token.rb"]),
    ("go", &["run", "token.go"]),
    ("java", &["-Dfile.encoding=UTF-8", "Token.java"]),
];

fn is_here(program: &str) -> bool {
    let version = if program == "go" { "version" } else { "--version" };
    let mut command = Command::new(program);
    let status = command.arg(version).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

fn sign(stack: &Stack, program: &str, arguments: &[&str]) -> Result<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../samples/token");
    let mut command = Command::new(program);
    command.args(arguments).args(["user-17", "acct-9", NAME]).current_dir(folder);
    command.env("TABIJI_PUBLIC_KEY", stack.key("public_key"));
    command.env("TABIJI_IDENTITY_SECRET", stack.key("identity_secret")).env("LC_ALL", "C.UTF-8");
    let output = command.output().with_context(|| format!("cannot run {program}"))?;
    ensure!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

async fn session(stack: &Stack, token: &str) -> Result<Value> {
    let body = json!({ "site": stack.key("public_key"), "token": token, "locale": "en" });
    Ok(stack.client.post(format!("{}/v1/session", stack.url())).json(&body).send().await?.json().await?)
}

/// A token of each language names the person, the account and the name. A language that is not on this machine is
/// left out, and said; Node and Python are on every machine that builds this.
#[tokio::test]
async fn a_token_of_every_language_is_believed() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    for (program, arguments) in SAMPLES {
        if !is_here(program) {
            ensure!(!["node", "python3"].contains(&program), "{program} has to be on this machine");
            eprintln!("left out: {program} is not on this machine");
            continue;
        }
        let session = session(&stack, &sign(&stack, program, arguments)?).await?;
        let said = [&session["user"], &session["account"], &session["name"], &session["verified"]];
        assert_eq!(said, [&json!("user-17"), &json!("acct-9"), &json!(NAME), &json!(true)], "{program}");
    }
    Ok(())
}

#[tokio::test]
async fn a_token_of_the_command_line_is_believed_and_one_of_another_site_is_not() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    let token = stack.tabiji(&["token", "--user", "user-17", "--account", "acct-9", "--name", NAME])?;
    let session_of = session(&stack, token.trim()).await?;
    assert_eq!((&session_of["user"], &session_of["name"]), (&json!("user-17"), &json!(NAME)));
    stack.tabiji(&["site", "add", "other", "--origin", "https://other.example.com"])?;
    assert!(stack.tabiji(&["token", "--user", "u", "--account", "a"]).is_err(), "which site is not said");
    let other = stack.tabiji(&["token", "--site", "other", "--user", "u", "--account", "a"])?;
    assert_eq!(session(&stack, other.trim()).await?["error"]["tag"], "bad_token");
    Ok(())
}
