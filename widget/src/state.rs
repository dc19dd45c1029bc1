//! The account's progress as this page knows it: what the collector said, and on top of it what
//! happened here and was not acknowledged yet. Both go through the one fold in `journey`.

mod account;
mod core;
mod follow;
mod model;
mod promise;
pub mod summary;

use std::rc::Rc;
use std::sync::Arc;

use protocol::backend::FactValue;
use protocol::ids::StepId;
use protocol::widget::EventKind;
use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;
use wasm_bindgen_futures::spawn_local;

use crate::browser::Page;
use crate::i18n::{Texts, fill, texts};
pub use model::{Caller, Model, Notice, Phase, Teller};

use account::Account;
use core::{Core, hear};

/// The details of an event.
pub type Data = Vec<(String, FactValue)>;

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
    /// Whether what the loader drew was somebody else's.
    strange: RwSignal<bool>,
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
            strange: RwSignal::new(false),
            texts: texts(&page.locale()),
            core: StoredValue::new_local(made),
        }
    }

    /// What the launcher says before there is a checklist: as the loader drew it.
    pub fn loader_text(self) -> String {
        if self.strange.get() {
            return self.texts.title.to_owned();
        }
        self.with(|core| core.page.launcher().text_content().unwrap_or_default()).unwrap_or_default()
    }

    /// The language of the texts.
    pub fn lang(self) -> String {
        self.with(|core| core.page.locale()).unwrap_or_default()
    }

    /// Whether the focus is inside the widget.
    fn has_focus(self) -> bool {
        self.with(|core| core.page.root().active_element().is_some()).unwrap_or(false)
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
            let before = core.caller.replace(caller);
            let same_person =
                before.user == core.caller.borrow().user && before.account == core.caller.borrow().account;
            // What was chosen before anybody was there is meant for the first who comes.
            if !same_person && !before.user.as_str().is_empty() {
                self.forget_account(core);
            }
            core.page.set_owner(&core.owner());
            core.outbox.belong(core.owner(), core.sender());
        });
        self.reload();
    }

    /// Nobody is there any more; what was remembered for the launcher is forgotten too.
    pub fn leave(self) {
        self.with(|core| {
            summary::forget(&core.page.site(), &core.owner());
            self.forget_account(core);
        });
        self.open.set(false);
    }

    fn forget_account(self, core: &Core) {
        core.page.unguide();
        *core.account.borrow_mut() = Account::default();
        self.model.set(None);
        self.chosen.set(None);
        core.alarm.take();
        self.said.set(String::new());
        self.strange.set(true);
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
            // Whatever was asked before is for nobody now.
            core.epoch.set(core.epoch.get() + 1);
            spawn_local(follow::session(self, Rc::downgrade(&core), core.epoch.get()));
        }
    }

    /// Something happened here: it is folded in at once and kept until the collector has it.
    pub fn happened(self, kind: EventKind, step: Option<&StepId>, data: Data) {
        let Some((event, entry)) = self.with(|core| core.event(kind, step, data)) else { return };
        self.with(|core| {
            core.outbox.push(&event);
            core.account.borrow_mut().add(entry);
        });
        self.refold();
    }

    /// How a step can be done from here; see [`browser::GUIDE`](crate::browser::GUIDE).
    pub fn ways(self, step: &StepId) -> u32 {
        self.with(|core| core.page.ways(step.as_str())).unwrap_or(0)
    }

    /// Who brought which part of a number, in words; empty when nobody is known.
    pub fn parts(self, fact: &str) -> String {
        self.with(|core| core.page.parts(fact)).unwrap_or_default()
    }

    /// Does what a button of a step is for: `guide`, `now`, or what the page's glue asks and shows: `later`,
    /// `colleague`, `here`, `clip`.
    pub fn ask(self, what: &str, step: &StepId) {
        match what {
            "guide" => self.guide(step),
            "now" => self.go_on(step),
            _ => {
                self.with(|core| core.page.ask(what, step.as_str()));
            }
        }
    }

    /// Makes room and shows how a step is done.
    fn guide(self, step: &StepId) {
        self.happened(EventKind::StepStarted, Some(step), Data::new());
        // The card takes the focus, so the launcher does not.
        self.open.set(false);
        self.with(|core| core.page.show(step.as_str()));
    }

    /// Opens or closes the panel.
    pub fn set_open(self, open: bool) {
        // Asked before the panel goes, since its focus goes with it. A panel that the page closes
        // while somebody types elsewhere takes nothing from them.
        let had_focus = self.has_focus();
        self.open.set(open);
        if open {
            self.show();
            crate::ui::focus(self, "h2");
        } else if had_focus {
            crate::ui::focus(self, ".launcher");
        }
    }

    /// Notes that the step in focus was seen, once per step.
    pub fn show(self) {
        let Some(id) = self.in_focus() else { return };
        let seen = |model: &Model| model.progress.steps.get(&id).is_some_and(|step| step.shown.is_some());
        if self.open.get_untracked() && !self.model.get_untracked().is_none_or(|model| seen(&model)) {
            self.happened(EventKind::StepShown, Some(&id), Data::new());
            self.tell(Notice::Shown(&id));
        }
    }

    /// The step in focus: the chosen one, else the next.
    pub fn in_focus(self) -> Option<StepId> {
        let model = self.model.get()?;
        let known = |id: &StepId| model.flow.step(id).is_some();
        self.chosen.get().filter(known).or_else(|| model.checklist().next)
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
        if old.as_ref().is_none_or(|old| old.flow.version != new.flow.version) {
            self.tell(Notice::Flow);
        }
        match old {
            Some(old) => self.compare(&old, &new),
            None => self.tell(Notice::Ready),
        }
        self.show();
        self.keep_promises(&new);
    }

    /// Says aloud and to the host what turned between two moments.
    fn compare(self, old: &Model, new: &Model) {
        let left = summary::left(self.texts, &new.checklist());
        for (id, step) in new.progress.steps.iter() {
            let before = old.progress.steps.get(id).map(|step| step.status).unwrap_or_default();
            if before == step.status {
                continue;
            }
            let done = step.status == protocol::stored::StepStatus::Done;
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
