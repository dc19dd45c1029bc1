//! The pages behind the sign-in: their addresses and their names.

use crate::i18n::Texts;

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
    /// What works of embedding the widget.
    Integration,
    /// Browsers and second factor of the person who is signed in.
    Security,
}

impl Page {
    /// Returns the page at a path from `/console` on; an unknown one is the journey's.
    pub fn at(path: &str) -> Self {
        let all = [Self::Inbox, Self::Clips, Self::Help, Self::Integration, Self::Security];
        let path = path.trim_end_matches('/');
        let is_at = |page: &Self| {
            // Each conversation has an address below the inbox.
            path.strip_prefix(page.path())
                .is_some_and(|rest| rest.is_empty() || (*page == Self::Inbox && rest.starts_with('/')))
        };
        all.into_iter().find(is_at).unwrap_or(Self::Journey)
    }

    /// Returns the page's path.
    pub fn path(self) -> &'static str {
        match self {
            Self::Journey => "/console",
            Self::Inbox => "/console/inbox",
            Self::Clips => "/console/clips",
            Self::Help => "/console/help",
            Self::Integration => "/console/integration",
            Self::Security => "/console/security",
        }
    }

    /// Returns the page's address with the query of the current one, so that `?lang=en` goes along. The site that an
    /// address was opened with does not: another may be chosen by now.
    pub fn address(self, search: &str) -> String {
        let kept = search.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("site="));
        with_query(self.path(), &kept.collect::<Vec<_>>().join("&"))
    }

    /// Returns the page's name in the menu and in the window's title.
    pub fn name(self, texts: &Texts) -> &'static str {
        match self {
            Self::Journey => texts.journey,
            Self::Inbox => texts.inbox,
            Self::Clips => texts.clips,
            Self::Help => texts.help,
            Self::Integration => texts.integration,
            Self::Security => texts.security,
        }
    }
}

/// Returns an address of this path and query.
pub fn with_query(path: &str, search: &str) -> String {
    let mark = if search.is_empty() { "" } else { "?" };
    [path, mark, search].concat()
}

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn every_page_is_found_at_its_address() {
        for page in [Page::Journey, Page::Inbox, Page::Clips, Page::Help, Page::Integration, Page::Security] {
            assert_eq!(Page::at(page.path()), page);
        }
        assert_eq!(Page::Clips.address("lang=en"), "/console/clips?lang=en");
        assert_eq!(Page::Journey.address(""), "/console");
        assert_eq!(Page::Help.address("site=pk_1&lang=en"), "/console/help?lang=en");
        assert_eq!(Page::at("/console/inbox/"), Page::Inbox);
        assert_eq!(Page::at("/console/inbox/01930000-0000-7000-8000-000000000001"), Page::Inbox);
        assert_eq!(Page::at("/console/inboxes"), Page::Journey);
        assert_eq!(Page::at("/console/unknown"), Page::Journey);
    }
}
