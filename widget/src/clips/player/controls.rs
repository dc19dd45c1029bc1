//! The picture's caption, its controls, and the choice before it plays.

use journey::clips::script::{clock, split};

use super::Player;
use crate::clips::script::leads_to;
use crate::i18n::{concat, fill};
use crate::ui::{Tag, icon, tag, template};
use crate::{browser, js};

/// What can be chosen, in the order of the list below.
pub const SPEEDS: [f64; 5] = [0.75, 1.0, 1.25, 1.5, 2.0];

/// The player stands in the card, unless its dialog is open.
const PLAYER: &str = "DIALOG frame aria-label=$0
 DIV player
  DIV screen
  P cue aria-hidden=true
  DIV bar
   BUTTON tool play type=button data-do=toggle aria-label=$1 title=$1
   DIV track
    INPUT seek type=range min=0 step=1 aria-label=$2
   SPAN time
  DIV bar
   BUTTON tool mute type=button data-do=mute aria-label=$3 title=$3 aria-pressed=true
   BUTTON tool captions type=button data-do=captions aria-label=$4 title=$4 aria-pressed=true
   BUTTON tool pip type=button data-do=float aria-label=$5 title=$5
   BUTTON tool large type=button data-do=large aria-label=$6 title=$6 aria-pressed=false
   BUTTON tool full type=button data-do=full aria-label=$7 title=$7
   SELECT speed aria-label=$8
    OPTION =0.75×
    OPTION selected= =1×
    OPTION =1.25×
    OPTION =1.5×
    OPTION =2×";
const BROKEN: &str = "DIV begin role=alert
 P =$0
 BUTTON action part=action type=button data-do=again =$1";

/// The drawings of the controls, by their classes.
const DRAWINGS: [(&str, &str); 6] = [
    (".play", "M7 4l13 8-13 8z"),
    (".mute", "M4 9h4l5-4v14l-5-4H4zM16 9a4 4 0 0 1 0 6"),
    (".captions", "M3 5h18v14H3zM10 10a2.5 2.5 0 1 0 0 4M17 10a2.5 2.5 0 1 0 0 4"),
    (".pip", "M3 5h18v14H3zM12 12h8v6h-8z"),
    (".large", "M3 5h18v14H3zM7 13v3h3M17 11V8h-3"),
    (".full", "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"),
];
const PAUSE: &str = "M6 4h4v16H6zM14 4h4v16h-4z";

impl Player {
    /// Picture, caption and controls.
    pub fn draw(&self, title: &str) -> Tag {
        let texts = self.texts;
        let words = [
            title,
            texts.play,
            texts.seek,
            texts.mute,
            texts.captions,
            texts.pip,
            texts.large,
            texts.full,
            texts.speed,
        ];
        template(PLAYER, &words)
    }

    /// Finishes what was drawn: drawings, the length, a tick where each chapter begins, and no control without use.
    pub fn finish(&self) {
        for (class, shape) in DRAWINGS {
            self.picture(class, shape);
        }
        self.put(".seek", "max", Some(&(self.seconds.ceil() as u32).to_string()));
        if self.script.is_none() {
            self.remove(".captions");
            self.remove(".cue");
        }
        if !js::is(&js::document(), "pictureInPictureEnabled") {
            self.remove(".pip");
        }
        let mut ticks = Vec::new();
        for chapter in self.chapters() {
            let from = js::number(chapter.value(), "from");
            if from > 0.0 {
                let at = (from * 1000.0 / self.seconds) as u32;
                ticks.push(tag("I", "tick").set("--at", at.to_string()));
            }
        }
        if let Some(track) = self.card.find(".track") {
            self.ticks.draw(&track, ticks);
        }
    }

    fn remove(&self, selector: &str) {
        if let Some(element) = self.card.find(selector) {
            js::invoke(&element, "remove", &[]);
        }
    }

    /// Draws a control.
    fn picture(&self, selector: &str, shape: &str) {
        if let Some(button) = self.card.find(selector) {
            js::set(&button, "textContent", "");
            icon::draw(&button, &[("path", &[("d", shape)])]);
        }
    }

    /// The choice before anything is fetched. What was asked for comes before what was left.
    pub fn begin(&self) -> Tag {
        let (texts, mut all) = (self.texts, Vec::new());
        let mut choice = |text: &str, at: f64| {
            let class = if all.is_empty() { "action" } else { "plain" };
            let button = tag("BUTTON", class).with("part=action type=button data-do=start");
            all.push(leads_to(button, at).text(fill(text, &[("time", &clock(at))])));
        };
        let (from, resume) = (self.from, self.report.resume);
        if from > 0.0 {
            choice(texts.play_from, from);
        }
        if resume > 0.0 {
            choice(texts.resume, resume);
        }
        if from <= 0.0 {
            choice(if resume > 0.0 { texts.from_start } else { texts.play }, 0.0);
        }
        tag("DIV", "begin").add_all(all.into_iter())
    }

    /// What is said when the video cannot be played.
    pub fn broken(&self) -> Tag {
        template(BROKEN, &[self.texts.broken, self.texts.retry])
    }

    /// Says where it stands.
    pub fn draw_place(&self) {
        let (at, card) = (self.place(), &self.card);
        if let Some(seek) = card.find(".seek") {
            if !self.is_held.get() {
                js::set(&seek, "value", at);
            }
            // A reader says each change of a slider that has the focus: only the person's own.
            if self.is_own.get() || browser::active(&self.state.root()) != Some(seek) {
                let all = [("at", &*self.spoken(at)), ("all", &self.spoken(self.seconds))];
                self.put(".seek", "aria-valuetext", Some(&fill(self.texts.position, &all)));
            }
        }
        card.write(".time", &concat(&[&clock(at), " / ", &clock(self.seconds)]));
        let script = self.script.as_ref().filter(|_| self.is_captioned.get());
        card.write(".cue", &script.map(|script| script.cue(at)).unwrap_or_default());
        self.mark(at);
    }

    /// "1 min 5 s", as it is read aloud.
    fn spoken(&self, seconds: f64) -> String {
        let (minutes, left) = split(seconds);
        let text = if minutes > 0 { self.texts.minutes } else { self.texts.seconds };
        fill(text, &[("m", &minutes.to_string()), ("s", &left.to_string())])
    }

    /// Says whether it plays.
    pub fn draw_state(&self) {
        let is_paused = js::is(&self.element, "paused");
        let (shape, text) =
            if is_paused { (DRAWINGS[0].1, self.texts.play) } else { (PAUSE, self.texts.pause) };
        self.picture(".play", shape);
        self.put(".play", "aria-label", Some(text));
        self.put(".play", "title", Some(text));
    }
}
