//! Keeps the list equal with the collector's: what changed is asked for page by page, by revision.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::console::Conversation;

use super::agent::Agent;
use super::alerts::Alerts;
use super::conversation::OpenConversation;
use super::list::{ConversationList, merge, newest_revision};
use crate::api::{ApiError, Site, inbox};

/// The requests for the list; a handle.
#[derive(Clone, Copy)]
pub struct ListSync {
    agent: Agent,
    list: ConversationList,
    alerts: Alerts,
    conversation: OpenConversation,
    is_online: RwSignal<bool>,
}

impl ListSync {
    /// `is_online` becomes false when a request fails.
    pub fn new(
        agent: Agent,
        list: ConversationList,
        alerts: Alerts,
        conversation: OpenConversation,
        is_online: RwSignal<bool>,
    ) -> Self {
        Self { agent, list, alerts, conversation, is_online }
    }

    /// Fetches what changed since the newest revision that is known.
    pub fn fetch_changes(self) {
        spawn_local(async move {
            // Without a site the page is gone, as it may be after each answer.
            while let (Some(site), Some(after)) = (self.agent.site(), self.list.newest_revision()) {
                let changed = match inbox::conversations(&site, after).await {
                    Ok(changed) => changed,
                    Err(ApiError::SignedOut) => return self.agent.leave(),
                    Err(_) => return self.is_online.set(false),
                };
                let is_last = changed.len() < inbox::PAGE;
                let before = self.alerts.unassigned_waiting();
                self.list.merge(changed);
                self.alerts.update(before);
                if is_last {
                    return;
                }
            }
        });
    }

    /// Fetches the whole list: a conversation that is not in it has been deleted, which no change tells of.
    pub fn fetch_all(self) {
        let Some(site) = self.agent.site() else { return };
        spawn_local(async move {
            let all = match every_page(&site).await {
                Ok(all) => all,
                Err(ApiError::SignedOut) => return self.agent.leave(),
                // The next message or the feed itself shows that the connection is lost.
                Err(_) => return,
            };
            let before = self.alerts.unassigned_waiting();
            let Some(left) = self.list.replace(all) else { return };
            if self.conversation.id().is_some_and(|c| !left.contains(&c)) {
                self.conversation.show_gone();
            }
            self.alerts.update(before);
        });
    }
}

async fn every_page(site: &Site) -> Result<Vec<Conversation>, ApiError> {
    let mut all = Vec::new();
    loop {
        let changed = inbox::conversations(site, newest_revision(all.iter())).await?;
        let is_last = changed.len() < inbox::PAGE;
        merge(&mut all, changed);
        if is_last {
            return Ok(all);
        }
    }
}
