//! Records the demo's how-to clips from its real pages: a script moves a pointer that can be seen, every
//! frame is a picture of the browser, ffmpeg makes a video of them. `cargo xtask videos` starts it.
//!
//! Time is counted in frames and not by the clock, so a slow machine makes the same video; what is said
//! over it stands in `demo-site/clips/*.vtt`, written by hand to the scripts' seconds.
#![expect(clippy::print_stdout, reason = "a recorder speaks on standard output")]

#[path = "videos/camera.rs"]
mod camera;
#[path = "videos/scripts.rs"]
mod scripts;

use anyhow::{Result, ensure};
use tabiji_tests::{Browser, Stack, demo_flow};

use camera::Camera;
use scripts::{SCRIPTS, Script};

/// Records the clips that are named, or all of them.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    // Cargo tells a bench that it is one.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|name| name != "--bench").collect();
    let known: Vec<&str> = SCRIPTS.iter().map(|script| script.clip).collect();
    for name in &wanted {
        ensure!(known.contains(&name.as_str()), "there is no clip {name}: name one of {}", known.join(", "));
    }
    let (stack, ports) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    for script in
        SCRIPTS.iter().filter(|script| wanted.is_empty() || wanted.iter().any(|it| it == script.clip))
    {
        record(&stack, ports[0], script).await?;
    }
    Ok(())
}

/// Plays a script in a demo of its own, which begins with what the script's book says.
async fn record(stack: &Stack, port: u16, script: &Script) -> Result<()> {
    println!("recording {}", script.clip);
    let folder = tempfile::tempdir()?;
    let book = folder.path().join("book.json");
    std::fs::write(&book, script.book)?;
    let demo = stack.demo(port, &["--book", &book.display().to_string()]).await?;
    let browser = Browser::start_with(&[
        "--window-size=640,503",
        "--accept-lang=ja",
        "--hide-scrollbars",
        "--force-device-scale-factor=2",
    ])
    .await?;
    let mut camera = Camera::start(browser, script.clip, &[&demo.url, script.page].concat()).await?;
    for shot in script.shots {
        camera.play(shot).await?;
    }
    camera.finish()
}
