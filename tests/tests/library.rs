//! The demo's library: ten clips, each of which can be watched, read and found, on every screen.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tabiji_tests::{ALWAYS, Browser, Stack, Widget, demo_flow, run};

/// How many clips the demo has: those of the story.
const CLIPS: usize = 10;

/// What the collector sends of the clips, as a widget asks for it.
async fn videos(stack: &Stack) -> Result<Vec<Value>> {
    let who = json!({ "site": stack.key("public_key"), "who": { "user": "u" }, "locale": "ja" });
    let address = format!("{}/v1/clips", stack.url());
    let answer: Value = stack.client.post(address).json(&who).send().await?.json().await?;
    let videos = answer["films"].as_array();
    videos.cloned().context("no clips")
}

/// The cues of a track as beginning, end and text.
fn cues(track: &Value, name: &str) -> Vec<(f64, f64, String)> {
    let number = |cue: &Value, name: &str| cue[name].as_f64().unwrap_or(f64::NAN);
    let cue = |cue: &Value| {
        (number(cue, "from"), number(cue, "to"), cue["text"].as_str().unwrap_or_default().to_owned())
    };
    track[name].as_array().into_iter().flatten().map(cue).collect()
}

#[tokio::test]
async fn each_clip_of_the_demo_answers_its_question_in_both_languages() -> Result<()> {
    let flow = demo_flow().display().to_string();
    let said = run(&["check", &flow])?;
    assert!(said.ends_with(", 0 warnings\n"), "a clip lacks something: {said}");
    let (stack, _demo) = Stack::with_demo(&[]).await?;
    assert_eq!(stack.add_library()?.len(), CLIPS);
    let videos = videos(&stack).await?;
    assert_eq!(videos.len(), CLIPS);
    for video in videos {
        let (clip, seconds) = (&video["clip"], video["seconds"].as_f64().unwrap_or_default());
        assert!((20.0..=60.0).contains(&seconds), "{clip} lasts {seconds} s");
        let tracks = video["scripts"].as_array().context("no captions")?;
        let of = |name: &str| tracks.iter().map(|track| cues(track, name)).collect::<Vec<_>>();
        let (captions, chapters) = (of("cues"), of("chapters"));
        assert_eq!((captions.len(), chapters.len()), (2, 2), "{clip}: {tracks:?}");
        let times =
            |track: &[(f64, f64, String)]| track.iter().map(|(from, to, _)| (*from, *to)).collect::<Vec<_>>();
        // What is said and where a chapter begins is the same moment in both languages.
        assert_eq!(times(&captions[0]), times(&captions[1]), "{clip}");
        assert_eq!(times(&chapters[0]), times(&chapters[1]), "{clip}");
        // Something is said in each chapter, from its first second on, and no second is without a chapter.
        let mut next = 0.0;
        for (from, to, name) in &chapters[0] {
            assert_eq!(*from, next, "{clip}: {name}");
            let begins = |said: &(f64, f64, String)| (0.0..=1.0).contains(&(said.0 - from));
            assert!(captions[0].iter().any(begins), "{clip}: nothing is said when {name} begins");
            next = *to;
        }
        assert!((next - seconds).abs() < 0.1, "{clip}: the last chapter ends at {next}");
    }
    Ok(())
}

/// A window or a phone, in light or dark.
async fn screen(browser: &Browser, width: u32, height: u32, scheme: &str) -> Result<()> {
    let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    browser.tools("Emulation.setDeviceMetricsOverride", size).await?;
    let colours = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    browser.tools("Emulation.setEmulatedMedia", colours).await?;
    Ok(())
}

/// What is wider than its place, or outside of it.
const CUT: &str = "(() => { const box = it.getBoundingClientRect();
    return [...it.querySelectorAll('button, h3, span, small')].filter((one) => { const r = one.getBoundingClientRect();
        return one.textContent.trim() && (r.left < box.left - 1 || r.right > box.right + 1 || one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible'); })
        .map((one) => one.textContent); })()";

/// Each row scrolled into sight, since pictures come when they are needed.
const PICTURES: &str = "[...it.querySelectorAll('img')].filter((one) => (one.scrollIntoView(), one.complete && one.naturalWidth === 640)).length";

#[tokio::test]
async fn ten_clips_are_listed_below_the_answers_and_in_the_library() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    stack.publish_desk(ALWAYS)?;
    stack.add_library()?;
    let all = format!("it.querySelectorAll('.clip').length === {CLIPS}");
    for (language, answers) in [("ja", "答え"), ("en", "Answers")] {
        let accepted = format!("--accept-lang={language}");
        let browser = Browser::start_with(&["--window-size=1280,900", &accepted]).await?;
        let widget = Widget(&browser);
        for (width, height, scheme) in [(1280, 900, "light"), (360, 740, "dark")] {
            screen(&browser, width, height, scheme).await?;
            browser.open(&format!("{}/users", demo.url)).await?;
            widget.open().await?;
            widget.tab(answers).await?;
            widget.wait(".asks .shelf", &all).await?;
            widget.wait(".faq summary", "true").await?;
            assert_eq!(widget.ask(".asks .shelf", CUT).await?, json!([]), "{language} {width}");
            browser.picture(&format!("answers-ten-{width}-{language}")).await?;
            widget
                .ask(".asks .shelf", "(it.lastElementChild.scrollIntoView({ block: 'end' }), true)")
                .await?;
            browser.picture(&format!("answers-ten-end-{width}-{language}")).await?;
            assert_eq!(browser.accessibility_faults().await?, json!([]), "{language} {width}");
            // The last one leads to its clip, and from there to all of them.
            widget.click(".asks .shelf .clip:last-child").await?;
            widget.wait(".begin .action", "true").await?;
            widget.click(".asks .actions .quiet").await?;
            widget.wait(".library .shelf", &format!("it.children.length === {CLIPS}")).await?;
            widget.wait(".library .shelf", &format!("{PICTURES} === {CLIPS}")).await?;
            assert_eq!(widget.ask(".library .shelf", CUT).await?, json!([]), "{language} {width}");
            browser.picture(&format!("library-end-{width}-{language}")).await?;
            widget.ask(".panel.asks", "(it.scrollTop = 0, true)").await?;
            browser.picture(&format!("library-{width}-{language}")).await?;
            assert_eq!(browser.accessibility_faults().await?, json!([]), "{language} {width}");
        }
    }
    Ok(())
}

/// An article says it in words, and leads to the clip that shows it.
#[tokio::test]
async fn an_article_leads_to_its_clip() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    stack.publish_desk(ALWAYS)?;
    stack.add_library()?;
    let browser = Browser::start().await?;
    browser.open(&demo.url).await?;
    let widget = Widget(&browser);
    widget.open().await?;
    widget.tab("答え").await?;
    widget.wait(".faq summary", "true").await?;
    widget.click(".asks input[type=search]").await?;
    browser.press("表計算ソフト 取り込めますか").await?;
    widget.wait(".faq", "it.querySelector('summary').textContent.includes('取り込めますか')").await?;
    widget.click(".faq summary").await?;
    widget.wait(".faq [open] .answer", "it.querySelectorAll('li button.link').length === 2").await?;
    browser.picture("article-clips-ja").await?;
    assert_eq!(browser.accessibility_faults().await?, json!([]));
    widget.press(".faq [open] .answer", "取り込めない行を直す").await?;
    widget.wait(".begin .action", "true").await?;
    widget.wait(".asks h2", "it.textContent === '取り込めない行があるときは'").await?;
    Ok(())
}
