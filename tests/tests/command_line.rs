//! The command line as an operator uses it: what it says about mistakes, what `doctor` finds, and what becomes of a
//! site whose secrets are replaced or that is removed.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use tabiji_tests::{ALWAYS, Stack, binary, demo_flow, fresh_id, now, own_port, token_of};

/// How long a running collector may take to take something up.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a command printed, whether it succeeded or not.
fn said(result: Result<String>) -> String {
    result.unwrap_or_else(|error| error.to_string())
}

/// Returns the second word of the line that begins with `name`.
fn printed(text: &str, name: &str) -> Result<String> {
    let line = text.lines().find(|line| line.starts_with(name)).with_context(|| text.to_owned())?;
    Ok(line.split_whitespace().nth(1).context("no value")?.to_owned())
}

/// Waits until a request is answered with this status.
async fn answered(status: u16, ask: impl AsyncFn() -> Result<u16>) -> Result<()> {
    let begun = Instant::now();
    loop {
        let found = ask().await?;
        if found == status {
            return Ok(());
        }
        if begun.elapsed() > PATIENCE {
            bail!("answered {found}, not {status}");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Reports a fact with this secret key.
async fn fact_with(stack: &Stack, key: &str) -> Result<u16> {
    let fact = json!({ "id": fresh_id(), "account": "acct-1", "name": "users", "value": 1 });
    let request = stack.client.post(format!("{}/v1/facts", stack.url())).bearer_auth(key);
    Ok(request.json(&json!({ "facts": [fact] })).send().await?.status().as_u16())
}

/// Opens a session with this identity token.
async fn session_with(stack: &Stack, token: &str) -> Result<u16> {
    let body = json!({ "site": stack.key("public_key"), "token": token, "locale": "ja" });
    let request = stack.client.post(format!("{}/v1/session", stack.url()));
    Ok(request.json(&body).send().await?.status().as_u16())
}

#[tokio::test]
async fn the_command_line_says_what_is_wrong_and_what_to_do() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    let broken = said(stack.publish_text("name = \"setup\"\ntitel = \"x\"\n"));
    assert!(
        broken.contains("unknown-field")
            && broken.contains("flow.toml:2:1")
            && broken.contains("did you mean title?")
            && broken.contains("missing-field"),
        "{broken}"
    );
    let twice = said(stack.tabiji(&["site", "add", "demo", "--origin", "http://x.example"]));
    assert!(twice.contains("demo exists already"), "{twice}");
    let origin = said(stack.tabiji(&["site", "add", "other", "--origin", "x.example/path"]));
    assert!(origin.contains("is not an origin"), "{origin}");
    let doctor = said(stack.tabiji(&["doctor"]));
    assert!(doctor.contains("ok    database: whole") || doctor.contains("demo has no flow"), "{doctor}");
    let list = stack.tabiji(&["site", "list"])?;
    assert!(list.contains(stack.key("public_key")), "{list}");
    Ok(())
}

#[tokio::test]
async fn a_rotated_secret_key_counts_beside_the_new_one_until_its_time_is_over() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    let old = stack.key("secret_key").to_owned();
    let nothing = said(stack.tabiji(&["site", "rotate", "demo"]));
    assert!(
        nothing.contains("--secret-key, --identity-secret, --identity-key FILE or --signing-secret"),
        "{nothing}"
    );
    let rotated = stack.tabiji(&["site", "rotate", "demo", "--secret-key"])?;
    let new = printed(&rotated, "secret_key")?;
    assert!(rotated.contains("The old one counts until 20"), "{rotated}");
    answered(200, async || fact_with(&stack, &new).await).await?;
    assert_eq!(fact_with(&stack, &old).await?, 200, "for a day both count");
    // It has leaked: the newest alone counts from now on.
    let newest =
        printed(&stack.tabiji(&["site", "rotate", "demo", "--secret-key", "--overlap", "0"])?, "secret_key")?;
    answered(200, async || fact_with(&stack, &newest).await).await?;
    for key in [&old, &new] {
        answered(401, async || fact_with(&stack, key).await).await?;
    }
    assert_eq!(
        session_with(&stack, &stack.token("tanaka", "acct-1")?).await?,
        200,
        "tokens are as they were"
    );
    Ok(())
}

#[tokio::test]
async fn a_rotated_identity_secret_refuses_tokens_of_the_old_one() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    let old = stack.token("tanaka", "acct-1")?;
    assert_eq!(session_with(&stack, &old).await?, 200);
    let rotated = stack.tabiji(&["site", "rotate", "demo", "--identity-secret", "--overlap", "0"])?;
    assert!(rotated.contains("The old one counts no longer."), "{rotated}");
    answered(401, async || session_with(&stack, &old).await).await?;
    // A token that the command line signs with the new one is believed.
    let signed = stack.tabiji(&["token", "--user", "tanaka", "--account", "acct-1"])?;
    let token = signed.split_whitespace().find(|word| word.starts_with("eyJ")).context(signed.clone())?;
    assert_eq!(session_with(&stack, token).await?, 200);
    assert_eq!(fact_with(&stack, stack.key("secret_key")).await?, 200, "the secret key is as it was");
    Ok(())
}

