//! Records the demo's how-to clips from its real pages: a script moves a pointer that can be seen, every
//! frame is a picture of the browser, ffmpeg makes a video of them. `cargo xtask videos` starts it.
//!
//! Time is counted in frames and not by the clock, so a slow machine makes the same video; what is said
//! over it stands in `demo-site/clips/*.vtt`, written by hand to the scripts' seconds.
#![expect(clippy::print_stdout, reason = "a recorder speaks on standard output")]

#[path = "videos/camera.rs"]
mod camera;

use anyhow::Result;
use tabiji_tests::{Browser, Demo, Stack};

use camera::Camera;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    // The demo without the widget: a clip shows the product alone.
    let (_stack, demo) = Stack::with_demo(&[]).await?;
    first_setup(&demo).await?;
    entering_deals(&demo).await?;
    reading_reports(&demo).await
}

/// A few deals, so that there is something to report.
const DEALS: &str = "const add = (company, title, yen, stage) => fetch('/deals', { method: 'POST', body: new URLSearchParams({ company, title, yen, stage }) });
    return (async () => {
        const page = new DOMParser().parseFromString(await (await fetch('/deals')).text(), 'text/html');
        const stages = [...page.querySelectorAll('select[name=stage] option')].map((option) => option.value);
        await add('青空製作所', '工程の見える化', 2400000, stages[1]);
        await add('みなと食品', '受発注の電子化', 900000, stages[2] ?? stages[0]);
        await add('山の手建設', '原価の管理', 3200000, stages.at(-1));
    })()";

/// A browser on one of the demo's pages, and a camera on it.
async fn camera(demo: &Demo, name: &str, page: &str) -> Result<Camera> {
    let browser = Browser::start_with(&[
        "--window-size=640,503",
        "--accept-lang=ja",
        "--hide-scrollbars",
        "--force-device-scale-factor=2",
    ])
    .await?;
    browser.open(&demo.url).await?;
    println!("recording {name}");
    Camera::start(browser, name, &[&demo.url, page].concat()).await
}

/// Registering the people who will use it: 36 s.
async fn first_setup(demo: &Demo) -> Result<()> {
    let mut camera = camera(demo, "first-setup", "/").await?;
    camera.until(3.0).await?;
    camera.press("[data-tabiji=nav-users]").await?;
    camera.until(8.0).await?;
    camera.write("[data-tabiji=user-name]", "佐藤 美咲").await?;
    camera.until(14.0).await?;
    camera.write("[data-tabiji=user-email]", "sato@seizo-a.example").await?;
    camera.until(20.0).await?;
    camera.press("[data-tabiji=user-register]").await?;
    camera.until(26.0).await?;
    camera.write("[data-tabiji=user-name]", "高橋 涼").await?;
    camera.write("[data-tabiji=user-email]", "takahashi@seizo-a.example").await?;
    camera.poster().await?;
    camera.press("[data-tabiji=user-register]").await?;
    camera.until(36.0).await?;
    camera.finish()
}

/// Entering deals, one by one: 40 s.
async fn entering_deals(demo: &Demo) -> Result<()> {
    let mut camera = camera(demo, "entering-deals", "/pipeline").await?;
    camera.until(4.0).await?;
    camera.press("[data-tabiji=pipeline-save]").await?;
    camera.until(8.0).await?;
    camera.press("a[href='/deals']").await?;
    camera.until(12.0).await?;
    camera.write("input[name=company]", "日の出商店").await?;
    camera.write("input[name=title]", "在庫管理の入れ替え").await?;
    camera.write("input[name=yen]", "1800000").await?;
    camera.poster().await?;
    camera.until(24.0).await?;
    camera.press("form:has(input[name=company]) button[type=submit]").await?;
    camera.until(32.0).await?;
    camera.point("input[type=file]").await?;
    camera.until(40.0).await?;
    camera.finish()
}

/// Reading the first report: 28 s.
async fn reading_reports(demo: &Demo) -> Result<()> {
    let mut camera = camera(demo, "reading-reports", "/").await?;
    camera.hidden(DEALS).await?;
    camera.until(4.0).await?;
    camera.press("[data-tabiji=nav-reports]").await?;
    camera.until(10.0).await?;
    camera.point("[data-tabiji=report] tbody tr:nth-child(2) th").await?;
    camera.until(16.0).await?;
    camera.point("[data-tabiji=report] tbody tr:nth-child(2) td:last-child").await?;
    camera.poster().await?;
    camera.until(28.0).await?;
    camera.finish()
}
