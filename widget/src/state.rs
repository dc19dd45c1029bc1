//! The account's progress as this page knows it: what the collector said, and on top of it what
//! happened here and was not acknowledged yet. Both go through the one fold in `journey`.

mod account;
mod core;
mod follow;
pub mod summary;

use std::rc::Rc;
use std::sync::Arc;

use journey::Checklist;
use protocol::{AccountId, FactValue, Flow, Kind, Progress, StepId, Table, UserId};
use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;
use wasm_bindgen_futures::spawn_local;

use crate::browser::Page;
use crate::i18n::{Texts, fill, texts};
use crate::telemetry::Sender;
use account::Account;
use core::{Core, hear};

/// What the panel can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The first answer is awaited.
    Loading,
    /// There is a checklist.
    Ready,
    /// The site has published no flow.
    Empty,
    /// Nothing could be loaded, and nothing was remembered.
    Failed,
}

/// Everything a person sees, of one moment.
pub struct Model {
    /// The flow in their language.
    pub flow: Arc<Flow<String>>,
    /// Where the account stands.
    pub progress: Progress,
    /// What to call the people who did something.
    pub people: Table<UserId, String>,
    /// The customer's own words.
    pub expectation: Option<String>,
    /// Whether the host's backend vouched for the account.
    pub verified: bool,
}

impl Model {
    /// Progress beside the flow.
    pub fn checklist(&self) -> Checklist<'_, String> {
        Checklist::new(&self.flow, &self.progress)
    }

    /// A step's title.
    pub fn title(&self, id: &StepId) -> &str {
        self.flow.step(id).map_or("", |(_, step)| &step.title)
    }
}

