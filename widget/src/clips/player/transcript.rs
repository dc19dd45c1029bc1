//! Below the player: the chapters, and everything that is said.

use journey::clips::script::{clock, contains};
use lazy::{settled, spawn_local};
use wasm_bindgen::JsValue;

use super::Player;
use crate::browser::fold;
use crate::clips::script::{begins, current, list, said};
use crate::i18n::{concat, fill};
use crate::js;
use crate::ui::{Tag, template};
use crate::wire::Json;

const PART: &str = "DETAILS part
 SUMMARY =$0";
const FIND: &str = "DIV find
 INPUT type=search aria-label=$0 placeholder=$0
 BUTTON quiet part=action type=button data-do=copy =$1
 SMALL role=status";

impl Player {
    /// Chapters and transcript.
    pub fn parts(&self) -> Vec<Tag> {
        let (texts, mut parts) = (self.texts, Vec::new());
        if !self.chapters().is_empty() {
            let part = template(PART, &[texts.chapters]).with("open");
            parts.push(part.add(list("lines chapters", self.chapters())));
        }
        if !self.cues().is_empty() {
            let find = template(FIND, &[texts.search, texts.copy]);
            let part = template(PART, &[texts.transcript]).add(find);
            parts.push(part.add(list("lines said", self.cues())));
        }
        parts
    }

    fn cues(&self) -> &[Json] {
        self.script.as_ref().map_or(&[], |script| &script.cues)
    }

    /// The chapters of the clip.
    pub fn chapters(&self) -> &[Json] {
        self.script.as_ref().map_or(&[], |script| &script.chapters)
    }

    /// Shows the lines that have what is searched for.
    pub fn look(&self) {
        let wanted = fold(&self.card.value(".find input"));
        let lines = self.card.find(".said").map(|list| js::get(&list, "children")).unwrap_or_default();
        let mut found = 0;
        for (at, cue) in self.cues().iter().enumerate() {
            let fits = contains(&fold(&said(cue)), &wanted);
            js::set(&js::get(&lines, &at.to_string()), "hidden", !fits);
            found += u32::from(fits);
        }
        let status = fill(self.texts.found, &[("n", &found.to_string())]);
        self.card.write(".find small", if wanted.is_empty() { "" } else { &status });
    }

    /// Copies everything that is said.
    pub fn copy(&self) {
        let mut text = String::new();
        for cue in self.cues() {
            let said = js::invoke(&said(cue).into(), "replaceAll", &["\n".into(), " ".into()]);
            let said = said.as_string().unwrap_or_default();
            text = concat(&[&text, &clock(begins(cue)), " ", &said, "\n"]);
        }
        text.pop();
        let clipboard = js::get(&js::get(&js::window(), "navigator"), "clipboard");
        let written = js::invoke(&clipboard, "writeText", &[text.into()]);
        let (card, texts) = (self.card.clone(), self.texts);
        spawn_local(async move {
            // A page without TLS has no clipboard, and another may refuse it.
            let is_copied = written.is_object() && settled(&written).await.is_ok();
            if let Some(said) = card.find(".said").filter(|_| !is_copied) {
                let selection = js::invoke(&js::window(), "getSelection", &[]);
                js::invoke(&selection, "selectAllChildren", &[said.into()]);
            }
            card.write(".find small", if is_copied { texts.copied } else { texts.copy_by_hand });
        });
    }

    /// Marks the chapter and the line of a second.
    pub fn mark(&self, at: f64) {
        let now = (current(self.chapters(), at), current(self.cues(), at));
        if self.marked.replace(now) == now {
            return;
        }
        for (list, now) in [(".chapters", now.0), (".said", now.1)] {
            self.put(&concat(&[list, " [aria-current]"]), "aria-current", None);
            if let Some(at) = now {
                let nth = (at + 1).to_string();
                self.put(&concat(&[list, " li:nth-child(", &nth, ") .line"]), "aria-current", Some(""));
            }
        }
    }

    /// A part that was opened comes right below the picture.
    pub fn bring_into_view(&self, part: &JsValue) {
        if !js::is(part, "open") {
            return;
        }
        js::invoke(part, "scrollIntoView", &[]);
        let edge =
            |element: &JsValue, name| js::number(&js::invoke(element, "getBoundingClientRect", &[]), name);
        let Some(player) = self.card.find(".player") else { return };
        let covered = edge(&player, "bottom") - edge(part, "top");
        if covered > 0.0 {
            let panel = js::invoke(part, "closest", &[".panel".into()]);
            js::invoke(&panel, "scrollBy", &[0.into(), (-covered).into()]);
        }
    }
}
