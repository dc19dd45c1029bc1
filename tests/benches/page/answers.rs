//! How soon the page shows what a press asked for: the panel, once it was opened before, and the next card of a guide.
//! From the press until the browser has painted; medians, at full speed and with a quarter of the processor.

use anyhow::{Context, Result};
use serde_json::json;
use tabiji_tests::{Guide, stop};

const PRESSES: usize = 9;

/// `answer(press, shown)`: milliseconds from a press until what is to be shown is painted.
const CLOCK: &str = "
window.turn = (run) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = run; port2.postMessage(0); };
window.answer = (press, shown) => new Promise((done) => {
  const from = performance.now();
  press();
  const look = () => shown() ? requestAnimationFrame(() => turn(() => done(performance.now() - from))) : turn(look);
  look();
});
window.widget = (selector) => document.querySelector('#tabiji').shadowRoot.querySelector(selector);
window.guide = (selector) => document.querySelector('#tabiji-guide')?.shadowRoot.querySelector(selector);
window.rest = () => new Promise((done) => setTimeout(done, 300));";

const PANEL: &str = "return (async () => {
const open = () => { const panel = widget('.panel'); return panel?.checkVisibility(); };
const launcher = () => widget('.launcher').click();
if (open()) { await answer(() => widget('.panel .close').click(), () => !open()); }
await rest();
return answer(launcher, open);
})()";

const CARD: &str = "return (async () => {
await rest();
const nth = () => guide('.nth')?.textContent;
const before = nth();
return answer(() => guide('.stop .actions .plain:last-of-type').click(), () => nth() && nth() !== before);
})()";

/// Prints a line for each speed.
pub async fn print() -> Result<()> {
    println!("\n{:20}{:>12}{:>16}", "press to painted", "panel ms", "next card ms");
    for (place, slower) in [("here", 1), ("processor / 4", 4)] {
        let (mut panels, mut cards) = (Vec::new(), Vec::new());
        let stops: String = (0..=PRESSES).map(|nth| stop(&format!("h{nth}"), "")).collect();
        let body: String = (0..=PRESSES).map(|nth| format!("<p data-tabiji=h{nth}>{nth}</p>")).collect();
        let guide = Guide::on(&stops, &body).await?;
        let browser = &guide.browser;
        browser.eval(CLOCK).await?;
        guide.widget().open().await?;
        browser.tools("Emulation.setCPUThrottlingRate", json!({ "rate": slower })).await?;
        for _ in 0..PRESSES {
            panels.push(browser.eval(PANEL).await?.as_f64().context("no time")?);
        }
        guide.widget().click(".card button.action").await?;
        guide.text("h0").await?;
        for _ in 0..PRESSES {
            cards.push(browser.eval(CARD).await?.as_f64().context("no time")?);
        }
        println!("{place:20}{:>12.0}{:>16.0}", median(panels), median(cards));
    }
    Ok(())
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}