#[tokio::test]
async fn s12_an_identity_secret_counts_beside_its_successor_until_the_overlap_ends() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    let sign = |secret: &str| {
        let keys = json!({ "public_key": stack.key("public_key"), "identity_secret": secret });
        token_of(&keys, "tanaka", "acct-1", 3600)
    };
    let rotate = |overlap: &str| {
        let said = stack.tabiji(&["site", "rotate", "demo", "--identity-secret", "--overlap", overlap])?;
        sign(&printed(&said, "identity_secret")?)
    };
    let (first, second) = (stack.token("tanaka", "acct-1")?, rotate("24")?);
    answered(200, async || session_with(&stack, &second).await).await?;
    assert_eq!(session_with(&stack, &first).await?, 200, "both count");
    let third = rotate("0")?;
    answered(200, async || session_with(&stack, &third).await).await?;
    for old in [&first, &second] {
        answered(401, async || session_with(&stack, old).await).await?;
    }
    Ok(())
}

/// A token that a host signs with one of the key pairs of the server's own tests.
fn signed_by(stack: &Stack, pair: &str) -> Result<String> {
    let key = std::fs::read(format!("{KEYS}/{pair}.private.pem"))?;
    let claims = json!({ "sub": "tanaka", "account": "acct-1", "aud": stack.key("public_key"),
                         "exp": now() / 1000 + 3600 });
    Ok(encode(&Header::new(Algorithm::EdDSA), &claims, &EncodingKey::from_ed_pem(&key)?)?)
}

const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../server/src/auth/identity/keys");

#[tokio::test]
async fn s12_a_public_key_counts_beside_its_successor_until_the_overlap_ends() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    let (shared, old, new) = (stack.token("tanaka", "acct-1")?, signed_by(&stack, "old")?, signed_by(&stack, "new")?);
    let rotate = |pair: &str, overlap: &str| {
        let file = format!("{KEYS}/{pair}.public.pem");
        stack.tabiji(&["site", "rotate", "demo", "--identity-key", &file, "--overlap", overlap])
    };
    let is = async |token: &str, status| answered(status, async || session_with(&stack, token).await).await;
    is(&old, 401).await?;
    rotate("old", "24")?;
    is(&old, 200).await?;
    assert_eq!(session_with(&stack, &shared).await?, 200, "the shared secret counts for a while");
    rotate("new", "24")?;
    is(&new, 200).await?;
    assert_eq!(session_with(&stack, &old).await?, 200, "both keys count");
    rotate("old", "0")?;
    is(&new, 401).await?;
    assert_eq!(session_with(&stack, &old).await?, 200);
    Ok(())
}

