//! What holds wherever the widget shows something: the size of targets, the focus, zoom, motion, and contrast in light
//! and dark.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tabiji_tests::{Browser, Demo, Stack, Widget};
use thirtyfour::prelude::*;

/// What the widget can show on the demo's page of users: the words that lead there.
const SURFACES: [(&str, [&str; 2]); 8] = [
    ("to do", ["", ""]),
    ("answers", ["答え", "Answers"]),
    ("messages", ["やりとり", "Messages"]),
    ("form", ["ここで済ませる", "Do it here"]),
    ("later", ["あとで", "Later"]),
    ("colleague", ["同僚に頼む", "Ask a colleague"]),
    ("clip", ["動画で見る", "Watch how"]),
    ("guide", ["案内してもらう", "Show me"]),
];

/// A demo in one language.
struct Shown {
    _stack: Stack,
    demo: Demo,
    browser: Browser,
    language: usize,
}

impl Shown {
    async fn new(language: usize) -> Result<Self> {
        let (stack, demo) = Stack::with_demo(&[]).await?;
        stack.add_clip()?;
        let accepted = ["--accept-lang=ja", "--accept-lang=en"][language];
        // As high as the longest surface: what a bar covers by half until one scrolls looks like a small target.
        let browser = Browser::start_with(&["--window-size=1280,1200", accepted]).await?;
        Ok(Self { _stack: stack, demo, browser, language })
    }

    /// Shows a surface on a fresh page, as one comes to it.
    async fn show(&self, surface: &str, words: [&str; 2]) -> Result<()> {
        let (widget, word) = (Widget(&self.browser), words[self.language]);
        self.browser.open(&format!("{}/users", self.demo.url)).await?;
        widget.wait(".launcher", "/\\d/.test(it.textContent)").await?;
        match surface {
            "messages" => widget.open_chat(word).await?,
            "to do" => widget.open().await?,
            "answers" => {
                widget.open().await?;
                widget.tab(word).await?;
                widget.wait(".asks .tabs", "it.checkVisibility()").await?;
            }
            "clip" => {
                widget.open().await?;
                widget.press(".card", word).await?;
                widget.wait(".begin .action", "true").await?;
            }
            "guide" => {
                widget.open().await?;
                widget.press(".card", word).await?;
                self.browser
                    .wait("!!document.querySelector('#tabiji-guide')?.shadowRoot.querySelector('.stop')")
                    .await?;
            }
            _ => {
                widget.open().await?;
                widget.press(".card", word).await?;
                widget.wait(".asks button", "it.checkVisibility()").await?;
            }
        }
        self.still().await
    }

    /// Waits until nothing moves any more.
    async fn still(&self) -> Result<()> {
        let still = "Promise.all(roots().flatMap((root) => root.getAnimations()).map((one) => one.finished)).then(() => true)";
        self.browser.wait(&format!("(() => {{ {ALL} return {still} }})()")).await?;
        Ok(())
    }

    async fn faults(&self, script: &str) -> Result<Value> {
        self.browser.eval(&format!("{ALL} {script}")).await
    }
}

/// `roots` and `all` find what is shown; `controls` are what a person can use; `name` says which one.
const ALL: &str = "
const roots = () => ['tabiji', 'tabiji-guide'].flatMap((id) => document.getElementById(id)?.shadowRoot ?? []);
const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && e.getBoundingClientRect().width > 2;
const all = (css) => roots().flatMap((root) => [...root.querySelectorAll(css)]).filter(shown);
const controls = () => all('button:enabled, a[href], input:enabled, select:enabled, textarea:enabled, summary, [tabindex=\"0\"]');
const name = (e) => e.outerHTML.slice(0, 90);
";

/// Controls that are too small for a finger; a link in a sentence may be.
const SMALL: &str = "return controls().filter((e) => !(e.localName == 'a' && e.closest('p')))
    .map((e) => [e, (e.matches('[type=checkbox], [type=radio], [type=file]') ? e.closest('label') ?? e : e).getBoundingClientRect()])
    .filter(([, box]) => box.width < 24 || box.height < 24).map(([e]) => name(e))";

