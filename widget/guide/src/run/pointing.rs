//! Pointing at a control: while it is there, wherever it goes, and what is shown when it is not.

use std::rc::Rc;

use ::texts::fill;

use super::{PATIENCE, Phase, Run, number};
use crate::card::{Ask, Card, Face, Words};
use crate::host::{self, Sight};
use crate::score;

impl Run {
    /// Points at the control when it is there and can be reached.
    pub(super) fn attach(self: &Rc<Self>) {
        if self.phase.get() != Phase::Seeking {
            return;
        }
        let Some(stop) = self.stop() else { return };
        let Some(element) = host::find(&stop.target) else { return };
        let reach = || Sight::of(&element).filter(|sight| sight.is_reachable());
        // What can be seen is left where it is.
        let seen = reach().filter(|sight| sight.complete).or_else(|| {
            host::reveal(&element);
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
        self.going.borrow_mut().extend(going);
        let data = [("stop", number(self.at.get() + 1)), ("of", number(self.stops.len()))];
        self.tell("guide.started", &data);
    }

    /// The control may have moved, changed or gone.
    pub(super) fn moved(self: &Rc<Self>) {
        if self.phase.get() != Phase::Shown {
            return;
        }
        let target = self.target.borrow().clone();
        let sight = target.as_ref().and_then(Sight::of);
        let is_out_of_view = sight.is_some_and(|sight| sight.seen.area() == 0.0);
        match sight {
            Some(sight) if sight.is_reachable() || is_out_of_view => self.draw(Some(sight)),
            // At once, so that nothing points at where it was.
            _ => {
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
        if self.phase.get() != Phase::Seeking {
            return;
        }
        self.phase.set(Phase::Missing);
        let tried = self.stop().map(|stop| score::names(score::declared(&stop.target))).unwrap_or_default();
        let data =
            [("stop", number(self.at.get() + 1)), ("tried", tried.into()), ("waited", PATIENCE.into())];
        self.tell("guide.target_missing", &data);
        self.face(&Face::Missing);
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
            blocking: stop.blocking && is_stop,
        };
        let layer = self.layer.borrow();
        let (Some(layer), Some(card)) = (&*layer, Card::new(&self.document, self.texts, &words, face, &ask))
        else {
            return;
        };
        let had_focus = layer.has_focus();
        let target = self.target.borrow().clone().filter(|_| is_stop);
        layer.open(target.as_ref(), self.rtl());
        layer.show(&card);
        let title = words.title.to_owned();
        let takes_focus = had_focus || words.blocking || self.asked.take() || self.nobody_is_busy();
        *self.card.borrow_mut() = Some(card);
        self.draw(target.as_ref().and_then(Sight::of));
        if takes_focus && let Some(card) = &*self.card.borrow() {
            card.focus();
        }
        let (n, m) = ((words.at + 1).to_string(), words.of.to_string());
        layer.say(&fill(self.texts.announce, &[("title", &title), ("n", &n), ("m", &m)]));
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
        self.document
            .active_element()
            .is_none_or(|active| active.tag_name() == "BODY" || active.id() == "tabiji")
    }

    pub(super) fn rtl(&self) -> bool {
        let root = self.document.document_element();
        let style = root.and_then(|root| self.window.get_computed_style(&root).ok().flatten());
        style.is_some_and(|style| style.get_property_value("direction").is_ok_and(|way| way == "rtl"))
    }
}
