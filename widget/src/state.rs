//! The account's progress as this page knows it: what the collector said, and on top of it what
//! happened here and was not acknowledged yet. Both go through the one fold in `journey`
//! (`docs/decisions/0002-fold.md`).

mod account;
mod concern;
pub(crate) mod context;
mod model;
mod parts;
mod services;
pub(crate) mod session;
mod shown;
mod snooze;
pub mod summary;
pub mod tabs;
mod watched;

use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;

use lazy::spawn_local;
use protocol::backend::FactValue;
use protocol::ids::StepId;
use protocol::widget::EventKind;
use reactive_graph::signal::ArcTrigger;

use crate::i18n::{Texts, texts};
use crate::page::{Bridge, Page};
use crate::part::{CoreEvent, Fetched, Name, Tab};
use crate::{browser, js};
pub use model::{Caller, HostEvent, HostNotifier, Model, Phase};

use context::Context;
use watched::Watched;

/// The details of an event.
pub type Data = Vec<(String, FactValue)>;

/// The state: a pointer, cheap to copy into every closure. What it points to stays when the widget is gone, empty.
#[derive(Clone, Copy)]
pub struct State(&'static Core);

/// What effects watch, and the way to everything else.
pub struct Core {
    /// Whether the panel is open.
    pub open: Watched<bool>,
    /// What the panel can show.
    pub phase: Watched<Phase>,
    /// What a person sees, when there is a checklist.
    pub model: Watched<Option<Rc<Model>>>,
    /// The step that the person chose to look at.
    pub chosen: Watched<Option<StepId>>,
    /// Steps of the list that the person unfolded.
    pub unfolded: Watched<Vec<StepId>>,
    /// The step of which every way to do it is shown, not the best ones alone.
    pub ways_of: Watched<Option<StepId>>,
    /// Whether a colleague sent the person to the chosen step: it is shown alone.
    pub is_invited: Watched<bool>,
    /// The tab of the panel that a card shows; none where the checklist, or nothing, is shown.
    pub tab: Watched<Option<Tab>>,
    /// Answers that the person has not read, once the chat has counted them.
    pub unread: Watched<Option<u32>>,
    /// Whether nothing gets through to the collector.
    pub offline: Watched<bool>,
    /// What a screen reader announces.
    pub announcement: Watched<String>,
    /// Whether what the loader drew was another person's.
    strange: Watched<bool>,
    /// All texts in the person's language.
    pub texts: &'static Texts,
    /// Fetches a part.
    load: Load,
    context: RefCell<Option<Rc<Context>>>,
}

/// Fetches a part. The state knows none of them; `load.rs` knows them all.
pub type Load = fn(State, Name) -> Fetched;

impl Deref for State {
    type Target = Core;

    fn deref(&self) -> &Core {
        self.0
    }
}

impl State {
    /// The state of a fresh page.
    pub fn new(page: &Rc<Page>, bridge: Bridge, load: Load) -> Self {
        let changed = ArcTrigger::new();
        Self(Box::leak(Box::new(Core {
            open: Watched::new(false, &changed),
            phase: Watched::new(Phase::Loading, &changed),
            model: Watched::new(None, &changed),
            chosen: Watched::new(None, &changed),
            unfolded: Watched::new(Vec::new(), &changed),
            ways_of: Watched::new(None, &changed),
            is_invited: Watched::new(false, &changed),
            tab: Watched::new(None, &changed),
            unread: Watched::new(None, &changed),
            offline: Watched::new(false, &changed),
            announcement: Watched::new(String::new(), &changed),
            strange: Watched::new(false, &changed),
            texts: texts(&page.locale()),
            load,
            context: RefCell::new(Some(Rc::new(Context::new(page, bridge)))),
        })))
    }

    /// The widget is gone: nothing of the last person stays, and nothing runs with the context any more.
    pub fn end(self) {
        let context = self.context.take();
        drop(context);
        self.forget_view();
    }

    fn forget_view(self) {
        self.model.set(None);
        self.chosen.set(None);
        self.unfolded.set(Vec::new());
        self.ways_of.set(None);
        self.is_invited.set(false);
        self.unread.set(None);
        self.announcement.set(String::new());
    }

    /// What the launcher says before there is a checklist: as the loader drew it.
    pub fn loader_text(self) -> String {
        if self.strange.get() {
            return self.texts.title.to_owned();
        }
        self.with(|context| js::text(&context.page.launcher(), "textContent")).unwrap_or_default()
    }

    /// Whether the focus is inside the widget.
    fn has_focus(self) -> bool {
        self.with(|context| browser::active(&context.page.root()).is_some()).unwrap_or(false)
    }

    /// Notifies the host page of changes.
    pub fn on_host_event(self, notifier: HostNotifier) {
        self.with(|context| *context.notifier.borrow_mut() = Some(notifier));
    }

    /// Runs with the context, unless the widget is gone.
    pub(crate) fn with<T>(self, run: impl FnOnce(&Rc<Context>) -> T) -> Option<T> {
        self.context().map(|context| run(&context))
    }

    fn context(self) -> Option<Rc<Context>> {
        self.context.borrow().clone()
    }

    /// From now on `caller` is there.
    pub fn enter(self, caller: Caller) {
        let is_known = self.with(|context| {
            let before = context.caller.replace(caller);
            let now = context.caller.borrow().clone();
            let same_person = before.user == now.user && before.account == now.account;
            // What was chosen before anybody was there is meant for the first who comes.
            if !same_person && !before.user.as_str().is_empty() {
                self.forget_account(context);
            }
            let same_token = same_person && before.token == now.token;
            if !same_token {
                self.publish(if same_person { CoreEvent::TokenChanged } else { CoreEvent::OwnerEntered });
            }
            same_token
        });
        // Pages say it again whenever they draw.
        if is_known != Some(true) || self.phase.get_untracked() == Phase::Failed {
            self.reload();
        }
    }

    /// Nobody is there any more; what was remembered for the launcher is forgotten too.
    pub fn leave(self) {
        self.with(|context| {
            summary::forget(&context.page.site(), &context.owner());
            self.forget_account(context);
        });
        self.open.set(false);
    }

    fn forget_account(self, context: &Context) {
        self.publish(CoreEvent::OwnerChanged);
        context.forget_person();
        self.forget_view();
        self.strange.set(true);
        self.phase.set(Phase::Loading);
    }

    /// Asks the collector for everything again.
    pub fn reload(self) {
        if self.phase.get_untracked() == Phase::Failed {
            self.phase.set(Phase::Loading);
        }
        if let Some(context) = self.context() {
            // Whatever was asked before is for nobody now.
            context.epoch.set(context.epoch.get() + 1);
            spawn_local(session::begin(self, Rc::downgrade(&context), context.epoch.get()));
        }
    }

    /// Something happened here: it is on disk when this returns, folded in at once, and kept until the collector has
    /// it. What comes before `activity` is there waits for it on disk.
    pub fn happened(self, kind: EventKind, step: Option<&StepId>, data: Data) {
        let Some(event) = self.with(|context| context.event(kind, step, data)) else { return };
        if let Some(activity) = self.activity() {
            return activity.take(event);
        }
        self.with(|context| {
            crate::telemetry::early::keep(&context.owner(), &event.id.text(), &crate::wire::event(&event));
            context.early.borrow_mut().push(event);
        });
        self.bring(Name::Activity);
    }

    /// How a step can be done from here; see [`page::GUIDE`](crate::page::GUIDE).
    pub fn capabilities(self, step: &StepId) -> u32 {
        self.with(|context| context.bridge.capabilities(step)).unwrap_or(0)
    }

    /// Who brought which part of a number, in words; empty when nobody is known.
    pub fn contributions(self, fact: &str) -> String {
        self.with(|context| context.bridge.contributions(fact)).unwrap_or_default()
    }

    /// The person sets out to do a step in the page.
    pub fn set_out(self, step: &StepId) {
        self.happened(EventKind::StepStarted, Some(step), Data::new());
        let step = step.clone();
        self.with_strip(move |strip| strip.set_out(&step));
    }

    /// Makes room and shows how a step is done.
    pub fn show_guide(self, step: &StepId) {
        self.set_out(step);
        // The card takes the focus, so the launcher does not.
        self.open.set(false);
        self.show_step(step);
    }

    /// Opens the panel at the checklist, or closes it.
    pub fn set_open(self, open: bool) {
        // Asked before the panel goes, since its focus goes with it. A panel that the page closes
        // while a person types elsewhere takes nothing from them.
        let had_focus = self.has_focus();
        if !open {
            self.unfolded.set(Vec::new());
            self.ways_of.set(None);
        }
        self.open.set(open);
        if open {
            self.show();
            self.focus("h2");
        } else if had_focus {
            self.focus(".launcher");
        }
    }

    /// Moves the focus to the first match inside the widget once it is drawn.
    pub fn focus(self, selector: &'static str) {
        crate::ui::focus(self.root(), selector);
    }

    pub(crate) fn notify_host(self, notice: HostEvent<'_>) {
        let teller = self.with(|context| context.notifier.borrow().clone()).flatten();
        if let Some(teller) = teller {
            teller(notice);
        }
    }

    /// Shows what the collector said, with what happened here since on top as soon as the fold is there.
    pub fn show_account(self) {
        if let Some(activity) = self.activity() {
            activity.refold();
        } else if let Some(Some(model)) = self.with(|context| context.account.borrow().as_reported()) {
            self.show_model(model);
        }
    }

    /// Shows a model; gives it, and the one before.
    pub fn show_model(self, new: Model) -> (Rc<Model>, Option<Rc<Model>>) {
        let (old, new) = (self.model.get_untracked(), Rc::new(new));
        self.model.set(Some(Rc::clone(&new)));
        self.phase.set(Phase::Ready);
        self.with(|context| summary::keep(self, &context.page.site(), &new));
        if old.is_none() {
            self.notify_host(HostEvent::Ready);
        }
        (new, old)
    }
}
