//! Support of a site for the journeys: its file, questions and reports without a browser, and users of the system who may
//! read and not write.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use anyhow::{Result, bail, ensure};
use serde_json::{Value, json};

use crate::stack::{Stack, binary, fresh_id, now};

/// A support file with which support is always open.
pub const ALWAYS: &str = r#"
zone = "Asia/Tokyo"
weekdays = ["00:00-24:00"]
week = { saturday = ["00:00-24:00"], sunday = ["00:00-24:00"] }
callback = { hours = 24 }
labels = ["請求", "不具合"]

[[replies]]
title = "最初のあいさつ"
text = { ja = "{user}さん、「{step}」のところですね。" }
"#;

/// The same, closed until a day such as `2035-05-07`: then a call can be asked for.
pub fn closed_until(day: &str) -> String {
    ALWAYS.replace("weekdays = [\"00:00-24:00\"]", "weekdays = []").replace(
        "week = { saturday = [\"00:00-24:00\"], sunday = [\"00:00-24:00\"] }",
        &format!("days = {{ \"{day}\" = [\"10:00-12:00\"] }}"),
    )
}

impl Stack {
    /// Writes to support as a signed-in customer's client does, without a browser. `context` is what they were doing.
    pub async fn question(&self, user: &str, account: &str, text: &str, context: Value) -> Result<()> {
        let hello = json!({ "v": 1, "site": self.key("public_key"), "tok": self.token(user, account)? });
        // What is written goes to the one conversation that this person has with this key.
        let key = "01930000-0000-7000-8000-000000000001";
        let frame = json!({
            "t": "send", "mid": fresh_id(), "ck": key, "body": { "text": text }, "ctx": context
        });
        let request = self.client.post(format!("{}/v1/chat/send", self.url()));
        let answer: Value =
            request.json(&json!({ "hello": hello, "frames": [frame] })).send().await?.json().await?;
        ensure!(answer[0]["t"] == "ack", "{answer}");
        Ok(())
    }

    /// Reports what a signed-in person did, as their widget does: kinds with data, which names the step.
    pub async fn reported(&self, (user, account): (&str, &str), events: &[(&str, Value)]) -> Result<()> {
        let event = |(n, (kind, data)): (usize, &(&str, Value))| {
            json!({ "id": fresh_id(), "at": now(), "session": fresh_id(), "n": n, "kind": kind, "data": data,
                    "flow": "setup@1", "step": data["step"] })
        };
        let events: Vec<Value> = events.iter().enumerate().map(event).collect();
        let (site, token) = (self.key("public_key"), self.token(user, account)?);
        let batch = json!({ "site": site, "token": token, "sent_at": now(), "events": events });
        let answer = self.client.post(format!("{}/v1/events", self.url())).json(&batch).send().await?;
        let answer: Value = answer.json().await?;
        let is_stored = |result: &Value| result["outcome"] == "stored";
        let all_stored = answer["results"].as_array().is_some_and(|all| all.iter().all(is_stored));
        ensure!(all_stored, "{answer}");
        Ok(())
    }

    /// Returns the version of the video that the only clip has now, as the widget learns it.
    pub async fn clip_version(&self) -> Result<Value> {
        let asked = json!({ "site": self.key("public_key"), "who": { "user": "u1" }, "locale": "ja" });
        let answer = self.client.post(format!("{}/v1/clips", self.url())).json(&asked).send().await?;
        let clips: Value = answer.json().await?;
        Ok(clips["films"][0]["version"].clone())
    }

    /// Runs `tabiji` on the data folder as a user who may read it and not write it.
    pub fn tabiji_without_writing(&self, arguments: &[&str]) -> Result<String> {
        let set = |path: &std::path::Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
        };
        set(self.data(), 0o555)?;
        for file in std::fs::read_dir(self.data())? {
            let path = file?.path();
            set(&path, if path.is_dir() { 0o555 } else { 0o444 })?;
        }
        let is_root = Command::new("id").arg("-u").output()?.stdout.trim_ascii() == b"0";
        // Nothing is forbidden to root.
        let mut command = Command::new(if is_root { "setpriv" } else { "env" });
        if is_root {
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        }
        command.arg(binary("tabiji")?).args(arguments).arg("--data").arg(self.data());
        let output = command.output();
        set(self.data(), 0o755)?;
        let output = output?;
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        if output.status.success() { Ok(said) } else { bail!("{said}") }
    }
}
