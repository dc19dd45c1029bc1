//! What the card shows.

use journey::guide::placement::Wish;
use journey::guide::route::address;
use protocol::files::WaitFor;
use texts::fill;
use wasm_bindgen::JsValue;

use super::{Phase, Tour};
use crate::browser;
use crate::guide::card::{Content, card};
use crate::guide::dom::{is_nobody_busy, is_rtl, rect};
use crate::guide::names::{label, name};
use crate::guide::refusal::sender;
use crate::guide::sight::{is_foreign, sight};
use crate::js::number;

/// How long a screen reader gets to notice the region that speaks, in milliseconds.
const SAY: u32 = 60;
/// Longer names are not put into a sentence, in letters.
const NAME: f64 = 24.0;

impl Tour {
    /// Shows what to do at the control.
    pub(super) fn face_stop(&self) {
        let (stop, texts) = (self.stop(), self.texts);
        let mut buttons = Vec::new();
        if self.before().is_some() {
            buttons.push(("plain", texts.back, "back"));
        }
        if stop.wait == WaitFor::Read {
            let on = if self.is_last() { texts.finish } else { texts.next };
            buttons.push(("action", on, "next"));
        } else {
            buttons.push(("plain", texts.skip, "skip"));
        }
        let (refused, complaint) = (self.refused.get(), self.complaint.get());
        let is_refusal = refused.is_object() || !complaint.is_empty();
        let (title, text, hint) = if refused.is_object() {
            let label = label(&refused);
            let title = if is_short(&label) {
                fill(texts.refused_title, &[("name", &label)])
            } else {
                texts.refused_any.to_owned()
            };
            (title, texts.refused_text.to_owned(), texts.refused_hint.to_owned())
        } else {
            let title = stop.text("title").unwrap_or_else(|| self.title.clone());
            (title, stop.text("text").unwrap_or_default(), self.hint(stop.wait))
        };
        let text = if complaint.is_empty() { &text } else { &complaint };
        let (title, hint, is_blocking) = (&*title, &*hint, stop.is_blocking());
        self.face(Content { title, text, hint, is_refusal, is_blocking, buttons, ..Content::default() });
    }

    /// What ends this stop, in words.
    fn hint(&self, wait: WaitFor) -> String {
        let texts = self.texts;
        let target = self.target.get();
        let name = name(&target);
        match wait {
            _ if is_foreign(&target) => texts.frame.to_owned(),
            WaitFor::Click | WaitFor::Navigation if is_short(&name) => {
                fill(texts.wait_press, &[("name", &name)])
            }
            WaitFor::Click => texts.wait_click.to_owned(),
            WaitFor::Navigation => texts.wait_navigation.to_owned(),
            WaitFor::Input => texts.wait_input.to_owned(),
            WaitFor::Value => texts.wait_value.to_owned(),
            WaitFor::Fact => texts.wait_fact.to_owned(),
            WaitFor::Read => String::new(),
        }
    }

    /// Says that the control is not there.
    pub(super) fn face_missing(&self) {
        let texts = self.texts;
        let buttons = vec![("plain", texts.skip, "skip"), ("action", texts.retry, "retry")];
        let (title, text) = (texts.missing_title, texts.missing_text);
        self.face(Content { title, text, buttons, ..Content::default() });
    }

    /// Says that the control is on another page.
    pub(super) fn face_away(&self) {
        let (stop, texts) = (self.stop(), self.texts);
        let page = stop.text("page");
        let address = address(page.as_deref(), self.link.as_deref(), browser::decoded);
        let complaint = self.complaint.get();
        let is_refusal = !complaint.is_empty();
        let (title, text) = (texts.away_title, if is_refusal { &*complaint } else { texts.away_text });
        self.face(Content { title, text, address, is_refusal, ..Content::default() });
    }

    /// Says that the step is done, with the colleague's name where it is known.
    pub(super) fn face_done(&self, name: &str) {
        let texts = self.texts;
        let title =
            if name.is_empty() { texts.done.to_owned() } else { fill(texts.done_by, &[("name", name)]) };
        let buttons = vec![("action", texts.finish, "close")];
        self.face(Content { title: &title, text: texts.done_text, buttons, ..Content::default() });
    }

    /// Which stop this is, and how far a step has come that repeats.
    fn nth(&self) -> String {
        let (n, m) = ((self.at.get() + 1).to_string(), self.stops.len().to_string());
        let (so_far, wanted) = self.count();
        let is_one = self.stops.len() < 2;
        let counts = so_far > 0 && self.stops.iter().any(|stop| stop.repeat_from().is_some());
        match (is_one, counts) {
            (true, false) => String::new(),
            (_, false) => fill(self.texts.count, &[("n", &n), ("m", &m)]),
            _ => {
                let (so_far, wanted) = (so_far.to_string(), wanted.to_string());
                let values = [("n", &*n), ("m", &*m), ("so_far", &*so_far), ("wanted", &*wanted)];
                fill(self.texts.count_round, &values)
            }
        }
    }

    fn face(&self, content: Content) {
        let is_done = self.phase.get() == Phase::Done;
        let nth = if is_done { String::new() } else { self.nth() };
        let had_focus = self.layer.has_focus();
        self.layer.open(&self.target.get());
        self.layer.show(Some(card(self.texts, &self.state.locale(), &nth, &content)));
        let takes_focus = had_focus || content.is_blocking || self.asked.get() || is_nobody_busy();
        self.asked.set(false);
        self.draw();
        // What is said must come after what says it.
        self.announced.set(if is_done { content.title.to_owned() } else { self.announcement(content.title) });
        self.later(SAY, |tour| tour.say(&tour.announced.take()));
        if takes_focus {
            self.layer.focus();
        }
    }

    fn announcement(&self, title: &str) -> String {
        let (n, m) = ((self.at.get() + 1).to_string(), self.stops.len().to_string());
        fill(self.texts.announce, &[("title", title), ("n", &n), ("m", &m)])
    }

    /// Draws around the control, where there is one, and the card. Says whether the control is in the page.
    pub(super) fn draw(&self) -> bool {
        let sight = sight(self.state, &self.target.get());
        // Nothing is dimmed under what the person opened.
        let is_quiet = self.state.open.get_untracked() || self.state.place().is_some();
        let wish = || Wish {
            rtl: is_rtl(),
            beside: self.refused.get().is_object(),
            clear: rect(&sender(&self.target.get())),
        };
        let is_blocking = self.phase.get() == Phase::Shown && self.stop().is_blocking();
        self.layer.draw(sight, is_blocking, is_quiet, wish);
        sight.is_some()
    }

    pub(super) fn say(&self, words: &str) {
        if !self.layer.is_open() {
            self.layer.open(&JsValue::UNDEFINED);
        }
        self.layer.say(words);
    }

    /// Something of the widget was opened or closed over the page.
    pub fn redraw(&self) {
        if self.phase.get() == Phase::Shown {
            self.draw();
        }
    }
}

fn is_short(name: &str) -> bool {
    !name.is_empty() && number(&name.into(), "length") <= NAME
}
