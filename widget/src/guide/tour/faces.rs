//! What the card shows.

use std::rc::{Rc, Weak};

use protocol::files::WaitFor;
use texts::fill;

use super::{Phase, Tour};
use crate::guide::card::{Ask, Content, Way, card};
use crate::guide::dom::is_nobody_busy;
use crate::guide::names::{label, name};
use crate::guide::sight::Sight;

/// How long a screen reader gets to notice the region that speaks, in milliseconds.
const SAY: u32 = 60;
/// Longer names are not put into a sentence, in letters.
const NAME: usize = 24;

impl Tour {
    /// Shows what to do at the control.
    pub(super) fn face_stop(&self, seen: Sight) {
        let (stop, texts) = (self.stop(), self.texts);
        let mut ways = Vec::new();
        if self.before().is_some() {
            ways.push(Way::Button("plain", texts.back, Ask::Back));
        }
        if stop.wait == WaitFor::Read {
            let on = if self.is_last() { texts.finish } else { texts.next };
            ways.push(Way::Button("action", on, Ask::Next));
        } else {
            ways.push(Way::Button("plain", texts.skip, Ask::Skip));
        }
        let mut content = Content { blocking: stop.blocking, ways, ..Content::default() };
        let refused = self.fix.borrow().clone();
        let note = self.note.borrow().clone();
        if let Some((field, message)) = refused {
            let label = label(&field);
            content.title = if is_short(&label) {
                fill(texts.refused_title, &[("name", &label)])
            } else {
                texts.refused_any.to_owned()
            };
            content.text = if message.is_empty() { texts.refused_text.to_owned() } else { message };
            content.hint = texts.refused_hint.to_owned();
            content.is_refusal = true;
        } else {
            content.title = stop.title.clone().unwrap_or_else(|| self.title.clone());
            content.is_refusal = !note.is_empty();
            content.text = if content.is_refusal { note } else { stop.text.clone() };
            content.hint = if seen.frame { texts.frame.to_owned() } else { self.hint(stop.wait) };
        }
        self.face(content, Some(seen));
    }

    /// What ends this stop, in words.
    fn hint(&self, wait: WaitFor) -> String {
        let texts = self.texts;
        let target = self.target.borrow();
        let name = target.as_ref().map(name).unwrap_or_default();
        match wait {
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
        let ways =
            vec![Way::Button("plain", texts.skip, Ask::Skip), Way::Button("action", texts.retry, Ask::Retry)];
        let (title, text) = (texts.missing_title.to_owned(), texts.missing_text.to_owned());
        self.face(Content { title, text, ways, ..Content::default() }, None);
    }

    /// Says that the control is on another page.
    pub(super) fn face_away(&self) {
        let (stop, texts) = (self.stop(), self.texts);
        let address = journey::guide::route::address(stop.page.as_deref(), self.link.as_deref());
        let ways = address.map(|address| Way::Link(texts.away_go, address.to_owned()));
        let (title, text) = (texts.away_title.to_owned(), texts.away_text.to_owned());
        self.face(Content { title, text, ways: ways.into_iter().collect(), ..Content::default() }, None);
    }

    /// Says that the step is done, with the colleague's name where it is known.
    pub(super) fn face_done(&self, seen: Option<Sight>, name: &str) {
        let texts = self.texts;
        let title =
            if name.is_empty() { texts.done.to_owned() } else { fill(texts.done_by, &[("name", name)]) };
        let ways = vec![Way::Button("action", texts.finish, Ask::Close)];
        self.face(Content { title, text: texts.done_text.to_owned(), ways, ..Content::default() }, seen);
    }

    /// Which stop this is, and how far a step has come that repeats.
    fn nth(&self) -> String {
        let (n, m) = ((self.at.get() + 1).to_string(), self.stops.len().to_string());
        let (so_far, wanted) = self.count();
        let is_one = self.stops.len() < 2;
        let counts = so_far > 0 && self.stops.iter().any(|stop| stop.repeat_from.is_some());
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

    fn face(&self, mut content: Content, seen: Option<Sight>) {
        let is_done = self.phase.get() == Phase::Done;
        content.nth = if is_done { String::new() } else { self.nth() };
        let (blocking, title) = (content.blocking, content.title.clone());
        let had_focus = self.layer.has_focus();
        let me = Weak::clone(&self.me);
        let ask = move |what| {
            if let Some(tour) = me.upgrade().filter(|tour| !tour.is_over()) {
                tour.ask(what);
            }
        };
        let ask: Rc<dyn Fn(Ask)> = Rc::new(ask);
        let target = self.target.borrow().clone();
        self.layer.open(target.as_ref().filter(|_| seen.is_some()));
        self.layer.show(card(self.texts, self.state.locale(), content, &ask));
        let takes_focus = had_focus || blocking || self.asked.get() || is_nobody_busy();
        self.asked.set(false);
        self.draw(seen);
        // What is said must come after what says it.
        let said = if is_done { title } else { self.announcement(&title) };
        let layer = Weak::clone(&self.me);
        self.keep(crate::ui::after(SAY, move || {
            if let Some(tour) = layer.upgrade() {
                tour.say(&said);
            }
        }));
        if takes_focus {
            self.layer.focus();
        }
    }

    fn announcement(&self, title: &str) -> String {
        let (n, m) = ((self.at.get() + 1).to_string(), self.stops.len().to_string());
        fill(self.texts.announce, &[("title", title), ("n", &n), ("m", &m)])
    }

    pub(super) fn draw(&self, seen: Option<Sight>) {
        // Nothing is dimmed under what the person opened.
        let is_quiet = self.state.open.get_untracked() || self.state.place().is_some();
        let beside = self.fix.borrow().is_some();
        self.layer.draw(seen, self.stop().blocking && self.phase.get() == Phase::Shown, is_quiet, beside);
    }

    pub(super) fn say(&self, words: &str) {
        if !self.layer.is_open() {
            self.layer.open(None);
        }
        self.layer.say(words);
    }

    /// Something of the widget was opened or closed over the page.
    pub fn redraw(&self) {
        let target = self.target.borrow().clone();
        if self.phase.get() == Phase::Shown
            && let Some(target) = target
        {
            self.draw(crate::guide::sight::sight(self.state, &target));
        }
    }
}

fn is_short(name: &str) -> bool {
    !name.is_empty() && name.chars().count() <= NAME
}