/// Controls on which the keyboard's focus cannot be seen, or on which something lies.
const UNSEEN: &str = r"
const rgba = (text) => { const c = new OffscreenCanvas(1, 1).getContext('2d'); c.fillStyle = text; c.fillRect(0, 0, 1, 1); return [...c.getImageData(0, 0, 1, 1).data]; };
const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
const ratio = (a, b) => { const [hi, lo] = [light(a), light(b)].sort((x, y) => y - x); return (hi + 0.05) / (lo + 0.05); };
const ground = (e) => { for (; e; e = e.parentElement) { const c = rgba(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c; } return rgba('white'); };
const some = controls();
return [...some, ...some.reverse()].flatMap((e) => {
  e.focus();
  const root = e.getRootNode();
  if (root.activeElement !== e) return [];
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  const ring = style.outlineStyle == 'solid' && parseFloat(style.outlineWidth) >= 2 && ratio(rgba(style.outlineColor), ground(e.parentElement)) >= 3;
  const free = [box.top + 2, box.bottom - 2].every((y) => {
    const top = root.elementFromPoint(box.x + box.width / 2, y);
    return top && (e.contains(top) || top.contains(e));
  });
  return ring && free ? [] : [[ring, free, name(e)]];
})";

/// Controls that cannot be brought into sight as a whole, or that something lies on there.
/// A guide's card may lie on the launcher for a while.
const CUT: &str = "const broad = all('.panel, .stop').filter((e) => e.scrollWidth > e.clientWidth).map((e) => ['broad', e.scrollWidth, e.clientWidth, name(e)]);
return [...broad, ...controls().filter((e) => !e.matches('.launcher') || roots().length == 1).flatMap((e) => {
  e.scrollIntoView({ block: 'center', behavior: 'instant' });
  const box = e.getBoundingClientRect(), root = e.getRootNode();
  const inside = box.left >= -1 && box.right <= innerWidth + 1 && (box.height > innerHeight || box.top >= -1 && box.bottom <= innerHeight + 1);
  const top = root.elementFromPoint(box.x + box.width / 2, Math.min(Math.max(box.y + box.height / 2, 1), innerHeight - 1));
  const clear = top && (e.contains(top) || top.contains(e));
  return inside && clear ? [] : [[inside, clear, Math.round(box.left), Math.round(box.top), Math.round(box.right), Math.round(box.bottom), name(e)]];
})]";

/// What moves, or would.
const MOVING: &str = "return [...roots().flatMap((root) => root.getAnimations()).map((one) => name(one.effect.target)),
    ...all('*').filter((e) => getComputedStyle(e).transitionDuration.split(', ').some((time) => time != '0s') || getComputedStyle(e).scrollBehavior == 'smooth').map(name)]";

#[tokio::test]
async fn g9_g10_on_every_surface_controls_are_large_enough_and_show_their_focus() -> Result<()> {
    let shown = Shown::new(0).await?;
    for (surface, words) in SURFACES {
        shown.show(surface, words).await?;
        assert_eq!(shown.faults(SMALL).await?, json!([]), "{surface}: too small");
        // From here on the focus is the keyboard's.
        shown.browser.press(Key::Tab).await?;
        assert_eq!(shown.faults(UNSEEN).await?, json!([]), "{surface}: the focus cannot be seen");
    }
    Ok(())
}

#[tokio::test]
async fn g21_on_every_surface_no_control_is_cut_off_at_320_pixels() -> Result<()> {
    let shown = Shown::new(1).await?;
    for (surface, words) in SURFACES {
        shown.browser.tools("Emulation.clearDeviceMetricsOverride", json!({})).await?;
        shown.show(surface, words).await?;
        for (width, height, scale) in [(640, 450, 2.0), (320, 568, 1.0), (320, 256, 4.0)] {
            let size =
                json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false });
            shown.browser.tools("Emulation.setDeviceMetricsOverride", size).await?;
            shown.browser.wait(&format!("innerWidth === {width}")).await?;
            // It finds its new place in its own time.
            let cut = format!("JSON.stringify((() => {{ {ALL} {CUT} }})())");
            let at = || format!("{surface} at {width} by {height}");
            shown.browser.wait(&format!("{cut} === '[]'")).await.with_context(at)?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn g22_on_every_surface_nothing_moves_without_motion() -> Result<()> {
    let shown = Shown::new(0).await?;
    let reduced = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
    shown.browser.tools("Emulation.setEmulatedMedia", reduced).await?;
    for (surface, words) in SURFACES {
        shown.show(surface, words).await?;
        assert_eq!(shown.faults(MOVING).await?, json!([]), "{surface}");
    }
    Ok(())
}

#[tokio::test]
async fn g23_every_surface_can_be_read_in_light_and_dark_in_both_languages() -> Result<()> {
    for (language, scheme) in [(0, "light"), (0, "dark"), (1, "light"), (1, "dark")] {
        let shown = Shown::new(language).await?;
        let dark = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        shown.browser.tools("Emulation.setEmulatedMedia", dark).await?;
        for (surface, words) in SURFACES {
            shown.show(surface, words).await?;
            let at = format!("{surface}, {scheme}, language {language}");
            assert_eq!(shown.browser.accessibility_faults().await?, json!([]), "{at}");
        }
    }
    Ok(())
}
