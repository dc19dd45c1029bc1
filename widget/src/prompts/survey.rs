//! How it feels, asked once at a stage's end: five faces, or the scale of another question.
//!
//! A press answers, a comment may follow. A survey never takes the focus and never asks twice. A person is asked one
//! question a day at most, on whatever page and device, and only about a stage in which they did something.

mod card;
mod next;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use protocol::Millis;

use super::texts::Texts;
use crate::browser;
use crate::i18n::concat;
use crate::js::{self, is};
use crate::state::State;
use crate::ui::{Timeout, after};
use crate::wire::{Json, Read, print};

/// One day in milliseconds.
const DAY: Millis = 24 * 3_600_000;
/// A moment to enjoy that something is done, in milliseconds.
const PAUSE: u32 = 1_200;

/// Asks at most one question a day.
pub struct Survey {
    state: State,
    texts: &'static Texts,
    me: Weak<Self>,
    waiting: Cell<Option<Timeout>>,
    /// When this page asked last, for pages that may store nothing.
    asked_at: Cell<Option<Millis>>,
    /// Ids of the questions of this visit, for pages that may store nothing.
    answered: RefCell<Vec<String>>,
}

impl Survey {
    /// Nothing was asked yet.
    pub fn new(state: State, texts: &'static Texts) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            state,
            texts,
            me: me.clone(),
            waiting: Cell::default(),
            asked_at: Cell::default(),
            answered: RefCell::default(),
        })
    }

    /// Asks after a moment, when there is something to ask and nothing in the way.
    pub fn look(&self) {
        if let Some(waiting) = self.waiting.take() {
            return self.waiting.set(Some(waiting));
        }
        if self.next().is_none() {
            return;
        }
        let me = self.me.clone();
        let waiting = after(PAUSE, move || {
            if let Some(survey) = me.upgrade() {
                survey.waiting.take();
                if let Some(question) = survey.next().filter(|_| survey.is_free()) {
                    // Shown is asked: it comes back on no other page and in no other tab.
                    survey.remember(&question.question.id);
                    card::show(survey.state, survey.texts, question);
                }
            }
        });
        self.waiting.set(Some(waiting));
    }

    /// Another person is there, who may be asked.
    pub fn forget(&self) {
        self.waiting.take();
        self.asked_at.set(None);
        self.answered.take();
    }

    fn next(&self) -> Option<next::Due> {
        let elsewhere = self.state.session().get("asked_at");
        let here = browser::recall(&self.key("asked-at")).and_then(|at| at.parse().ok());
        let last = [elsewhere, here, self.asked_at.get()].into_iter().flatten().max();
        if last.is_some_and(|last| self.state.now() - last < DAY) {
            return None;
        }
        let mut known: Vec<String> = self.state.session().get("answered").unwrap_or_default();
        known.append(&mut self.stored());
        known.append(&mut self.answered.borrow().clone());
        next::next(self.state, &known)
    }

    /// Nothing else is going on: no panel, no card, no guide.
    fn is_free(&self) -> bool {
        let state = self.state;
        let is_there = is(&state.host(), "isConnected") && !browser::is_hidden();
        is_there && state.place().is_none() && !state.is_guiding() && !state.is_panel_over()
    }

    fn remember(&self, id: &str) {
        let mut ids = self.stored();
        ids.push(id.to_owned());
        let list = js::list(ids.iter().map(|id| id.into()));
        browser::remember(&self.key("asked"), Some(&print(&list)));
        let now = self.state.now();
        browser::remember(&self.key("asked-at"), Some(&now.to_string()));
        self.asked_at.set(Some(now));
        self.answered.borrow_mut().push(id.to_owned());
    }

    fn stored(&self) -> Vec<String> {
        let stored = browser::recall(&self.key("asked")).and_then(|text| Json::parse(&text));
        stored.and_then(|list| Vec::read(&list)).unwrap_or_default()
    }

    fn key(&self, what: &str) -> String {
        concat(&["tabiji:", what, ":", &self.state.owner()])
    }
}
