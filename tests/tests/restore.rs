//! A backup that is restored is older than what clients know: they can tell, nothing is skipped, and what is missing
//! can be sent again.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tabiji_tests::{Browser, HostPage, Stack, Widget, demo_flow, fresh_id, identify, made_at, now, run, snippet};

/// What a person's client sends, and what it keeps of the answers.
struct Client<'a> {
    stack: &'a Stack,
    user: &'a str,
    account: &'a str,
}

impl Client<'_> {
    async fn post(&self, path: &str, mut body: Value) -> Result<Value> {
        body["site"] = json!(self.stack.key("public_key"));
        body["token"] = json!(self.stack.token(self.user, self.account)?);
        let answer = self.stack.client.post(format!("{}{path}", self.stack.url())).json(&body).send().await?;
        ensure!(answer.status() == 200, "{path}: {} {}", answer.status(), answer.text().await?);
        Ok(answer.json().await?)
    }

    async fn session(&self) -> Result<Value> {
        self.post("/v1/session", json!({ "locale": "ja" })).await
    }

    /// Sends an event and returns its outcome.
    async fn event(&self, id: &str) -> Result<Value> {
        let event = json!({ "id": id, "at": made_at(id), "session": id, "n": 1, "kind": "custom", "data": { "name": "x" } });
        let said = self.post("/v1/events", json!({ "sent_at": now(), "events": [event] })).await?;
        Ok(said["results"][0]["outcome"].clone())
    }

    /// Sends a message to the conversation that began with `key`; returns the answer.
    async fn message(&self, key: &str, mid: &str) -> Result<Value> {
        let hello = json!({ "v": 1, "site": self.stack.key("public_key"), "tok": self.stack.token(self.user, self.account)? });
        let frame = json!({ "t": "send", "mid": mid, "ck": key, "body": { "text": mid } });
        let body = json!({ "hello": hello, "frames": [frame] });
        let answer =
            self.stack.client.post(format!("{}/v1/chat/send", self.stack.url())).json(&body).send().await?;
        Ok(answer.json::<Value>().await?[0].clone())
    }
}

fn backup(stack: &Stack) -> Result<PathBuf> {
    let archive = stack.data().join("backup.tar.zst");
    stack.tabiji(&["backup", &archive.display().to_string()])?;
    Ok(archive)
}

/// The conversations of a console that knows those up to a revision.
async fn inbox(stack: &Stack, after: u64) -> Result<Vec<Value>> {
    let cookie = stack.agent().await?;
    let url = format!("{}/api/inbox?site={}&after={after}", stack.url(), stack.key("public_key"));
    Ok(stack.client.get(url).header("cookie", cookie).send().await?.json().await?)
}

#[tokio::test]
async fn s29_a_restored_backup_is_another_epoch_and_what_it_lacks_can_be_sent_again() -> Result<()> {
    let (stack, ports) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    stack.add_clip()?;
    let origin = format!("http://127.0.0.1:{}", ports[0]);
    let ids: Vec<String> = (0..6).map(|_| fresh_id()).collect();
    let client = |stack| Client { stack, user: "tanaka", account: "acct-1" };
    let before = client(&stack);
    before.event(&ids[0]).await?;
    ensure!(before.message(&ids[1], &ids[1]).await?["t"] == "ack");
    let archive = backup(&stack)?;
    // What the backup does not have.
    before.event(&ids[2]).await?;
    for mid in [&ids[3], &ids[4]] {
        ensure!(before.message(&ids[1], mid).await?["t"] == "ack");
    }
    for users in 1..=5 {
        stack.fact("acct-1", "users", users).await?;
    }
    let known = before.session().await?;
    let rev = inbox(&stack, 0).await?[0]["rev"].as_u64().context("no revision")?;

    let restored = stack.restored(&archive, &[]).await?;
    let after = client(&restored);
    let fresh = after.session().await?;
    assert_ne!(fresh["epoch"], known["epoch"]);
    assert!(fresh["epoch"].as_str().is_some_and(|epoch| !epoch.is_empty()));
    // A client that asks for what is newer than it knows is answered, with less than it knows.
    let asked = json!({ "since": known["revision"], "flow": known["flow"]["name"] });
    let progress =
        tokio::time::timeout(std::time::Duration::from_secs(10), after.post("/v1/progress", asked));
    let progress = progress.await.context("the question is held as if nothing had changed")??;
    assert!(progress["revision"].as_i64() > known["revision"].as_i64(), "{progress}");
    // So is a console, about each conversation.
    let listed = inbox(&restored, rev).await?;
    assert_eq!(listed.len(), 1, "{listed:?}");
    // The chat says so in its welcome, and what the client claims to have counts for nothing.
    let mut socket = restored.knock(&origin).await?;
    let c = listed[0]["c"].clone();
    let resume = json!([{ "c": c, "log": "pub", "seq": 3 }]);
    let hello = json!({ "t": "hello", "v": 1, "site": restored.key("public_key"),
                        "tok": restored.token("tanaka", "acct-1")?, "resume": resume, "epoch": known["epoch"] });
    socket.say(&hello).await?;
    let welcome = socket.until("welcome").await?;
    assert_eq!((&welcome["epoch"], &welcome["heads"][0]["seq"]), (&fresh["epoch"], &json!(1)), "{welcome}");
    assert_eq!(socket.until("event").await?["mid"], ids[1].as_str(), "from the beginning");
    // Everything may be offered again: what is there is found, what is missing is taken, and nothing is overwritten.
    for (id, outcome) in [(&ids[0], "duplicate"), (&ids[2], "stored"), (&ids[2], "duplicate")] {
        assert_eq!(after.event(id).await?, outcome);
    }
    ensure!(after.message(&ids[1], &ids[5]).await?["seq"] == 2, "written since");
    for (mid, seq, dup) in [(&ids[1], 1, true), (&ids[3], 3, false), (&ids[4], 4, false), (&ids[3], 3, true)]
    {
        let said = after.message(&ids[1], mid).await?;
        assert_eq!((&said["seq"], said["dup"] == true), (&json!(seq), dup), "{said}");
    }
    // An export from a place of the other history is refused.
    let refused =
        restored.tabiji(&["export", "events", "--after", "99"]).err().context("it skips")?.to_string();
    assert!(refused.contains("the journal ends at"), "{refused}");
    let export = stack.client.get(format!("{}/v1/export/events?after=99", restored.url()));
    assert_eq!(export.bearer_auth(stack.key("secret_key")).send().await?.status(), 400);
    // Clips and settings came along, and the reports are those of the journal.
    assert_eq!(std::fs::read_dir(restored.media())?.count(), std::fs::read_dir(stack.media())?.count());
    let said = restored.tabiji(&["rebuild"])?;
    ensure!(said.trim_end().ends_with("as before"), "{said}");
    Ok(())
}

