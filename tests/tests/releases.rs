//! Data folders of earlier releases are opened by this one: as they are, and after a kill in the middle of the upgrade.
//! How they are made: `tests/releases/README.md`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tabiji_tests::{ALWAYS, FaultyDisk, Stack, demo_flow, fresh_id, now};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("releases")
}

/// The folders that are kept.
fn releases() -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder())?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    Ok(entries.into_iter().filter(|path| path.is_dir()).collect())
}

fn read(file: &Path) -> Result<Value> {
    Ok(serde_json::from_str(&fs::read_to_string(file)?)?)
}

async fn get(stack: &Stack, cookie: &str, path: &str) -> Result<Value> {
    let url = format!("{}{path}", stack.url());
    let answer = stack.client.get(url).header("cookie", cookie).send().await?;
    ensure!(answer.status() == 200, "{path}: {}", answer.text().await?);
    Ok(answer.json().await?)
}

/// What a collector answers about a folder: records, progress, a conversation, a report.
async fn answers(stack: &Stack) -> Result<Value> {
    let site = stack.key("public_key");
    let session = json!({ "site": site, "token": stack.token("tanaka", "acct-1")?, "locale": "ja" });
    let session = stack.client.post(format!("{}/v1/session", stack.url())).json(&session).send().await?;
    let session: Value = session.json().await?;
    let records: Vec<Value> = stack
        .export()?
        .iter()
        .map(|row| json!({ "seq": row["seq"], "id": row["id"], "source": row["source"], "at": row["at"], "body": row["body"] }))
        .collect();
    let cookie = stack.agent().await?;
    let inbox = get(stack, &cookie, &format!("/api/inbox?site={site}")).await?;
    let c = inbox[0]["c"].as_str().context("no conversation")?;
    let thread = get(stack, &cookie, &format!("/api/inbox/{c}?site={site}")).await?;
    let journey = get(stack, &cookie, &format!("/api/journey?site={site}&locale=ja")).await?;
    Ok(json!({
        "records": records, "steps": session["progress"]["steps"], "flow": session["flow"]["version"],
        "people": inbox.as_array().map(Vec::len), "lines": thread["lines"], "journey": journey["steps"],
    }))
}

/// Checks that everything that was answered once is answered now; answers may have more.
fn ensure_holds(now: &Value, once: &Value, place: &str) -> Result<()> {
    match (now, once) {
        (Value::Object(now), Value::Object(once)) => once.iter().try_for_each(|(key, once)| {
            ensure_holds(now.get(key).unwrap_or(&Value::Null), once, &format!("{place}.{key}"))
        }),
        (Value::Array(now), Value::Array(once)) => {
            ensure!(now.len() == once.len(), "{place}: {} of {}", now.len(), once.len());
            now.iter()
                .zip(once)
                .enumerate()
                .try_for_each(|(n, (now, once))| ensure_holds(now, once, &format!("{place}[{n}]")))
        }
        _ => {
            ensure!(now == once, "{place}: {now} was {once}");
            Ok(())
        }
    }
}

#[tokio::test]
async fn s34_the_data_folder_of_each_release_before_is_opened_and_says_what_it_said() -> Result<()> {
    let releases = releases()?;
    assert!(!releases.is_empty(), "no release is kept");
    for release in releases {
        let mut stack = Stack::on_copy(&release.join("data"), read(&release.join("keys.json"))?)?;
        let log = stack.data().with_extension("log");
        stack.start_collector_with_log("warn", File::create(&log)?.into()).await?;
        let said = fs::read_to_string(&log)?;
        ensure!(said.contains("the way back is a backup from before"), "{said}");
        fs::remove_file(log)?;
        ensure_holds(
            &answers(&stack).await?,
            &read(&release.join("expected.json"))?,
            &release.display().to_string(),
        )?;
        // And it goes on from there.
        stack.fact("acct-1", "users", 7).await?;
        let said = stack.tabiji(&["rebuild"])?;
        ensure!(said.trim_end().ends_with("as before"), "{said}");
    }
    Ok(())
}

