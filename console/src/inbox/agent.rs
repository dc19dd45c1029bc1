//! The agent at work: who they are, at which site and in which language. Every part of the inbox has a copy.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::console::Role;

use crate::api::Site;
use crate::context::{self, Session};
use crate::i18n::Texts;

/// The agent at work; a handle.
#[derive(Clone, Copy)]
pub struct Agent {
    /// The texts in the agent's language.
    pub texts: &'static Texts,
    /// The tag of that language.
    pub locale: &'static str,
    site: StoredValue<Site>,
    session: Session,
}

impl Agent {
    /// Reads the context of the page.
    pub fn of_context() -> Self {
        let language = context::language();
        Self {
            texts: language.texts,
            locale: language.locale,
            site: StoredValue::new(context::site()),
            session: context::session(),
        }
    }

    /// Returns the address that the agent signed in with; the collector uses it as the agent's id.
    pub fn id(self) -> Arc<str> {
        self.session.email()
    }

    /// Whether the person may answer customers; others only read.
    pub fn answers(self) -> bool {
        self.session.role >= Role::Agent
    }

    /// Returns the site whose conversations are shown; none once the page is gone.
    pub fn site(self) -> Option<Site> {
        self.site.try_get_value()
    }

    /// Returns the agent's name as customers see it; empty until they give one.
    pub fn name(self) -> String {
        self.session.name.try_get_untracked().unwrap_or_default()
    }

    /// Shows in the menu and in the title how many conversations wait.
    pub fn show_waiting(self, n: usize) {
        // The person may have signed out.
        if self.session.waiting.try_get_untracked().is_some_and(|known| known != n) {
            self.session.waiting.set(n);
        }
    }

    /// Shows the sign-in page: the session has ended.
    pub fn leave(self) {
        self.session.leave();
    }
}
