//! What the finder offers for each topic.

use leptos::prelude::*;
use protocol::console::PlaceChoice;
use protocol::files::CannedReply;

use crate::clock::now;
use crate::format::{clock, moment};
use crate::i18n::{Texts, fill};
use crate::inbox::actions::Action;
use crate::inbox::composer::Pointer;
use crate::inbox::composer_form::focus_composer;
use crate::inbox::filter::Filter;
use crate::inbox::snooze;
use crate::inbox::state::InboxState;
use crate::inbox::topic::Topic;
use crate::page::Page;

/// One thing that can be chosen.
#[derive(Clone)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// What else is known of it; found as well.
    pub note: String,
    /// What is found as well, and not shown.
    pub hidden: String,
    /// The key that does the same.
    pub key: &'static str,
    /// The address of a picture.
    pub picture: Option<String>,
    /// Does it.
    pub run: Callback<()>,
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.note) == (&other.name, &other.note)
    }
}

impl Item {
    fn new(name: impl Into<String>, run: impl Fn() + Send + Sync + 'static) -> Self {
        let run = Callback::new(move |()| run());
        Self { name: name.into(), note: String::new(), hidden: String::new(), key: "", picture: None, run }
    }

    fn note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    fn key(self, key: &'static str) -> Self {
        Self { key, ..self }
    }

    /// Returns everything that words are looked for in.
    pub fn haystack(&self) -> String {
        [&self.name, " ", &self.note, " ", &self.hidden].concat()
    }
}

/// Returns the items of a topic; with `everything` also those that only words find.
pub fn of(inbox: InboxState, topic: Topic, everything: bool) -> Vec<Item> {
    match topic {
        Topic::All => all(inbox, everything),
        Topic::More => actions(inbox),
        Topic::Replies => replies(inbox),
        Topic::Clips => clips(inbox),
        Topic::Places => places(inbox),
        Topic::Snooze => snoozes(inbox),
        Topic::Block => block(inbox),
    }
}

fn all(inbox: InboxState, everything: bool) -> Vec<Item> {
    let texts = inbox.agent.texts;
    let mut items = Vec::new();
    if untrack(|| inbox.conversation.current()).is_some() {
        items.extend(writing(inbox));
        items.extend(actions(inbox));
        if everything {
            items.extend(labels(inbox));
            items.extend(replies(inbox));
        }
    }
    items.push(Item::new(texts.next, move || inbox.open_neighbour(1)).key("j"));
    items.push(Item::new(texts.previous, move || inbox.open_neighbour(-1)).key("k"));
    items.extend(Filter::ALL.map(|filter| {
        let show = move || {
            inbox.address.open(None);
            inbox.choose_filter(filter);
        };
        Item::new(filter.name(texts), show).note(texts.inbox)
    }));
    let pages = [Page::Inbox, Page::Journey, Page::Clips, Page::Help, Page::Security];
    items.extend(pages.map(|page| Item::new(page.name(texts), move || inbox.address.open_page(page))));
    let alerts = if inbox.alerts.is_on() { texts.bell_off } else { texts.bell_on };
    items.push(Item::new(alerts, move || inbox.alerts.toggle()));
    if everything {
        items.extend(people(inbox));
    }
    items
}

fn writing(inbox: InboxState) -> [Item; 2] {
    let texts = inbox.agent.texts;
    [(texts.answer, false, "r"), (texts.note_label, true, "n")].map(|(name, is_note, key)| {
        let write = move || {
            inbox.composer.set_note(is_note);
            focus_composer();
        };
        Item::new(name, write).key(key)
    })
}

/// Every action on the open conversation; a phone has no room for all of their buttons.
fn actions(inbox: InboxState) -> Vec<Item> {
    [buttons(inbox), more(inbox)].concat()
}

fn buttons(inbox: InboxState) -> Vec<Item> {
    let Some(one) = untrack(|| inbox.conversation.current()) else { return Vec::new() };
    let buttons = inbox.buttons(&one).into_iter();
    buttons
        .map(|(name, key, action)| Item::new(name, move || inbox.perform(action.clone())).key(key))
        .collect()
}

fn more(inbox: InboxState) -> Vec<Item> {
    let Some(one) = untrack(|| inbox.conversation.current()) else { return Vec::new() };
    let actions = inbox.more_actions(&one).into_iter();
    actions.map(|(name, action)| Item::new(name, move || inbox.perform(action.clone()))).collect()
}

