//! The picture: which file it is, what lies over it, and where it goes.

use journey::clips::choice::rendition;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::{Player, forgive, is_in};
use crate::browser;
use crate::i18n::concat;
use crate::js::{document, get, invoke, is, number, set, text, window};
use crate::ui::{Tag, focus_element};
use crate::wire::Json;

/// A video that fetches nothing yet, and its caption tracks.
pub fn element(base: &str, video: &Json) -> (JsValue, Vec<JsValue>) {
    let element = browser::element("video");
    for (name, value) in
        [("playsinline", ""), ("preload", "none"), ("crossorigin", "anonymous"), ("tabindex", "-1")]
    {
        browser::put(&element, name, Some(value));
    }
    if let Some(poster) = video.get::<String>("poster") {
        browser::put(&element, "poster", Some(&concat(&[base, &poster])));
    }
    let mut tracks = Vec::new();
    for script in video.or_default::<Vec<Json>>("scripts") {
        let track = browser::element("track");
        let language: String = script.or_default("lang");
        for (name, value) in [("kind", "captions"), ("srclang", &language), ("label", &language)] {
            browser::put(&track, name, Some(value));
        }
        invoke(&element, "append", &[track.clone().into()]);
        tracks.push(track.into());
    }
    (element.into(), tracks)
}

impl Player {
    /// Where the picture is.
    pub fn screen(&self) -> JsValue {
        self.card.find(".screen").map_or(JsValue::UNDEFINED, JsValue::from)
    }

    /// Lays something over the picture, or takes it away.
    pub fn cover(&self, content: Option<Tag>) {
        if let Some(screen) = self.card.find(".screen") {
            self.cover.draw(&screen, content.into_iter().collect());
        }
    }

    fn address(&self, file: &Json) -> String {
        self.state.base() + &file.or_default::<String>("file")
    }

    /// The address of the file that is sharp here.
    fn file(&self) -> String {
        let sizes: Vec<Json> = self.video.borrow().or_default("sizes");
        let mut widths = Vec::new();
        for size in &sizes {
            widths.push(size.or_default("width"));
        }
        let pixels = number(&self.screen(), "clientWidth") * number(&window(), "devicePixelRatio");
        sizes.get(rendition(&widths, pixels)).map(|size| self.address(size)).unwrap_or_default()
    }

    /// Begins to fetch it.
    pub fn fetch(&self) {
        set(&self.element, "src", self.file());
        let scripts: Vec<Json> = self.video.borrow().or_default("scripts");
        for (track, script) in self.tracks.iter().zip(&scripts) {
            set(track, "src", self.address(script));
        }
        self.go_elsewhere(self.is_elsewhere.get());
    }

    /// Where our own captions cannot go, the browser's do.
    pub fn go_elsewhere(&self, elsewhere: bool) {
        self.is_elsewhere.set(elsewhere);
        let language = self.script.as_ref().map(|script| script.language.clone());
        for track in &self.tracks {
            let is_ours = language.as_ref() == Some(&text(track, "srclang"));
            let shows = elsewhere && self.is_captioned.get() && is_ours;
            set(&get(track, "track"), "mode", if shows { "showing" } else { "disabled" });
        }
    }

    /// Into a small window, or back.
    pub fn float(&self) {
        let is_small = get(&self.state.root(), "pictureInPictureElement") == self.element;
        forgive(&match is_small {
            true => invoke(&document(), "exitPictureInPicture", &[]),
            false => self.run("requestPictureInPicture"),
        });
    }

    /// Over the whole screen, or back. Phones have that for videos alone.
    pub fn fill_screen(&self) {
        let Some(player) = self.card.find(".player") else { return };
        let player: JsValue = player.into();
        if get(&self.state.root(), "fullscreenElement") == player {
            forgive(&invoke(&document(), "exitFullscreen", &[]));
        } else if get(&player, "requestFullscreen").is_function() {
            forgive(&invoke(&player, "requestFullscreen", &[]));
        } else if number(&self.element, "readyState") > 0.0 {
            self.run("webkitEnterFullscreen");
        }
    }

    fn frame(&self) -> Option<HtmlElement> {
        self.card.find(".frame")
    }

    /// Whether it is shown large.
    pub fn is_large(&self) -> bool {
        self.frame().is_some_and(|frame| is(&frame, "open"))
    }

    /// Shows it in a large dialog, or in the card again. The focus stays where it is.
    pub fn enlarge(&self) {
        let Some(frame) = self.frame() else { return };
        if is(&frame, "open") {
            // `close` brings the focus back to where it was before.
            invoke(&frame, "close", &[]);
            return;
        }
        invoke(&frame, "showModal", &[]);
        if let Some(button) = self.card.find(".large") {
            focus_element(&button);
        }
        self.resized();
    }

    /// It is larger or smaller now; a small file is not sharp in a large picture.
    pub fn resized(&self) {
        let is_large = self.is_large();
        self.press_state(".large", is_large);
        let (at, plays) = (self.place(), !is(&self.element, "paused"));
        if is_large && self.is_fetched() && self.file() != text(&self.element, "src") {
            self.fetch();
            self.jump(at);
            if plays {
                forgive(&self.run("play"));
            }
        }
    }

    /// A press on the picture plays or pauses; one beside a large player brings it back.
    pub fn pressed_beside(&self, target: &JsValue) {
        if *target == self.element {
            self.act("toggle", 0.0);
        } else if self.is_large() && !is_in(target, ".player") {
            self.enlarge();
        }
    }
}
