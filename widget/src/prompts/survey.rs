//! How it feels, asked once at a stage's end: five faces, or the scale of another question.
//!
//! A press answers, a comment may follow. A survey never takes the focus and never asks twice.

mod card;
mod face;
mod next;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use super::texts::Texts;
use crate::browser;
use crate::js::{self, is};
use crate::state::State;
use crate::ui::{Timeout, after};
use crate::wire::{Json, Read, print};

/// A moment to enjoy that something is done, in milliseconds.
const PAUSE: u32 = 1_200;

/// Asks at most one question a visit.
pub struct Survey {
    state: State,
    texts: &'static Texts,
    me: Weak<Self>,
    waiting: Cell<Option<Timeout>>,
    /// One question a visit is enough.
    asked: Cell<bool>,
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
            asked: Cell::default(),
            answered: RefCell::default(),
        })
    }

    /// Asks after a moment, when there is something to ask and nothing in the way.
    pub fn look(&self) {
        if let Some(waiting) = self.waiting.take() {
            return self.waiting.set(Some(waiting));
        }
        if self.asked.get() || self.next().is_none() {
            return;
        }
        let me = self.me.clone();
        let waiting = after(PAUSE, move || {
            if let Some(survey) = me.upgrade() {
                survey.waiting.take();
                if let Some(question) = survey.next().filter(|_| survey.is_free()) {
                    survey.asked.set(true);
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
        self.asked.set(false);
        self.answered.take();
    }

    fn next(&self) -> Option<next::Due> {
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
        browser::remember(&self.key(), Some(&print(&list)));
        self.answered.borrow_mut().push(id.to_owned());
    }

    fn stored(&self) -> Vec<String> {
        let stored = browser::recall(&self.key()).and_then(|text| Json::parse(&text));
        stored.and_then(|list| Vec::read(&list)).unwrap_or_default()
    }

    fn key(&self) -> String {
        ["tabiji:asked:", &self.state.owner()].concat()
    }
}
