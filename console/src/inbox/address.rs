//! The address of the open conversation: reloading, going back and a link to a colleague all lead to it.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use protocol::ids::{ConversationId, EventId};

use crate::base::use_path;
use crate::page::{Page, with_query};

/// Goes to an address of the console.
type Navigate = Box<dyn Fn(&str)>;

/// Where the agent is; a handle.
#[derive(Clone, Copy)]
pub struct Address {
    path: Memo<String>,
    search: Memo<String>,
    navigate: StoredValue<Navigate, LocalStorage>,
}

impl Address {
    /// Reads the context of the router.
    pub fn of_context() -> Self {
        let navigate = use_navigate();
        // What is scrolled belongs to the panes.
        let options = || NavigateOptions { scroll: false, ..NavigateOptions::default() };
        Self {
            path: use_path(),
            search: use_location().search,
            navigate: StoredValue::new_local(Box::new(move |to| navigate(to, options()))),
        }
    }

    /// Tells whether the inbox is shown.
    pub fn is_inbox(self) -> bool {
        self.path.with_untracked(|path| Page::at(path) == Page::Inbox)
    }

    /// Returns the conversation in the address.
    pub fn conversation(self) -> Option<ConversationId> {
        self.path.with(|path| conversation_at(path))
    }

    /// Goes to a conversation, or to the list alone.
    pub fn open(self, conversation: Option<ConversationId>) {
        let id = conversation.map(|c| ["/", &c.0.text()].concat()).unwrap_or_default();
        self.go(&[Page::Inbox.path(), &id].concat());
    }

    /// Goes to a page.
    pub fn open_page(self, page: Page) {
        self.go(page.path());
    }

    fn go(self, path: &str) {
        let Some(search) = self.search.try_get_untracked() else { return };
        let _ = self.navigate.try_with_value(|go| go(&with_query(path, &search)));
    }
}

fn conversation_at(path: &str) -> Option<ConversationId> {
    let id = path.strip_prefix(Page::Inbox.path())?.trim_matches('/');
    EventId::parse(id).map(ConversationId)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_is_found_in_its_address() {
        let id = "01930000-0000-7000-8000-000000000001";
        let found = conversation_at(&["/console/inbox/", id].concat());
        assert_eq!(found.map(|c| c.0.text()).as_deref(), Some(id));
        assert_eq!(conversation_at("/console/inbox"), None);
        assert_eq!(conversation_at("/console/inbox/elsewhere"), None);
    }
}
