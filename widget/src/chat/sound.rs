//! One short, quiet tone for an answer. Browsers let a page sound only after a press, so a press arms it; a clip
//! that plays is never disturbed.

use std::cell::{Cell, RefCell};

use lazy::{settled, spawn_local};
use protocol::Millis;
use wasm_bindgen::JsValue;
use web_sys::ShadowRoot;

use crate::browser;
use crate::js;

/// Milliseconds within which answers ring once.
const APART: Millis = 1_000;

/// The tone.
#[derive(Default)]
pub struct Sound {
    audio: RefCell<Option<JsValue>>,
    rang: Cell<Millis>,
}

impl Sound {
    /// Arms the sound after a press.
    pub fn arm(&self) {
        let none = JsValue::UNDEFINED;
        let mut audio = self.audio.borrow_mut();
        if audio.is_none() {
            *audio = js::construct("AudioContext", &none, &none).ok();
        }
        // A page that may not sound refuses; then nothing sounds.
        if let Some(Ok(resumed)) = audio.as_ref().map(|audio| js::call(audio, "resume", &[])) {
            spawn_local(async move {
                let _ = settled(&resumed).await;
            });
        }
    }

    /// Rings, unless a clip plays or nobody pressed yet.
    pub fn ring(&self, root: &ShadowRoot) {
        let now = browser::now();
        let playing = "video";
        let plays = browser::find(root, playing).is_some_and(|video| !js::is(&video, "paused"));
        if now - self.rang.get() < APART || plays {
            return;
        }
        let audio = self.audio.borrow().clone();
        if let Some(audio) = audio.filter(|audio| js::text(audio, "state") == "running") {
            self.rang.set(now);
            // Whatever is missing of this browser's sound: the message is there all the same.
            let _ = tone(&audio);
        }
    }
}

fn tone(audio: &JsValue) -> Result<(), JsValue> {
    let source = js::call(audio, "createOscillator", &[])?;
    let volume = js::call(audio, "createGain", &[])?;
    let now = js::number(audio, "currentTime");
    js::set(&js::get(&source, "frequency"), "value", 660.0);
    let gain = js::get(&volume, "gain");
    js::call(&gain, "setValueAtTime", &[0.0.into(), now.into()])?;
    js::call(&gain, "linearRampToValueAtTime", &[0.08.into(), (now + 0.02).into()])?;
    js::call(&gain, "exponentialRampToValueAtTime", &[0.001.into(), (now + 0.35).into()])?;
    js::call(&source, "connect", std::slice::from_ref(&volume))?;
    js::call(&volume, "connect", &[js::get(audio, "destination")])?;
    js::call(&source, "start", &[now.into()])?;
    js::call(&source, "stop", &[(now + 0.4).into()])?;
    Ok(())
}

impl Drop for Sound {
    fn drop(&mut self) {
        if let Some(audio) = self.audio.take() {
            js::invoke(&audio, "close", &[]);
        }
    }
}