#[tokio::test]
async fn s15_what_the_command_line_changes_of_access_is_in_the_log() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    let cookie = stack.agent().await?;
    stack.tabiji(&["link", "--email", "mori@example.com"])?;
    stack.agent_of("mori@example.com").await?;
    stack.tabiji(&["operator", "set", "mori@example.com", "--role", "reader"])?;
    stack.tabiji(&["operator", "remove", "mori@example.com"])?;
    stack.tabiji(&["export", "accounts"])?;
    stack.tabiji(&["quarantine"])?;
    stack.tabiji(&["quarantine", "--records"])?;
    let folder = tempfile::tempdir()?;
    stack.tabiji(&["backup", &folder.path().join("b.tar.zst").display().to_string()])?;
    stack.tabiji(&["site", "rotate", "demo", "--secret-key"])?;
    stack.tabiji(&["site", "add", "other", "--origin", "https://other.example"])?;
    stack.tabiji(&["site", "set", "other", "--verified-only", "true"])?;
    stack.tabiji(&["site", "remove", "other", "--yes"])?;
    // What cannot be done is not noted.
    said(stack.tabiji(&["operator", "set", "nobody@example.com", "--role", "admin"]));
    said(stack.tabiji(&["operator", "remove", "nobody@example.com"]));
    let log = stack.client.get(format!("{}/api/security/log", stack.url())).header("cookie", cookie);
    let log: Vec<Value> = log.send().await?.error_for_status()?.json().await?;
    let by_command = log.iter().rev().filter(|entry| entry["by"] == "cli");
    let noted: Vec<Value> = by_command.map(|entry| json!([entry["kind"], entry["about"]])).collect();
    let (sato, mori) = ("sato@example.com", "mori@example.com");
    let expected = json!([
        ["site_added", "demo"],
        ["link_made", sato],
        ["link_made", mori],
        ["link_made", mori],
        ["grant_changed", mori],
        ["operator_removed", mori],
        ["exported", null],
        ["exported", "quarantine"],
        ["exported", "backup"],
        ["keys_rotated", "secret key"],
        ["site_added", "other"],
        ["site_changed", "other"],
        ["site_removed", "other"],
    ]);
    assert_eq!(json!(noted), expected, "{log:#?}");
    Ok(())
}

#[tokio::test]
async fn a_site_is_removed_with_all_it_has_and_only_when_that_is_confirmed() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    stack.add_clip()?;
    stack.tabiji(&["site", "add", "other", "--origin", "https://other.example"])?;
    stack.fact("acct-secret", "users", 5).await?;
    stack.question("tanaka", "acct-secret", "請求書の宛名を変えたい", json!({})).await?;
    let asked = said(stack.tabiji(&["site", "remove", "demo"]));
    for part in ["1 version of its flow,", "1 clip,", "1 conversation ", "cannot be undone", "--yes"] {
        assert!(asked.contains(part), "{part}: {asked}");
    }
    assert_eq!(fact_with(&stack, stack.key("secret_key")).await?, 200, "nothing happened yet");
    assert!(stack.media().exists());

    let done = stack.tabiji(&["site", "remove", "demo", "--yes"])?;
    assert!(done.starts_with("deleted: demo"), "{done}");
    let list = stack.tabiji(&["site", "list"])?;
    assert!(list.contains("other") && !list.contains(stack.key("public_key")), "{list}");
    answered(401, async || fact_with(&stack, stack.key("secret_key")).await).await?;
    let token = stack.token("tanaka", "acct-secret")?;
    assert_ne!(session_with(&stack, &token).await?, 200);
    assert!(!stack.media().exists());
    // Its records keep their places in the journal, and say nothing.
    assert_eq!(stack.export()?, [] as [Value; 0]);
    let again = said(stack.tabiji(&["site", "remove", "demo", "--yes"]));
    assert!(again.contains("there is no site named demo"), "{again}");
    Ok(())
}

