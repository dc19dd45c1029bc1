//! Every command of `tabiji` beside a running collector and without one: what it does by intent, and what it says where it
//! cannot. None needs the collector stopped, and none stops it.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tabiji_tests::{Stack, binary, demo_flow, fresh_id};

/// How long a command may take beside a collector that is never idle.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a command says: `Ok` when it succeeds, `Err` when it refuses.
type Says = Result<&'static str, &'static str>;

/// A command as a shell reads it, what it says beside a running collector, and without one.
const COMMANDS: [(&str, Says, Says); 33] = [
    ("init --data $data", Ok("is ready"), Ok("is ready")),
    ("serve --data $data --print-config", Ok("port"), Ok("port")),
    ("site add NAME --origin https://a.example --data $data", Ok("secret_key"), Ok("secret_key")),
    ("site set NAME --verified-only true --data $data", Ok("NAME"), Ok("NAME")),
    ("site rotate NAME --secret-key --data $data", Ok("secret_key"), Ok("secret_key")),
    ("site list --data $data", Ok("NAME"), Ok("NAME")),
    ("site remove NAME --yes --data $data", Ok("deleted: NAME"), Ok("deleted: NAME")),
    ("media add $clips/first-setup.mp4 --site demo --data $data", Ok("in the library"), Ok("in the library")),
    ("media list --data $data", Ok("first-setup"), Ok("first-setup")),
    ("link --email NAME@example.com --data $data", Ok("/console/welcome#"), Ok("does not run yet")),
    ("token --user u --account a --site demo --data $data", Ok("eyJ"), Ok("eyJ")),
    ("operator list --data $data", Ok("sato@example.com"), Ok("sato@example.com")),
    ("operator set sato@example.com --role admin --data $data", Ok("sato@example.com"), Ok("sato@example.com")),
    ("operator remove nobody@example.com --data $data", Err("nobody@example.com"), Err("nobody@example.com")),
    ("flow new $folder/NAME.toml", Ok("NAME.toml"), Ok("NAME.toml")),
    ("check $folder/NAME.toml", Ok(""), Ok("")),
    ("schema", Ok("$schema"), Ok("$schema")),
    ("publish $folder/NAME.toml --url $url --key $key", Ok("published"), Err("cannot reach")),
    ("desk check $desk", Ok(""), Ok("")),
    ("desk publish $desk --url $url --key $key", Ok("published"), Err("cannot reach")),
    ("export events --data $data", Ok("users"), Ok("users")),
    ("export accounts --format csv --data $data", Ok("acct-1"), Ok("acct-1")),
    ("export steps --data $data", Ok(""), Ok("")),
    ("quarantine --site demo --data $data", Ok(""), Ok("")),
    ("quarantine --site demo --records --data $data", Ok(""), Ok("")),
    ("erase user nobody --url $url --key $key", Ok("nobody"), Err("cannot reach")),
    ("erase account nobody --url $url --key $key", Ok("nobody"), Err("cannot reach")),
    ("rebuild --data $data", Ok("as before"), Ok("as before")),
    ("backup $folder/NAME.tar.zst --data $data", Ok("read again and whole"), Ok("read again and whole")),
    ("restore $folder/NAME.tar.zst --data $folder/NAME", Ok("is restored"), Ok("is restored")),
    ("restore $folder/NAME.tar.zst --data $data", Err("stays as it is"), Err("stays as it is")),
    ("doctor --data $data", Ok("database: whole"), Ok("database: whole")),
    ("serve --data $data --host 203.0.113.1", Err("serves"), Err("cannot listen")),
];

