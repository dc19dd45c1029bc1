//! One short, quiet tone for an answer. Browsers let a page sound only after a press, so a press arms it; a clip
//! that plays is never disturbed.

use std::cell::{Cell, RefCell};

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
        // A page that may not sound refuses; then nothing sounds. `Boolean` is a function that does nothing.
        if let Some(audio) = &*audio {
            let resumed = js::invoke(audio, "resume", &[]);
            js::invoke(&resumed, "catch", &[js::get(&js::window(), "Boolean")]);
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
            tone(&audio);
        }
    }
}

/// Whatever is missing of this browser's sound: the message is there all the same.
fn tone(audio: &JsValue) {
    let source = js::invoke(audio, "createOscillator", &[]);
    let volume = js::invoke(audio, "createGain", &[]);
    let now = js::number(audio, "currentTime");
    js::set(&js::get(&source, "frequency"), "value", 660.0);
    let gain = js::get(&volume, "gain");
    let curve = [
        ("setValueAtTime", 0.0, 0.0),
        ("linearRampToValueAtTime", 0.08, 0.02),
        ("exponentialRampToValueAtTime", 0.001, 0.35),
    ];
    for (method, value, at) in curve {
        js::invoke(&gain, method, &[value.into(), (now + at).into()]);
    }
    js::invoke(&source, "connect", std::slice::from_ref(&volume));
    js::invoke(&volume, "connect", &[js::get(audio, "destination")]);
    for (method, at) in [("start", 0.0), ("stop", 0.4)] {
        js::invoke(&source, method, &[(now + at).into()]);
    }
}

impl Drop for Sound {
    fn drop(&mut self) {
        if let Some(audio) = self.audio.take() {
            js::invoke(&audio, "close", &[]);
        }
    }
}