#[tokio::test]
async fn doctor_says_whether_a_collector_runs_and_who_answers_at_its_address() -> Result<()> {
    let (mut stack, ports) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    stack.add_clip()?;
    let healthy = said(stack.tabiji(&["doctor"]));
    let serves = format!("serves {} at {}", stack.data().display(), stack.url());
    let lines = [
        "ok    collector: process ",
        &serves,
        "ok    database: whole",
        "ok    disk: a row was written",
        &format!("ok    answer: {} answers", stack.url()),
        "ok    sockets: open",
        "GiB left",
        "  clock: 20",
        "  ffmpeg: ",
    ];
    for line in lines {
        assert!(healthy.contains(line), "{line}: {healthy}");
    }
    assert!(!healthy.contains("unanswered"), "{healthy}");
    stack.publish_desk(ALWAYS)?;
    stack.question("tanaka", "acct-1", "請求書の宛名を変えたい", json!({})).await?;
    let asked = said(stack.tabiji(&["doctor"]));
    assert!(asked.contains("note  unanswered: demo has 1 question that waits"), "{asked}");

    stack.stop_collector()?;
    let nowhere = format!("http://127.0.0.1:{}", own_port()?);
    let stopped = said(stack.tabiji(&["doctor", "--public-url", &nowhere]));
    for line in ["FAIL  collector: none serves", "tabiji serve --data", "FAIL  answer: ", "cannot be reached"]
    {
        assert!(stopped.contains(line), "{line}: {stopped}");
    }
    // A proxy that leads elsewhere answers, and is no collector.
    let demo = stack.demo(ports[0], &[]).await?;
    let elsewhere = said(stack.tabiji(&["doctor", "--public-url", &demo.url]));
    assert!(elsewhere.contains("FAIL  answer: ") && elsewhere.contains("not as a collector"), "{elsewhere}");
    let open = said(stack.tabiji(&["doctor", "--public-url", "http://help.example"]));
    assert!(open.contains("FAIL  public_url: http://help.example is not https"), "{open}");
    Ok(())
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_served_by_nobody_and_named_by_doctor() -> Result<()> {
    let (mut stack, _) = Stack::start(1).await?;
    stack.stop_collector()?;
    let port = own_port()?.to_string();
    let serve = said(stack.tabiji_without_writing(&["serve", "--port", &port]));
    assert!(
        serve.contains("cannot write into") && serve.contains("belong to the user who runs `serve`"),
        "{serve}"
    );
    let doctor = said(stack.tabiji_without_writing(&["doctor"]));
    assert!(doctor.contains("FAIL  database: ") && doctor.contains("the folder this user's?"), "{doctor}");
    Ok(())
}

/// What a shell makes of a script in which `$tabiji` is the program and `$data` a folder: its code, and what it said.
fn shell(script: &str, data: &Path) -> Result<(Option<i32>, String)> {
    let mut bash = Command::new("bash");
    bash.args(["-c", script]).env("tabiji", binary("tabiji")?).env("data", data);
    let output = bash.output()?;
    let said = [output.stdout, output.stderr].concat();
    Ok((output.status.code(), String::from_utf8_lossy(&said).into_owned()))
}

#[tokio::test]
async fn s13_a_data_folder_is_its_owners_alone_whatever_the_umask() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let made = "umask 000; $tabiji init --data $data && $tabiji site add demo --origin http://127.0.0.1:1 --data $data";
    assert_eq!(shell(made, &data)?.0, Some(0));
    assert_eq!(shell("find $data -perm /077", &data)?, (Some(0), String::new()));
    let doctor = shell("$tabiji doctor --data $data", &data)?.1;
    assert!(doctor.contains("ok    rights: the data folder is its owner's alone"), "{doctor}");
    let open = shell("chmod 644 $data/tabiji.toml; $tabiji doctor --data $data", &data)?.1;
    assert!(
        open.contains("FAIL  rights: others may use 1 of the files and folders in ")
            && open.contains("chmod -R go= "),
        "{open}"
    );
    Ok(())
}

