//! The keys of a player, while the focus is in it.

use web_sys::Event;

use super::{Player, is_in};
use crate::js::{get, invoke, is, items, text};
use crate::ui::{is_escape, prevent, stop};

/// What an arrow key jumps over, in seconds, and by how much it changes the volume.
const STEP: f64 = 5.0;
const LOUDER: f64 = 0.1;

impl Player {
    /// A key was pressed.
    pub fn key(&self, event: &Event) {
        let act = match () {
            () if !is_in(&get(event, "target"), ".player") => None,
            () if is_escape(event) && self.is_large() => Some(("large", 0.0)),
            () => self.meaning(event),
        };
        if let Some((act, amount)) = act {
            prevent(event);
            stop(event);
            self.act(act, amount);
        }
    }

    fn meaning(&self, event: &Event) -> Option<(&'static str, f64)> {
        let key = text(event, "key");
        if is_theirs(event, &key) || ["ctrlKey", "metaKey", "altKey"].iter().any(|name| is(event, name)) {
            return None;
        }
        Some(match key.as_str() {
            "k" | " " => ("toggle", 0.0),
            "ArrowLeft" => ("jump", self.place() - STEP),
            "ArrowRight" => ("jump", self.place() + STEP),
            "ArrowUp" => ("louder", LOUDER),
            "ArrowDown" => ("louder", -LOUDER),
            "m" => ("mute", 0.0),
            "c" => ("captions", 0.0),
            "f" => ("full", 0.0),
            "<" => ("faster", -1.0),
            ">" => ("faster", 1.0),
            _ => match key.as_bytes() {
                [digit @ b'0'..=b'9'] => ("jump", f64::from(digit - b'0') * self.seconds / 10.0),
                _ => return None,
            },
        })
    }
}

/// What a slider, a list or a button does with a key is theirs.
fn is_theirs(event: &Event, key: &str) -> bool {
    let path = items(&invoke(event, "composedPath", &[])).unwrap_or_default();
    let name = path.first().map(|node| text(node, "localName")).unwrap_or_default();
    let is_ours = matches!(key, "k" | "m" | "c" | "f" | "<" | ">") && !is(event, "isComposing");
    match name.as_str() {
        "input" | "select" => !is_ours,
        "button" => key == " ",
        _ => get(event, "keyCode") == 229,
    }
}
