//! The same clip in the engines that people's browsers have.

use anyhow::Result;
use serde_json::json;
use tabiji_tests::{Browser, Engine, Stack, Widget};

const VIDEO: &str = "document.querySelector('#tabiji').shadowRoot.querySelector('video')";

/// Whether the engine found the sound; each says it in its own way.
const SOUND: &str = "(video) => video.webkitAudioDecodedByteCount > 0 || video.mozHasAudio === true || video.audioTracks?.length === 1";

/// The checklist, the player, a video with spoken Japanese to its end, and the events about it.
async fn plays_to_the_end(engine: Engine) -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    stack.add_voice()?;
    let browser = Browser::with(engine).await?;
    browser.open(&demo.url).await?;
    browser.eval("document.cookie = 'demo_language=ja; path=/'").await?;
    let widget = Widget(&browser);
    widget.watch(&demo).await?;
    widget.click(".begin .action").await?;
    widget.wait(".cue", "it.textContent === '次に、メールアドレスを入れます。'").await?;
    widget.wait(".cue", "it.textContent === '保存を押すと登録されます。'").await?;
    browser.wait(&format!("{VIDEO}.ended")).await?;
    assert_eq!(browser.eval(&format!("return ({SOUND})({VIDEO})")).await?, json!(true));
    assert_eq!(browser.eval(&format!("return [{VIDEO}.muted, {VIDEO}.volume]")).await?, json!([false, 1]));
    let whole = stack.heard(|kind, _| kind == "video.completed").await?;
    assert_eq!(whole["seen"], json!("0-4"));
    Ok(())
}

#[tokio::test]
async fn v1_chromium_plays_to_the_end() -> Result<()> {
    plays_to_the_end(Engine::Blink).await
}

#[tokio::test]
async fn v1_firefox_plays_to_the_end() -> Result<()> {
    plays_to_the_end(Engine::Gecko).await
}

#[tokio::test]
async fn v1_the_engine_of_safari_plays_to_the_end() -> Result<()> {
    plays_to_the_end(Engine::WebKit).await
}