#[tokio::test]
async fn s30_a_second_collector_on_a_folder_refuses_and_names_the_first() -> Result<()> {
    let (mut stack, _) = Stack::start(1).await?;
    let port = own_port()?.to_string();
    let refused = said(stack.tabiji(&["serve", "--port", &port]));
    let process = std::fs::read_to_string(stack.data().join("tabiji.lock"))?;
    let process = process.lines().next().context("no process")?.to_owned();
    assert!(refused.contains(&format!("process {process} serves ")), "{refused}");
    assert!(Path::new("/proc").join(&process).exists(), "{process} runs");
    assert_eq!(stack.ready().await?, 200, "the first one serves on");
    // A collector that is killed leaves no lock.
    stack.kill_collector();
    stack.start_collector().await
}

#[tokio::test]
async fn a_collector_keeps_what_it_writes_beside_the_database_to_its_owner() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    let files = shell("find $data -mindepth 1 -perm /077; ls $data/tabiji.lock", stack.data())?.1;
    assert_eq!(files.trim(), stack.data().join("tabiji.lock").display().to_string());
    Ok(())
}

/// Two collectors may run on one machine: what refused is named with its address.
#[tokio::test]
async fn a_refused_key_is_answered_with_the_collector_that_refused_it() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    let flow = stack.data().join("flow.toml");
    let script = format!(
        "$tabiji flow new {0} && TABIJI_SECRET_KEY=sk_0 $tabiji publish {0} --url {1}",
        flow.display(),
        stack.url()
    );
    let (code, said) = shell(&script, stack.data())?;
    assert_eq!(code, Some(1));
    assert!(said.contains(&format!("error: {} refused: unknown_key: ", stack.url())), "{said}");
    Ok(())
}

#[tokio::test]
async fn a_reader_that_leaves_ends_a_command_quietly_and_a_full_disk_with_a_sentence() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    stack.fact("acct-1", "users", 5).await?;
    for command in [
        "schema",
        "site list --data $data",
        "doctor --data $data",
        "operator list --data $data",
        "export events --data $data",
        "export events --format csv --data $data",
        "export events --format parquet --data $data",
    ] {
        let (_, said) =
            shell(&format!("$tabiji {command} | head -n 0; echo code ${{PIPESTATUS[0]}}"), stack.data())?;
        assert!(
            said == "code 0\n" || said == "code 1\n" && command.starts_with("doctor"),
            "{command}: {said}"
        );
        let (code, said) = shell(&format!("$tabiji {command} > /dev/full"), stack.data())?;
        assert_eq!(
            (code, said.as_str()),
            (Some(1), "error: cannot print: No space left on device (os error 28)\n")
        );
    }
    let broken = "echo 'nothing = 1' > $data/broken.toml; $tabiji check $data/broken.toml 2>&1 | head -n 0; echo code ${PIPESTATUS[0]}";
    assert_eq!(shell(broken, stack.data())?.1, "code 1\n");
    Ok(())
}

#[tokio::test]
async fn blanks_around_a_key_and_an_address_go_and_what_is_none_is_named() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    let publish = |url: &str, key: &str| {
        let script = format!("$tabiji publish $flow --url {url} --key {key}")
            .replace("$flow", &demo_flow().display().to_string());
        shell(&script, stack.data())
    };
    let (url, key) = (stack.url(), stack.key("secret_key").to_owned());
    for (url, key) in [(format!("$'{url}\\r'"), key.clone()), (url.clone(), format!("$'{key}\\r\\n'"))] {
        let (code, said) = publish(&url, &key)?;
        assert_eq!(code, Some(0), "{said}");
    }
    for (url, key, expected) in [
        (url.trim_start_matches("http://"), key.as_str(), "write it with its scheme"),
        ("http://help.example.com", &key, "is not sent to help.example.com over plain HTTP"),
        (&url, "pk_1", "is no secret key of a site"),
        (&url, "$'sk_\\x01'", "is no secret key of a site"),
    ] {
        let (code, said) = publish(url, key)?;
        assert!(code == Some(1) && said.contains(expected), "{url}: {said}");
        assert!(
            !said.contains("is the collector running") && !said.contains(stack.key("secret_key")),
            "{said}"
        );
    }
    Ok(())
}
