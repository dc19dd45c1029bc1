//! What is said in a clip, to read, to search, to copy and to press, and its chapters.

use journey::clips::choice;
use journey::clips::script::clock;

use wasm_bindgen::JsValue;

use crate::js::{self, get, invoke, number};
use crate::state::State;
use crate::ui::{Tag, tag};
use crate::wire::Json;

/// The captions of a video in one language, as the collector has them.
pub struct Script {
    pub language: String,
    pub cues: Vec<Json>,
    pub chapters: Vec<Json>,
}

impl Script {
    /// The script in the person's language, else the first there is.
    pub fn of(state: State, video: &Json) -> Option<Self> {
        let scripts: Vec<Json> = video.or_default("scripts");
        let mut languages = Vec::new();
        for script in &scripts {
            languages.push(script.or_default("lang"));
        }
        let default: String = state.session().field("flow").or_default("default_locale");
        let script = scripts.get(choice::captions(&languages, &state.locale(), &default))?;
        Some(Self {
            language: script.or_default("lang"),
            cues: script.or_default("cues"),
            chapters: script.or_default("chapters"),
        })
    }

    /// What is said at a second.
    pub fn cue(&self, at: f64) -> String {
        let cue = current(&self.cues, at).map(|place| &self.cues[place]);
        cue.filter(|cue| at < number(cue.value(), "to")).map(said).unwrap_or_default()
    }
}

/// The second in which a caption or a chapter begins.
pub fn begins(line: &Json) -> f64 {
    number(line.value(), "from")
}

/// The text of a caption or a chapter.
pub fn said(line: &Json) -> String {
    line.or_default("text")
}

/// The last of some lines that has begun.
pub fn current(lines: &[Json], at: f64) -> Option<usize> {
    lines.iter().rposition(|line| begins(line) <= at)
}

/// A list of lines, each a button with its time that plays from there.
pub fn list(class: &'static str, lines: &[Json]) -> Tag {
    let line = |line: &Json| {
        let button = tag("BUTTON", "line").with("type=button data-do=play");
        let time = tag("SMALL", "").text(clock(begins(line)));
        tag("LI", "").add(leads_to(button, begins(line)).add(time).text(said(line)))
    };
    tag("OL", class).add_all(lines.iter().map(line))
}

/// Writes a second on a button.
pub fn leads_to(button: Tag, second: f64) -> Tag {
    button.set("data-at", ((second * 1000.0) as u32).to_string())
}

/// The second that is written on a button.
pub fn second(button: &JsValue) -> f64 {
    let millis = invoke(&js::window(), "Number", &[get(&get(button, "dataset"), "at")]);
    millis.as_f64().unwrap_or_default() / 1000.0
}