fn shell(stack: &Stack, folder: &std::path::Path, command: &str) -> Result<(bool, String)> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo-site");
    let mut bash = Command::new("bash");
    bash.args(["-c", &format!("umask 000; $tabiji {command}")]).env("tabiji", binary("tabiji")?).env("data", stack.data());
    bash.env("folder", folder).env("url", stack.url()).env("key", stack.key("secret_key"));
    bash.env("clips", format!("{root}/clips")).env("desk", format!("{root}/desk.toml"));
    let output = bash.output()?;
    let said = [output.stdout, output.stderr].concat();
    Ok((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
}

/// S30, and case 43.
#[tokio::test]
async fn s30_every_command_does_by_intent_what_it_does_beside_a_collector_and_without_one() -> Result<()> {
    let (mut stack, _) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    stack.fact("acct-1", "users", 5).await?;
    stack.agent().await?;
    let folder = tempfile::tempdir()?;
    for (name, is_beside) in [("beside", true), ("alone", false)] {
        if !is_beside {
            stack.stop_collector()?;
        }
        for (command, beside, alone) in COMMANDS {
            let (command, says) = (command.replace("NAME", name), if is_beside { beside } else { alone });
            let (done, said) = shell(&stack, folder.path(), &command)?;
            let expected = says.unwrap_or_else(|refusal| refusal).replace("NAME", name);
            // Doctor finds what is not ready yet; what it says of the rest is looked at.
            let done = if command.starts_with("doctor") { says.is_ok() } else { done };
            assert!(done == says.is_ok() && said.contains(&expected), "{name}: {command}: {said}");
        }
        if is_beside {
            assert_eq!(stack.ready().await?, 200, "the collector serves on");
        }
    }
    stack.start_collector().await
}

/// S13: whatever writes into a data folder or beside it.
#[tokio::test]
async fn s13_what_any_command_writes_is_its_owners_alone_whatever_the_umask() -> Result<()> {
    let (mut stack, _) = Stack::start(1).await?;
    stack.stop_collector()?;
    stack.start_collector_unmasked().await?;
    stack.fact("acct-1", "users", 5).await?;
    let (id, text) = (fresh_id(), "a secret");
    let hello = json!({ "v": 1, "site": stack.key("public_key"), "tok": stack.token("tanaka", "acct-1")? });
    let file = json!({ "hello": hello, "id": id, "name": "secret.txt", "size": text.len() });
    let target = stack.client.post(format!("{}/v1/chat/files", stack.url())).json(&file).send().await?;
    let target: serde_json::Value = target.error_for_status()?.json().await?;
    let url = target["to"].as_str().context("no address")?;
    let upload = stack.client.post(format!("{}/{url}&at=0", stack.url())).body(text).send().await?;
    ensure!(upload.status().is_success(), "{}", upload.text().await?);
    let folder = tempfile::tempdir()?;
    for command in [
        "media add $clips/first-setup.mp4 --poster $clips/first-setup.jpg --captions $clips/first-setup.ja.vtt --data $data",
        "publish $clips/../flow.toml --url $url --key $key",
        "desk publish $desk --url $url --key $key",
        "erase user suzuki --url $url --key $key",
        "export events --data $data",
        "quarantine --records --data $data",
        "backup $folder/b.tar.zst --data $data",
        "restore $folder/b.tar.zst --data $folder/restored",
        "init --data $folder/new",
        "site add demo --origin https://a.example --data $folder/new",
        "rebuild --data $folder/restored",
        "doctor --data $data",
    ] {
        let (done, said) = shell(&stack, folder.path(), command)?;
        assert!(done || command.starts_with("doctor"), "{command}: {said}");
        let open = Command::new("find").args([stack.data(), folder.path()]).args(["-mindepth", "1", "-perm", "/077"]).output()?;
        assert_eq!(String::from_utf8_lossy(&open.stdout), "", "after {command}");
    }
    // What the walk is to find is there.
    for name in ["tabiji.db", "tabiji.db-wal", "tabiji.lock", "erasures.ndjson", "media/1", &format!("files/1/{id}")] {
        ensure!(stack.data().join(name).exists(), "there is no {name}");
    }
    Ok(())
}

/// Case 39: projections are computed again while records come in without a pause.
#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_beside_a_busy_collector_ends_and_refuses_nobody() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    for account in 0..50 {
        stack.fact(&format!("acct-{account}"), "users", 5).await?;
    }
    let stack = Arc::new(stack);
    let (stop, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let clients: Vec<_> = (0..8)
        .map(|client| {
            let (stack, stop, written) = (Arc::clone(&stack), Arc::clone(&stop), Arc::clone(&written));
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    let fact = json!({ "id": fresh_id(), "account": format!("acct-{client}"), "name": "users", "value": 1 });
                    let request = stack.client.post(format!("{}/v1/facts", stack.url()));
                    let request = request.bearer_auth(stack.key("secret_key")).json(&json!({ "facts": [fact] }));
                    let answer = request.send().await?;
                    // The site's own rate may be spent; that is an answer, too.
                    ensure!(matches!(answer.status().as_u16(), 200 | 429), "{}", answer.text().await?);
                    written.fetch_add(1, Ordering::Relaxed);
                }
                Ok(())
            })
        })
        .collect();
    let begun = Instant::now();
    for round in 0..5 {
        let before = written.load(Ordering::Relaxed);
        while written.load(Ordering::Relaxed) < before + 20 {
            tokio::time::sleep(Duration::from_millis(5)).await;
            ensure!(begun.elapsed() < PATIENCE, "nobody writes");
        }
        let own = Arc::clone(&stack);
        let name = format!("site-{round}");
        let work = tokio::task::spawn_blocking(move || {
            let said = own.tabiji(&["rebuild"])?;
            own.tabiji(&["site", "add", &name, "--origin", "https://other.example"])?;
            anyhow::Ok(said)
        });
        let said = tokio::time::timeout(PATIENCE, work).await.context("the rebuild does not end")???;
        assert!(said.contains("rebuilt; checksum"), "{said}");
    }
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        client.await??;
    }
    // In peace it is the same again: nothing was lost between the two who projected.
    let said = stack.tabiji(&["rebuild"])?;
    assert!(said.contains("as before"), "{said}");
    Ok(())
}