/// The page stays open while the collector goes back to a backup: what only the widget has is offered, and nothing is
/// sent unasked.
#[tokio::test]
async fn s29_a_widget_offers_to_send_again_the_messages_that_a_restored_collector_lacks() -> Result<()> {
    let (mut stack, ports) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    let calls = identify(&stack, "tanaka", "acct-1")?;
    let page = HostPage::start(ports[0], &snippet(&stack, "", &calls), "").await?;
    let browser = Browser::start().await?;
    browser.open(&page.url).await?;
    let widget = Widget(&browser);
    widget.talk().await?;
    widget.send("before").await?;
    let archive = backup(&stack)?;
    widget.send("since").await?;
    stack.go_back_to(&archive).await?;

    widget.wait(".after .wrong", "it.textContent === '未送信のメッセージが1件あります。'").await?;
    let said = "[...it.querySelectorAll('.mine p')].map((p) => p.textContent).join()";
    widget.wait(".talk", &format!("{said} === 'before,since'")).await?;
    let has = async || -> Result<Vec<Value>> {
        let listed = inbox(&stack, 0).await?;
        let cookie = stack.agent().await?;
        let c = listed[0]["c"].as_str().context("no conversation")?;
        let url = format!("{}/api/inbox/{c}?site={}", stack.url(), stack.key("public_key"));
        let log: Value = stack.client.get(url).header("cookie", cookie).send().await?.json().await?;
        let lines = log["lines"].as_array().context("no entries")?;
        Ok(lines.iter().filter_map(|line| line["body"].get("text").cloned()).collect())
    };
    assert_eq!(has().await?, ["before"]);
    widget.click(".after .plain").await?;
    widget.wait(".after", "!it.querySelector('.wrong')").await?;
    widget.sent().await?;
    assert_eq!(has().await?, ["before", "since"]);
    Ok(())
}

#[tokio::test]
async fn s29_who_was_erased_after_a_backup_is_erased_again_when_it_is_restored() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    let mids: Vec<String> = (0..2).map(|_| fresh_id()).collect();
    for (user, mid) in [("tanaka", &mids[0]), ("sato", &mids[1])] {
        ensure!(Client { stack: &stack, user, account: "acct-1" }.message(mid, mid).await?["t"] == "ack");
    }
    let archive = backup(&stack)?;
    let erase = stack.client.delete(format!("{}/v1/users/tanaka", stack.url()));
    ensure!(erase.bearer_auth(stack.key("secret_key")).send().await?.status() == 200);
    let list = stack.data().join("erasures.ndjson").display().to_string();
    let restored = stack.restored(&archive, &["--erasures", &list]).await?;
    let left = inbox(&restored, 0).await?;
    assert_eq!(left.iter().map(|one| one["user"].clone()).collect::<Vec<_>>(), ["sato"], "{left:?}");
    // The list goes along: the next backup that is restored is older than it, too.
    assert_eq!(
        std::fs::read_to_string(restored.data().join("erasures.ndjson"))?,
        std::fs::read_to_string(list)?
    );
    // Without the list they are back, so that it is worth keeping.
    assert_eq!(inbox(&stack.restored(&archive, &[]).await?, 0).await?.len(), 2);
    Ok(())
}

/// S24: what a restore does of erasures by itself is nothing, and it says so.
#[tokio::test]
async fn s24_a_restore_without_the_list_of_erasures_says_that_who_was_erased_is_back() -> Result<()> {
    let stack = Stack::start_empty().await?;
    let archive = backup(&stack)?.display().to_string();
    let list = stack.data().join("erasures.ndjson").display().to_string();
    std::fs::write(&list, "")?;
    for (to, with, expected, never) in [
        ("without", vec![], "who was erased after this backup is back", "Done again"),
        ("with", vec!["--erasures", &list], "Done again: 0 erasures.", "is back"),
    ] {
        let data = stack.data().join(to).display().to_string();
        let said = run(&[&["restore", &archive, "--data", &data], with.as_slice()].concat())?;
        assert!(said.contains(expected) && !said.contains(never), "{said}");
        assert!(said.contains(&format!("tabiji serve --data {data}")), "{said}");
    }
    Ok(())
}
