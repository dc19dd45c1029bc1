//! A camera on a browser: frames go to ffmpeg one by one.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, Result, ensure};
use base64::Engine;
use serde_json::{Value, json};
use tabiji_tests::Browser;

/// Frames in a second: enough for a pointer and for letters.
const RATE: u32 = 10;
/// How long the pointer takes from anywhere to anywhere, in frames.
const MOVE: u32 = 8;

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

    /// Records until a second of the video.
    pub async fn until(&mut self, second: f64) -> Result<()> {
        let wanted = (second * f64::from(RATE)).round() as u32;
        ensure!(self.frames <= wanted, "the script is late: {} frames of {wanted}", self.frames);
        let still = self.picture(frame()).await?;
        while self.frames < wanted {
            self.take(&still)?;
        }
        Ok(())
    }

    /// Moves the pointer to the middle of a control.
    pub async fn point(&mut self, selector: &str) -> Result<()> {
        let script = format!(
            "const it = document.querySelector(`{selector}`); it.scrollIntoView({{ block: 'nearest' }});
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

    /// Presses a control, with everything that follows.
    pub async fn press(&mut self, selector: &str) -> Result<()> {
        self.point(selector).await?;
        let before = self.browser.eval("return performance.timeOrigin").await?;
        let press = format!("document.querySelector(`{selector}`).click()");
        self.browser.eval(&press).await?;
        // Every press of these clips leads to a page.
        self.browser
            .wait(&format!("performance.timeOrigin != {before} && document.readyState == 'complete'"))
            .await?;
        self.arrive().await?;
        self.shoot().await
    }

    /// Writes into a field, letter by letter.
    pub async fn write(&mut self, selector: &str, text: &str) -> Result<()> {
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

    /// Does something that is not to be seen.
    pub async fn hidden(&self, script: &str) -> Result<()> {
        self.browser.eval(script).await?;
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
    pub async fn poster(&self) -> Result<()> {
        let size = self.browser.eval("return [innerWidth, innerHeight]").await?;
        let clip = json!({ "x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 0.5 });
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