/// One item for each label in use that the conversation does not have.
fn labels(inbox: InboxState) -> Vec<Item> {
    let Some(one) = untrack(|| inbox.conversation.current()) else { return Vec::new() };
    let known = inbox.options.with_untracked(|known| known.labels.clone());
    let new = known.into_iter().filter(|label| !one.state.labels.contains(label));
    let item = |label: String| {
        let labels = [one.state.labels.as_slice(), std::slice::from_ref(&label)].concat();
        let set = Action::Append(protocol::chat::LogEntryBody::Labelled { labels });
        Item::new(label, move || inbox.perform(set.clone())).note(inbox.agent.texts.label_add)
    };
    new.map(item).collect()
}

/// The canned replies, those for the customer's step first.
fn replies(inbox: InboxState) -> Vec<Item> {
    let Some(one) = untrack(|| inbox.conversation.current()) else { return Vec::new() };
    let mut replies = inbox.options.with_untracked(|known| known.replies.clone());
    replies.sort_by_key(|reply| !one.context.step.as_ref().is_some_and(|step| reply.steps.contains(step)));
    let item = |reply: CannedReply| {
        let (text, quick) = filled(inbox, &reply);
        let note = text.clone();
        let insert = move || {
            inbox.composer.insert(&text, quick.clone());
            focus_composer();
        };
        Item::new(reply.title, insert).note(note)
    };
    replies.into_iter().map(item).collect()
}

/// Returns text and quick replies in the customer's language, with the names in their places.
fn filled(inbox: InboxState, reply: &CannedReply) -> (String, Vec<String>) {
    let Some(one) = untrack(|| inbox.conversation.current()) else { return Default::default() };
    let agent = inbox.agent.name();
    let values = [
        ("user", one.user.as_str()),
        ("account", one.account.as_str()),
        // A customer who is at no step is on some page.
        ("step", if one.step.is_empty() { one.context.page.as_str() } else { one.step.as_str() }),
        ("agent", agent.as_str()),
    ];
    let locales = (&one.context.locale, inbox.agent.locale);
    let text = fill(reply.text.pick(locales.0, locales.1), &values);
    let quick = reply.quick_replies.iter().map(|text| text.pick(locales.0, locales.1).to_owned()).collect();
    (text, quick)
}

/// The chapters and the spoken lines of every clip, and each clip from its start.
fn clips(inbox: InboxState) -> Vec<Item> {
    let moments = inbox.moments.get();
    let item = |one: protocol::console::ClipChoice| {
        let title = [&one.title, " ", &clock(f64::from(one.at.from))].concat();
        let chosen = (Pointer::Clip(one.at), title.clone());
        let choose = move || {
            inbox.composer.pointer.set(Some(chosen.clone()));
            focus_composer();
        };
        Item { picture: one.poster, ..Item::new(title, choose).note(one.text) }
    };
    moments.into_iter().map(item).collect()
}

fn places(inbox: InboxState) -> Vec<Item> {
    let places = inbox.options.with_untracked(|known| known.places.clone());
    let item = |place: PlaceChoice| {
        let name = place_name(inbox.agent.texts, &place.title, place.stop);
        let chosen = (Pointer::Place(place.step, place.stop), name.clone());
        let choose = move || {
            inbox.composer.pointer.set(Some(chosen.clone()));
            focus_composer();
        };
        Item::new(name, choose).note(place.text)
    };
    places.into_iter().map(item).collect()
}

/// Returns the name of a guide, or of a stop of it.
pub fn place_name(texts: &Texts, title: &str, stop: Option<u32>) -> String {
    match stop {
        Some(n) => fill(texts.place_stop, &[("title", title), ("n", &n.to_string())]),
        None => title.to_owned(),
    }
}

fn snoozes(inbox: InboxState) -> Vec<Item> {
    let (texts, locale) = (inbox.agent.texts, inbox.agent.locale);
    let hours = inbox.options.with_untracked(|known| known.hours.clone());
    let choices = snooze::choices(texts, hours.as_ref(), now()).into_iter();
    choices
        .map(|(name, until)| Item::new(name, move || inbox.snooze(until)).note(moment(until, locale)))
        .collect()
}

fn block(inbox: InboxState) -> Vec<Item> {
    let texts: &Texts = inbox.agent.texts;
    vec![
        Item::new(texts.cancel, || {}),
        Item::new(texts.bar_person, move || inbox.perform(Action::SetBlocked(true))),
    ]
}

/// Every person who has written, by name and company.
fn people(inbox: InboxState) -> Vec<Item> {
    let all = inbox.list.sorted(|_| true, None);
    let item = |one: protocol::console::Conversation| {
        let id = one.id;
        let hidden = [one.account_id.as_str(), " ", one.user_id.as_str()].concat();
        let name = [&one.account, " ", &one.user].concat();
        Item { hidden, ..Item::new(name, move || inbox.open(id)).note(one.state.excerpt) }
    };
    all.into_iter().map(item).collect()
}
