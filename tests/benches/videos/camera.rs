//! A camera on a browser: frames go to ffmpeg one by one.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, Result, ensure};
use base64::Engine;
use serde_json::{Value, json};
use tabiji_tests::Browser;

use super::scripts::Shot;

/// Frames in a second: enough for a pointer and for letters.
const RATE: u32 = 10;
/// How long the pointer takes from anywhere to anywhere, in frames.
const MOVE: u32 = 8;
/// What is seen above and below a control that is pointed at: the page's head, and the pointer.
const AROUND: &str = "88px 0 40px";

/// What is drawn over the page to be seen in the video.
const POINTER: &str = r#"
    const pointer = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    pointer.id = 'pointer';
    pointer.setAttribute('viewBox', '0 0 24 24');
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('d', 'M5 3l14 9-6.5 1.2L9 20z');
    path.setAttribute('fill', '#111827');
    path.setAttribute('stroke', '#fff');
    path.setAttribute('stroke-width', '1.5');
    pointer.append(path);
    for (const [name, value] of Object.entries({ position: 'fixed', 'z-index': 9, width: '28px', height: '28px', 'pointer-events': 'none' })) pointer.style.setProperty(name, value);
    document.body.append(pointer);
"#;

/// How a frame of the video is taken.
fn frame() -> Value {
    json!({ "format": "jpeg", "quality": 92 })
}

/// Records one clip.
pub struct Camera {
    browser: Browser,
    ffmpeg: Child,
    film: Option<ChildStdin>,
    frames: u32,
    pointer: (f64, f64),
    file: PathBuf,
}

