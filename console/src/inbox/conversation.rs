//! The conversation that is open: its lines in their turn, what is begun to be written, and what is said.

use journey::chat::Incoming;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{AgentSays, ConversationId, EventId, Line, Log, Nack, Said, Side, Tell};
use serde_json::json;

use super::state::Desk;
use crate::api;
use crate::format::datetime::now;

impl Desk {
    /// Opens a conversation.
    pub fn open(self, c: ConversationId) {
        self.chosen.set(Some(c));
        self.lines.set(Vec::new());
        // Nothing of one company is shown under the name of another.
        self.handoff.set(None);
        self.step_done.set(None);
        self.first_response.set(None);
        self.wrong.set(String::new());
        self.early.set_value(Vec::new());
        self.types.set(None);
        self.fetch(c);
        self.look_around();
    }

    /// The next or the one before in the list.
    pub fn step(self, by: isize) {
        let listed = untrack(|| self.listed());
        let at = self.chosen.get_untracked().and_then(|c| listed.iter().position(|one| one.c == c));
        let next = at.map_or(0, |at| at.saturating_add_signed(by));
        if let Some(one) = listed.get(next.min(listed.len().saturating_sub(1))) {
            self.open(one.c);
        }
    }

    pub(super) fn fetch(self, c: ConversationId) {
        self.order.set_value(None);
        let Some(number) = self.fetched.try_update_value(|fetched| {
            *fetched += 1;
            *fetched
        }) else {
            return;
        };
        spawn_local(async move {
            let answer = api::thread(&self.site(), c).await;
            let newest = self.fetched.try_get_value() == Some(number);
            match answer {
                Ok(thread) if newest => {
                    self.order.set_value(Some(thread.conversation.heads.map(Incoming::after)));
                    self.first_response.set(thread.first_response);
                    self.handoff.set(thread.handoff);
                    self.step_done.set(thread.step_done);
                    self.lines.set(thread.lines);
                    self.read(c, thread.conversation.heads[0]);
                    let early = self.early.try_update_value(std::mem::take).unwrap_or_default();
                    early.into_iter().filter(|line| line.c == c).for_each(|line| self.show(line));
                }
                Err(tag) if tag == "signed_out" => self.go(),
                Err(_) if newest => self.live.set(false),
                _ => {}
            }
        });
    }

    fn read(self, c: ConversationId, seq: u64) {
        spawn_local(async move {
            // A mark of no weight: the next one stands for it.
            let _ = api::sign(&self.site(), c, &json!({ "read": seq })).await;
        });
    }

    /// Adds a line to the open conversation, in its turn.
    pub(super) fn show(self, line: Line) {
        let (c, log) = (line.c, if line.log == Log::Pub { 0 } else { 1 });
        if line.author.side == Side::Visitor {
            self.types.set(None);
        }
        if self.order.with_value(Option::is_none) {
            return self.early.update_value(|early| early.push(line));
        }
        let taken = self.order.try_update_value(|order| {
            let order = order.as_mut()?;
            Some((order[log].take(line), order[log].missing().is_some()))
        });
        if let Some((ready, holes)) = taken.flatten() {
            if let Some(last) = ready.last().filter(|last| last.log == Log::Pub && !document().hidden()) {
                self.read(c, last.seq);
            }
            self.lines.update(|lines| lines.extend(ready));
            if holes {
                self.fetch(c);
            }
        }
    }

    /// What was begun to be written in the open conversation.
    pub fn draft(self) -> String {
        let c = self.chosen.get_untracked();
        c.and_then(|c| self.drafts.with_value(|drafts| drafts.get(&c).cloned())).unwrap_or_default()
    }

    /// Keeps what is being written.
    pub fn keep_draft(self, text: String) {
        if let Some(c) = self.chosen.get_untracked() {
            self.drafts.update_value(|drafts| drop(drafts.insert(c, text)));
        }
    }

    /// The id of what is to be said in the open conversation: the same for the same, until it is acknowledged.
    pub fn id_of(self, said: &Said) -> EventId {
        let Some(c) = self.chosen.get_untracked() else { return fresh_id() };
        let known =
            self.sent.with_value(|sent| sent.get(&c).filter(|(_, sent)| sent == said).map(|(mid, _)| *mid));
        let mid = known.unwrap_or_else(fresh_id);
        self.sent.update_value(|sent| drop(sent.insert(c, (mid, said.clone()))));
        mid
    }

    /// Says something in the open conversation; `done` hears why not, when it was not taken.
    pub fn say(self, mid: EventId, said: Said, done: impl FnOnce(Result<(), String>) + 'static) {
        let Some(c) = self.chosen.get_untracked() else { return };
        spawn_local(async move {
            let answer = api::say(&self.site(), c, &AgentSays { mid, said }).await;
            let _ = self.acting.try_set(false);
            if matches!(answer, Ok(Tell::Ack { .. })) {
                self.sent.try_update_value(|sent| sent.retain(|_, (known, _)| *known != mid));
            }
            // Who went on to another conversation is not told of this one.
            if self.chosen.try_get_untracked().flatten() != Some(c) {
                if matches!(answer, Ok(Tell::Ack { .. })) {
                    self.drafts.try_update_value(|drafts| drafts.remove(&c));
                }
                return;
            }
            done(match answer {
                Ok(Tell::Ack { .. }) => Ok(()),
                Ok(Tell::Nack { code: Nack::TooLarge, .. }) => Err(self.texts.too_long.to_owned()),
                Err(tag) if tag == "signed_out" => {
                    self.go();
                    Err(self.texts.not_sent.to_owned())
                }
                _ => Err(self.texts.not_sent.to_owned()),
            });
        });
    }

    /// Says that the agent types, or stopped.
    pub fn types(self, on: bool) {
        let Some(c) = self.chosen.get_untracked() else { return };
        spawn_local(async move {
            // As for what was read.
            let _ = api::sign(&self.site(), c, &json!({ "typing": on })).await;
        });
    }
}

/// A fresh id.
pub fn fresh_id() -> EventId {
    let mut random = [0; 10];
    // Without randomness ids still differ by their time.
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut random);
    }
    EventId::new(now().unsigned_abs(), random)
}
