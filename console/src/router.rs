//! The addresses of the console's pages.
//!
//! The collector answers every address below `/console` with the same page (`server/src/assets.rs`), so each
//! can be bookmarked; moving between them loads nothing. What stands in the query, such as `?lang=en`, goes
//! along.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::path;

use crate::api::Site;
use crate::context::{current_texts, language, session};
use crate::i18n::Texts;
use crate::inbox::Inbox;
use crate::pages::{Clips, Help, Journey, SecurityPage};

/// A page behind the sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// The funnel of stages and steps, with surveys and snoozed steps.
    Journey,
    /// The conversations.
    Inbox,
    /// Who watches which clip.
    Clips,
    /// Who solves it with help, without an agent.
    Help,
    /// Browsers and second factor of the person who is signed in.
    Security,
}

impl Page {
    /// Returns the page at an address; an unknown one is the journey's.
    pub fn at(pathname: &str) -> Self {
        let all = [Self::Inbox, Self::Clips, Self::Help, Self::Security];
        let pathname = pathname.trim_end_matches('/');
        all.into_iter().find(|page| page.path() == pathname).unwrap_or(Self::Journey)
    }

    /// Returns the page's address.
    pub fn path(self) -> &'static str {
        match self {
            Self::Journey => "/console",
            Self::Inbox => "/console/inbox",
            Self::Clips => "/console/clips",
            Self::Help => "/console/help",
            Self::Security => "/console/security",
        }
    }

    /// Returns the page's name in the menu and in the window's title.
    pub fn name(self, texts: &Texts) -> &'static str {
        match self {
            Self::Journey => texts.journey,
            Self::Inbox => texts.inbox,
            Self::Clips => texts.clips,
            Self::Help => texts.help,
            Self::Security => texts.security,
        }
    }
}

/// The page at the current address. The last route takes every other one: what the router calls a fallback has no
/// owner of its own, so its signals would go with the next change of the address, be it only after the `#`.
#[component]
pub fn Pages() -> impl IntoView {
    let journey = || at_site(|| view! { <Journey /> }.into_any());
    view! {
        <FlatRoutes fallback=|| ()>
            <Route path=path!("/console") view=journey />
            <Route path=path!("/console/inbox") view=|| at_site(|| view! { <Inbox /> }.into_any()) />
            <Route path=path!("/console/clips") view=|| at_site(|| view! { <Clips /> }.into_any()) />
            <Route path=path!("/console/help") view=|| at_site(|| view! { <Help /> }.into_any()) />
            <Route path=path!("/console/security") view=SecurityPage />
            <Route path=path!("/*unknown") view=journey />
        </FlatRoutes>
    }
}

/// A page that shows one site: set up again when another site is chosen.
fn at_site(page: fn() -> AnyView) -> impl IntoView {
    let (texts, locale, session) = (current_texts(), language().locale, session());
    move || match session.site.get() {
        Some(key) => {
            provide_context(Site { key, locale });
            page()
        }
        None => view! {
            <h1>{texts.no_sites_title}</h1>
            <p>{texts.no_sites_text}</p>
        }
        .into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn every_page_is_found_at_its_address() {
        for page in [Page::Journey, Page::Inbox, Page::Clips, Page::Help, Page::Security] {
            assert_eq!(Page::at(page.path()), page);
        }
        assert_eq!(Page::at("/console/inbox/"), Page::Inbox);
        assert_eq!(Page::at("/console/unknown"), Page::Journey);
    }
}