impl Camera {
    /// Opens the page and the video file.
    pub async fn start(browser: Browser, name: &str, page: &str) -> Result<Self> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../demo-site/clips");
        let file = folder.join(format!("{name}.mp4"));
        let rate = RATE.to_string();
        let mut ffmpeg = Command::new("ffmpeg")
            .args(["-y", "-v", "error", "-f", "image2pipe", "-framerate", &rate, "-c:v", "mjpeg", "-i", "-"])
            .args(["-vf", "crop=trunc(iw/2)*2:trunc(ih/2)*2", "-c:v", "libx264", "-preset", "veryslow"])
            .args(["-tune", "animation", "-crf", "27", "-g", "100", "-pix_fmt", "yuv420p"])
            // The same pictures make the same bytes.
            .args(["-bitexact", "-threads", "1", "-movflags", "+faststart"])
            .arg(&file)
            .stdin(Stdio::piped())
            .spawn()
            .context("cannot start ffmpeg; `cargo xtask videos` installs it")?;
        let film = ffmpeg.stdin.take();
        browser.open(page).await?;
        let mut camera = Self { browser, ffmpeg, film, frames: 0, pointer: (320.0, 280.0), file };
        camera.arrive().await?;
        Ok(camera)
    }

    /// Records a part of a script.
    pub async fn play(&mut self, shot: &Shot) -> Result<()> {
        match *shot {
            Shot::Until(second) => self.until(second).await,
            Shot::Point(selector) => self.point(selector).await,
            Shot::Press(selector) => self.press(selector).await,
            Shot::Tick(selector) => self.tick(selector).await,
            Shot::Write(selector, text) => self.write(selector, text).await,
            Shot::Choose(selector, name, text) => self.choose(selector, name, text).await,
            Shot::Poster => self.poster().await,
        }
    }

    /// Records until a second of the video.
    async fn until(&mut self, second: u32) -> Result<()> {
        let wanted = second * RATE;
        ensure!(self.frames <= wanted, "the script is late: {} frames of {wanted}", self.frames);
        let still = self.picture(frame()).await?;
        while self.frames < wanted {
            self.take(&still)?;
        }
        Ok(())
    }

    /// Moves the pointer to the middle of a control.
    async fn point(&mut self, selector: &str) -> Result<()> {
        let script = format!(
            "document.documentElement.style.scrollPadding = '{AROUND}';
             const it = document.querySelector(`{selector}`); it.scrollIntoView({{ block: 'nearest' }});
             const box = it.getBoundingClientRect(); return [box.x + Math.min(box.width / 2, 120), box.y + box.height / 2]"
        );
        let place: Value = self.browser.eval(&script).await?;
        let at = |n: usize| place[n].as_f64().with_context(|| format!("{selector} is nowhere"));
        let (from, to) = (self.pointer, (at(0)?, at(1)?));
        for frame in 1..=MOVE {
            let part = f64::from(frame) / f64::from(MOVE);
            // Slow, quick, slow.
            let eased = part * part * (3.0 - 2.0 * part);
            self.pointer = (from.0 + (to.0 - from.0) * eased, from.1 + (to.1 - from.1) * eased);
            self.place().await?;
            self.shoot().await?;
        }
        Ok(())
    }

    /// Presses a control that leads to a page, with everything that follows.
    async fn press(&mut self, selector: &str) -> Result<()> {
        let before = self.browser.eval("return performance.timeOrigin").await?;
        self.tick(selector).await?;
        self.browser
            .wait(&format!("performance.timeOrigin != {before} && document.readyState == 'complete'"))
            .await?;
        self.arrive().await?;
        self.shoot().await
    }

    /// Presses a control that stays on its page.
    async fn tick(&mut self, selector: &str) -> Result<()> {
        self.point(selector).await?;
        self.browser.eval(&format!("document.querySelector(`{selector}`).click()")).await?;
        Ok(())
    }

    /// Writes into a field, letter by letter.
    async fn write(&mut self, selector: &str, text: &str) -> Result<()> {
        self.point(selector).await?;
        let mut so_far = String::new();
        for letter in text.chars() {
            so_far.push(letter);
            let value = json!(so_far);
            self.browser
                .eval(&format!(
                    "const it = document.querySelector(`{selector}`); it.focus(); it.value = {value}"
                ))
                .await?;
            self.shoot().await?;
        }
        Ok(())
    }

    /// Chooses a file, as the browser's own window would.
    async fn choose(&mut self, selector: &str, name: &str, text: &str) -> Result<()> {
        self.point(selector).await?;
        let (name, text) = (json!(name), json!(text));
        let choose = format!(
            "const chosen = new DataTransfer(); chosen.items.add(new File([{text}], {name}, {{ type: 'text/csv' }}));
             document.querySelector(`{selector}`).files = chosen.files"
        );
        self.browser.eval(&choose).await?;
        Ok(())
    }

    /// Ends the video.
    pub fn finish(mut self) -> Result<()> {
        self.film.take();
        ensure!(self.ffmpeg.wait()?.success(), "ffmpeg failed");
        let bytes = std::fs::metadata(&self.file)?.len();
        println!("{}: {} s, {} kB", self.file.display(), self.frames / RATE, bytes / 1000);
        ensure!(bytes <= 1_000_000, "a clip of the repository has at most 1 MB");
        Ok(())
    }

    /// Writes what is in the picture now beside the video, at half its size: it is shown before the video plays.
    async fn poster(&self) -> Result<()> {
        let seen = self.browser.eval("return [scrollX, scrollY, innerWidth, innerHeight]").await?;
        let clip = json!({ "x": seen[0], "y": seen[1], "width": seen[2], "height": seen[3], "scale": 0.5 });
        let jpg = self.picture(json!({ "format": "jpeg", "quality": 72, "clip": clip })).await?;
        Ok(std::fs::write(self.file.with_extension("jpg"), jpg)?)
    }

    /// On a page that was just loaded: no widget, and the pointer again.
    async fn arrive(&mut self) -> Result<()> {
        self.browser.eval("window.tabiji?.('destroy'); document.querySelector('#tabiji')?.remove()").await?;
        self.browser.eval(POINTER).await?;
        self.place().await
    }

    async fn place(&self) -> Result<()> {
        let (x, y) = self.pointer;
        let script = format!(
            "const p = document.querySelector('#pointer'); p.style.left = '{x}px'; p.style.top = '{y}px'"
        );
        self.browser.eval(&script).await?;
        Ok(())
    }

    async fn shoot(&mut self) -> Result<()> {
        let picture = self.picture(frame()).await?;
        self.take(&picture)
    }

    async fn picture(&self, how: Value) -> Result<Vec<u8>> {
        let shot = self.browser.tools("Page.captureScreenshot", how).await?;
        let text = shot["data"].as_str().context("no picture")?;
        Ok(base64::engine::general_purpose::STANDARD.decode(text)?)
    }

    fn take(&mut self, picture: &[u8]) -> Result<()> {
        self.film.as_mut().context("the video has ended")?.write_all(picture)?;
        self.frames += 1;
        Ok(())
    }
}