#[tokio::test]
async fn s34_a_command_upgrades_nothing_under_a_collector_of_the_release_before() -> Result<()> {
    for release in releases()? {
        let mut stack = Stack::on_copy(&release.join("data"), read(&release.join("keys.json"))?)?;
        // What a collector of that release holds.
        let lock = stack.data().join("tabiji.lock");
        fs::write(&lock, "17\nhttp://127.0.0.1:7600\n")?;
        let held = File::options().write(true).open(&lock)?;
        held.try_lock()?;
        for command in [&["site", "list"][..], &["export", "events"], &["quarantine"]] {
            let said = stack.tabiji(command).err().map(|error| error.to_string()).unwrap_or_default();
            ensure!(said.contains("process 17 serves") && said.contains("earlier release"), "{command:?}: {said}");
        }
        drop(held);
        stack.start_collector().await?;
        stack.tabiji(&["site", "list"])?;
    }
    Ok(())
}

#[tokio::test]
async fn s34_an_upgrade_that_is_killed_at_any_write_goes_on_where_it_stood() -> Result<()> {
    for release in releases()? {
        let expected = read(&release.join("expected.json"))?;
        let mut kills = 0;
        for writes in 0.. {
            let mut stack = Stack::on_copy(&release.join("data"), read(&release.join("keys.json"))?)?;
            let disk = FaultyDisk::under(stack.data())?;
            disk.fail(&format!("dying * {writes}"))?;
            let survived = stack.survives_start_on(&disk).await?;
            if survived {
                break;
            }
            kills += 1;
            // Each other time the power fails as well.
            if writes % 2 == 1 {
                disk.lose_power()?;
            }
            disk.mend()?;
            stack.start_collector_on(&disk).await.with_context(|| format!("killed at write {writes}"))?;
            // All of it takes a second, so most are asked for their records alone.
            let records = stack.export()?.len();
            ensure!(
                Some(records) == expected["records"].as_array().map(Vec::len),
                "killed at write {writes}"
            );
            if kills % 8 == 0 {
                ensure_holds(&answers(&stack).await?, &expected, &format!("killed at write {writes}"))?;
            }
        }
        assert!(kills > 5, "only {kills} kills: the test no longer tests");
    }
    Ok(())
}

/// Makes the folder of this release, by the binary that was built.
#[tokio::test]
#[ignore = "writes tests/releases"]
async fn keep_the_data_folder_of_this_release() -> Result<()> {
    let (mut stack, _) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    stack.publish_desk(ALWAYS)?;
    let event = |n: u64, kind: &str, step: Value, data: Value| json!({ "id": fresh_id(), "at": now(), "session": fresh_id(), "n": n, "kind": kind, "flow": "setup@1", "step": step, "data": data });
    let events = [
        event(1, "step.shown", json!("users"), json!({})),
        event(2, "step.snoozed", json!("users"), json!({ "until": now() + 86_400_000, "reason": "会議" })),
        event(3, "custom", Value::Null, json!({ "name": "deal_created" })),
        event(4, "no.such.kind", Value::Null, json!({})),
    ];
    let body = json!({ "site": stack.key("public_key"), "token": stack.token("tanaka", "acct-1")?, "sent_at": now(), "events": events });
    let sent = stack.client.post(format!("{}/v1/events", stack.url())).json(&body).send().await?;
    ensure!(sent.status() == 200, "{}", sent.text().await?);
    for users in [2, 5] {
        stack.fact_by(Some("sato"), "acct-1", "users", users).await?;
    }
    stack.fact("acct-2", "users", 1).await?;
    let hello = json!({ "v": 1, "site": stack.key("public_key"), "tok": stack.token("tanaka", "acct-1")? });
    let frame = json!({ "t": "send", "mid": fresh_id(), "ck": fresh_id(), "body": { "text": "請求書はどこですか？" } });
    let body = json!({ "hello": hello, "frames": [frame] });
    stack.client.post(format!("{}/v1/chat/send", stack.url())).json(&body).send().await?;
    stack.answer(&stack.agent().await?, "設定の画面です").await?;
    stack.tabiji(&["rebuild"])?;
    let expected = answers(&stack).await?;
    stack.stop_collector()?;
    let version = stack.tabiji_version()?;
    let kept = folder().join(version);
    fs::create_dir_all(kept.join("data"))?;
    // The configuration names the folder of this run.
    fs::copy(stack.data().join("tabiji.db"), kept.join("data/tabiji.db"))?;
    fs::write(kept.join("keys.json"), serde_json::to_string_pretty(stack.keys())?)?;
    Ok(fs::write(kept.join("expected.json"), serde_json::to_string_pretty(&expected)?)?)
}