/// What the host page is told.
pub enum Notice<'a> {
    /// The checklist is there.
    Ready,
    /// A step is in focus for the first time.
    Shown(&'a StepId),
    /// A step is done.
    Completed(&'a StepId),
    /// A step is open again.
    Reopened(&'a StepId),
    /// Every must-have step is done.
    Finished,
    /// Something went wrong: a tag and a sentence.
    Error(&'a str, &'a str),
}

/// Tells the host page.
pub type Teller = Rc<dyn Fn(Notice<'_>)>;

/// Who the page says is there.
#[derive(Clone, Default, PartialEq)]
pub struct Caller {
    /// The host's id of the person, or a device id.
    pub user: UserId,
    /// The host's id of the account.
    pub account: Option<AccountId>,
    /// The identity token.
    pub token: Option<String>,
}

/// The state, cheap to copy into every closure.
#[derive(Clone, Copy)]
pub struct State {
    /// Whether the panel is open.
    pub open: RwSignal<bool>,
    /// What the panel can show.
    pub phase: RwSignal<Phase>,
    /// What a person sees, when there is a checklist.
    pub model: RwSignal<Option<Arc<Model>>>,
    /// The step that the person chose to look at.
    pub chosen: RwSignal<Option<StepId>>,
    /// Whether nothing gets through to the collector.
    pub offline: RwSignal<bool>,
    /// What a screen reader is told.
    pub said: RwSignal<String>,
    /// All texts in the person's language.
    pub texts: &'static Texts,
    core: StoredValue<Rc<Core>, LocalStorage>,
}

impl State {
    /// The state of a fresh page.
    pub fn new(page: &Rc<Page>) -> Self {
        let offline = RwSignal::new(false);
        let core: StoredValue<Option<Rc<Core>>, LocalStorage> = StoredValue::new_local(None);
        let told = move |news| {
            if let Some(Some(core)) = core.try_get_value() {
                hear(&core, offline, news);
            }
        };
        let made = Rc::new(Core::new(page, told));
        core.set_value(Some(Rc::clone(&made)));
        Self {
            open: RwSignal::new(false),
            phase: RwSignal::new(Phase::Loading),
            model: RwSignal::new(None),
            chosen: RwSignal::new(None),
            offline,
            said: RwSignal::new(String::new()),
            texts: texts(&page.locale()),
            core: StoredValue::new_local(made),
        }
    }

    /// What the launcher says before there is a checklist: as the loader drew it.
    pub fn loader_text(self) -> String {
        self.with(|core| core.page.launcher().text_content().unwrap_or_default()).unwrap_or_default()
    }

    /// The language of the texts.
    pub fn lang(self) -> String {
        self.with(|core| core.page.locale()).unwrap_or_default()
    }

    /// The shadow root that everything is in.
    pub fn root(self) -> StoredValue<web_sys::ShadowRoot, LocalStorage> {
        StoredValue::new_local(
            self.with(|core| core.page.root()).unwrap_or_else(|| wasm_bindgen::JsValue::NULL.into()),
        )
    }

    /// Whom to tell about changes.
    pub fn on_notice(self, notice: Teller) {
        self.with(|core| *core.notice.borrow_mut() = Some(notice));
    }

    /// Runs with the core, unless the widget is gone.
    fn with<T>(self, run: impl FnOnce(&Rc<Core>) -> T) -> Option<T> {
        self.core.try_get_value().map(|core| run(&core))
    }

    /// From now on `caller` is there.
    pub fn enter(self, caller: Caller) {
        self.with(|core| {
            let same_person =
                core.caller.borrow().user == caller.user && core.caller.borrow().account == caller.account;
            core.epoch.set(core.epoch.get() + 1);
            *core.caller.borrow_mut() = caller;
            if !same_person {
                self.forget_account(core);
            }
            core.outbox.belong(core.owner(), core.sender());
        });
        self.reload();
    }

    /// Nobody is there any more; what was remembered for the launcher is forgotten too.
    pub fn leave(self) {
        self.with(|core| {
            core.epoch.set(core.epoch.get() + 1);
            summary::forget(&core.page.site(), &core.owner());
            *core.caller.borrow_mut() = Caller::default();
            core.outbox.belong(String::new(), Sender::default());
            self.forget_account(core);
        });
        self.open.set(false);
    }

    fn forget_account(self, core: &Core) {
        *core.account.borrow_mut() = Account::default();
        self.model.set(None);
        self.chosen.set(None);
        self.phase.set(Phase::Loading);
    }

    /// Asks the collector for everything anew.
    pub fn reload(self) {
        self.phase.update(|phase| {
            if *phase == Phase::Failed {
                *phase = Phase::Loading;
            }
        });
        if let Some(core) = self.core.try_get_value() {
            spawn_local(follow::session(self, Rc::downgrade(&core), core.epoch.get()));
        }
    }

    /// Something happened here: it is folded in at once and kept until the collector has it.
    pub fn happened(self, kind: Kind, step: Option<&StepId>, data: &[(&str, FactValue)]) {
        let Some((event, entry)) = self.with(|core| core.event(kind, step, data)) else { return };
        self.with(|core| {
            core.outbox.push(&event);
            core.account.borrow_mut().add(entry);
        });
        self.refold();
    }

    /// Opens or closes the panel.
    pub fn set_open(self, open: bool) {
        self.open.set(open);
        if open {
            self.show();
        }
    }

    /// Notes that the step in focus was seen, once per step.
    pub fn show(self) {
        let Some(id) = self.in_focus() else { return };
        let seen = |model: &Model| model.progress.steps.get(&id).is_some_and(|step| step.shown.is_some());
        if self.open.get_untracked() && !self.model.get_untracked().is_none_or(|model| seen(&model)) {
            self.happened(Kind::StepShown, Some(&id), &[]);
            self.tell(Notice::Shown(&id));
        }
    }

    /// The step in focus: the chosen one, else the next.
    pub fn in_focus(self) -> Option<StepId> {
        self.chosen.get().or_else(|| self.model.get().and_then(|model| model.checklist().next))
    }

    fn tell(self, notice: Notice<'_>) {
        let teller = self.with(|core| core.notice.borrow().clone()).flatten();
        if let Some(teller) = teller {
            teller(notice);
        }
    }

    /// Folds what the collector said and what happened here since, and shows the difference.
    fn refold(self) {
        let Some(Some(new)) = self.with(|core| core.account.borrow_mut().fold()) else { return };
        let old = self.model.get_untracked();
        let new = Arc::new(new);
        self.model.set(Some(Arc::clone(&new)));
        self.phase.set(Phase::Ready);
        self.with(|core| summary::keep(&core.page.site(), self.texts, &new));
        match old {
            Some(old) => self.compare(&old, &new),
            None => self.tell(Notice::Ready),
        }
        self.show();
    }

    /// Says aloud and to the host what turned between two moments.
    fn compare(self, old: &Model, new: &Model) {
        let left = summary::left(self.texts, &new.checklist());
        for (id, step) in new.progress.steps.iter() {
            let before = old.progress.steps.get(id).map(|step| step.status).unwrap_or_default();
            if before == step.status {
                continue;
            }
            let done = step.status == protocol::Status::Done;
            let text = if done { self.texts.announce_done } else { self.texts.announce_reopened };
            self.said.set(fill(text, &[("step", new.title(id)), ("left", &left)]));
            self.tell(if done { Notice::Completed(id) } else { Notice::Reopened(id) });
            if done && self.chosen.get_untracked().as_ref() == Some(id) {
                self.chosen.set(None);
            }
        }
        if old.checklist().left > 0 && new.checklist().left == 0 {
            self.tell(Notice::Finished);
        }
    }
}
