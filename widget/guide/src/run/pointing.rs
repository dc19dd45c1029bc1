//! Pointing at a control: while it is there, wherever it goes, and what is shown when it is not.

use std::rc::Rc;

use ::texts::fill;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{PATIENCE, Phase, Run, number};
use crate::card::{Ask, Card, Face, Words, focus};
use crate::host::{self, Sight};
use crate::layer::Layer;
use crate::score;

/// How long a screen reader gets to notice the region that speaks, in milliseconds.
const SAY: u32 = 60;

impl Run {
    /// Points at the control when it is there and can be reached.
    pub(super) fn attach(self: &Rc<Self>) {
        if !matches!(self.phase.get(), Phase::Seeking | Phase::Missing) {
            return;
        }
        let Some(stop) = self.stop() else { return };
        let Some(element) = host::find(&stop.target, !self.stage.get().patient) else { return };
        let reach = || Sight::of(&element).filter(|sight| sight.is_reachable());
        // What can be seen is left where it is.
        let seen = reach().filter(|sight| sight.complete || self.stage.get().revealed).or_else(|| {
            if !self.stage.get().revealed {
                self.mark(|stage| stage.revealed = true);
                host::reveal(&element);
            }
            reach()
        });
        let Some(sight) = seen else { return };
        self.settle();
        self.phase.set(Phase::Shown);
        *self.target.borrow_mut() = Some(element.clone());
        let heard = self.me.clone();
        let done = move |kind: &str, value: &str| {
            if let Some(run) = heard.upgrade() {
                run.heard(kind, value);
            }
        };
        self.face(&Face::Stop { wait: stop.wait, text: &stop.text, frame: sight.frame });
        let mut going = vec![host::hearing(&element, done)];
        if stop.blocking
            && let Some(layer) = &*self.layer.borrow()
        {
            going.push(host::holding(&element, layer.host()));
        }
        going.push(host::following(&element, self.weakly(|run| run.moved())));
        // The page may have changed by the focus that the card took.
        if self.phase.get() != Phase::Shown || self.target.borrow().as_ref() != Some(&element) {
            return;
        }
        self.going.borrow_mut().extend(going);
        if !self.stage.get().told {
            self.mark(|stage| stage.told = true);
            self.tell("guide.started", &[("of", number(self.stops.len()))]);
        }
    }

    /// The control may have moved, changed or gone.
    pub(super) fn moved(self: &Rc<Self>) {
        if self.phase.get() != Phase::Shown {
            return;
        }
        let target = self.target.borrow().clone();
        let sight = target.as_ref().and_then(Sight::of);
        let is_open = self.layer.borrow().as_ref().is_some_and(Layer::is_open);
        match sight.filter(|_| is_open) {
            Some(sight) => self.draw(Some(sight)),
            // At once, so that nothing points at where it was.
            None => {
                self.leave_stop();
                self.look();
            }
        }
    }

    pub(super) fn draw(&self, sight: Option<Sight>) {
        let blocking = self.stop().is_some_and(|stop| stop.blocking);
        if let (Some(layer), Some(card)) = (&*self.layer.borrow(), &*self.card.borrow()) {
            layer.draw(sight, blocking, card, self.rtl());
        }
    }

    /// It did not come in time.
    pub(super) fn give_up(self: &Rc<Self>) {
        self.attach();
        if self.phase.get() != Phase::Seeking {
            return;
        }
        self.settle();
        self.phase.set(Phase::Missing);
        let tried = self.stop().map(|stop| score::names(score::declared(&stop.target))).unwrap_or_default();
        self.tell("guide.target_missing", &[("tried", tried.into()), ("waited", PATIENCE.into())]);
        self.face(&Face::Missing);
        // It may still come.
        self.going.borrow_mut().push(host::watching(self.weakly(|run| {
            run.draw(None);
            run.attach();
        })));
    }

    /// Shows a card.
    pub(super) fn face(self: &Rc<Self>, face: &Face<'_>) {
        let Some(stop) = self.stop() else { return };
        let me = self.me.clone();
        let ask: Rc<dyn Fn(Ask)> = Rc::new(move |ask| {
            if let Some(run) = me.upgrade() {
                run.asked(ask);
            }
        });
        let is_stop = matches!(face, Face::Stop { .. });
        let words = Words {
            title: stop.title.as_ref().unwrap_or(&self.title),
            at: self.at.get(),
            of: self.stops.len(),
            back: self.before().is_some(),
            blocking: stop.blocking && is_stop,
        };
        let held = self.layer.borrow();
        let (Some(layer), Some(card)) = (&*held, Card::new(&self.document, self.texts, &words, face, &ask))
        else {
            return;
        };
        let had_focus = layer.has_focus();
        let target = self.target.borrow().clone().filter(|_| is_stop);
        layer.open(target.as_ref(), self.rtl());
        layer.show(&card);
        let title = words.title.to_owned();
        let takes_focus = had_focus || words.blocking || self.asked.take() || self.nobody_is_busy();
        let element: HtmlElement = card.element().clone().unchecked_into();
        *self.card.borrow_mut() = Some(card);
        self.draw(target.as_ref().and_then(Sight::of));
        let (n, m) = ((words.at + 1).to_string(), words.of.to_string());
        let said = fill(self.texts.announce, &[("title", &title), ("n", &n), ("m", &m)]);
        // What is said must come after what says it.
        self.later(SAY, move |run| run.say(&said));
        // The page hears the focus move and may call back, so nothing is held meanwhile.
        drop(held);
        if takes_focus {
            focus(&element);
        }
    }

    pub(super) fn say(&self, text: &str) {
        if let Some(layer) = &*self.layer.borrow() {
            if !layer.is_open() {
                layer.open(None, self.rtl());
            }
            layer.say(text);
        }
    }

    /// Whether the focus is nowhere that a person could miss it.
    pub(super) fn nobody_is_busy(&self) -> bool {
        self.document.active_element().is_none_or(|active| active.tag_name() == "BODY")
    }

    pub(super) fn rtl(&self) -> bool {
        let root = self.document.document_element();
        let style = root.and_then(|root| self.window.get_computed_style(&root).ok().flatten());
        style.is_some_and(|style| style.get_property_value("direction").is_ok_and(|way| way == "rtl"))
    }
}
