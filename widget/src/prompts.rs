//! What the widget asks a person: when to go on, which colleague to ask, what to enter, and how it feels.
//!
//! One card at a time, in the panel's place. This is a part: it comes when something is asked, or when the
//! page has nothing else to do. Progress stays with the core; a prompt only reports events, and a step is
//! done when the host's backend says so. See `docs/decisions/0007-asks.md`.

mod complaint;
mod decode;
mod delegate;
mod embed;
mod frustration;
mod inline_form;
mod local_time;
mod plan;
mod resume_field;
mod sheet;
mod snooze;
mod survey;
mod tab_storage;
mod texts;
mod verification;

use std::cell::Cell;
use std::rc::Rc;

use protocol::ids::StepId;

use crate::browser;
use crate::card::{Card, actions, paragraph};
use crate::i18n::concat;
use crate::part::{CoreEvent, Name, Prompt, Prompts, Subscription};
use crate::state::State;
use crate::ui::{EventListener, Handle, button, dress_once, next_frame};
use delegate::Invitation;
use embed::Embed;
use frustration::Frustration;
pub use inline_form::attach as attach_forms;
use resume_field::ResumeField;
use survey::Survey;
use texts::{Texts, texts};

const STYLES: &str = include_str!(concat!(env!("OUT_DIR"), "/prompts.css"));

/// Brings the prompts to a widget, and looks at once whether there is something to ask.
pub fn attach(state: State) -> Rc<dyn Prompts> {
    dress_once(&state.root(), "prompts", STYLES);
    let desk = PromptDesk::new(state);
    desk.look();
    desk
}

/// Every prompt of one widget, for as long as the widget lives.
struct PromptDesk {
    state: State,
    texts: &'static Texts,
    survey: Rc<Survey>,
    frustration: Rc<Frustration>,
    embed: Rc<Embed>,
    resume_field: Rc<ResumeField>,
    /// Whether the chat was asked for, so that it listens.
    listens: Cell<bool>,
    _complaints: EventListener,
    _pulls: Vec<EventListener>,
    invitation: Invitation,
    subscription: Cell<Option<Subscription>>,
}

impl PromptDesk {
    fn new(state: State) -> Rc<Self> {
        let texts = texts(&state.locale());
        let desk = Rc::new(Self {
            state,
            texts,
            survey: Survey::new(state, texts),
            frustration: Frustration::new(state, texts),
            embed: Embed::new(state),
            resume_field: ResumeField::new(state),
            listens: Cell::default(),
            _complaints: complaint::listen_for_complaints(state),
            _pulls: sheet::listen(state),
            invitation: Invitation::new(state),
            subscription: Cell::default(),
        });
        let weak = Rc::downgrade(&desk);
        let handle = move |event| {
            if let Some(desk) = weak.upgrade() {
                desk.handle(event);
            }
        };
        desk.subscription.set(plan::subscribe(state, Box::new(handle)));
        desk
    }

    fn handle(self: &Rc<Self>, event: CoreEvent) {
        match event {
            // The checklist comes first.
            CoreEvent::SessionLoaded | CoreEvent::ProgressChanged => {
                let desk = Rc::downgrade(self);
                crate::ui::when_idle(move || {
                    if let Some(desk) = desk.upgrade() {
                        desk.look();
                    }
                });
            }
            CoreEvent::GuideEnded => self.look(),
            // The panel is what the person wants to see now.
            CoreEvent::PanelOpened | CoreEvent::PanelClosed => {
                self.state.give_way();
                self.look_soon();
            }
            // Something else may have waited for the place.
            CoreEvent::CardClosed => self.look_soon(),
            CoreEvent::OwnerChanged => self.forget(),
            CoreEvent::RouteChanged
            | CoreEvent::TokenChanged
            | CoreEvent::OwnerEntered
            | CoreEvent::GuideStarted
            | CoreEvent::CollectorIsBack
            | CoreEvent::Leaving => {}
        }
    }

    /// Looks whether there is something to ask or to show, now that something is known or over.
    fn look(&self) {
        if plan::model(self.state).is_some() {
            self.listen_for_chat();
            self.invitation.take();
            self.resume_field.go_back();
            self.embed.settle();
            self.survey.look();
        }
    }

    /// Brings the chat where there is something to hear.
    fn listen_for_chat(&self) {
        let open = self.state.session().field("talk").get::<bool>("open");
        if open.is_some_and(|open| open || self.spoke()) && !self.listens.replace(true) {
            self.state.listen_for_chat();
        }
    }

    /// A guest has no token, so the chat knows them by this device alone.
    fn spoke(&self) -> bool {
        let key = concat(&["tabiji:talk:", &self.state.owner()]);
        self.state.caller().token.is_none() && browser::recall(&key).is_some_and(|kept| !kept.is_empty())
    }

    fn look_soon(self: &Rc<Self>) {
        let desk = Handle::to(self);
        next_frame(move || desk.with(|desk| desk.look()));
    }

    /// Few people enter anything here, and what reads a pasted table is a third of the prompts: it comes by itself.
    fn show_form(&self, step: StepId) {
        let state = self.state;
        let show = move || {
            if let (Some(forms), Some(json)) = (state.forms(), state.step_json(&step)) {
                forms.show(&step, &json.field("here"));
            }
        };
        state.want_shown(Name::InlineForm, Box::new(show));
    }

    /// Another person is there: nothing of the last one stays.
    fn forget(&self) {
        self.listens.set(false);
        self.survey.forget();
        self.frustration.forget();
        if let Some(forms) = self.state.forms() {
            forms.forget();
        }
        tab_storage::forget_all();
    }
}

impl Prompts for PromptDesk {
    fn ask(&self, prompt: Prompt, id: &StepId) {
        plan::with_step(self.state, id, &|step| match prompt {
            Prompt::Snooze => snooze::show(self.state, self.texts, &self.resume_field, step),
            Prompt::Delegate => delegate::show(self.state, self.texts, step),
            Prompt::InlineForm => self.show_form(step.id.clone()),
            Prompt::Verification => verification::show(self.state, step),
        });
    }

    fn not_fetched(&self, retry: Box<dyn Fn()>) {
        let card = Card::open(self.state, self.texts.unfetched, false);
        let pressed = card.clone();
        let again = button("action", self.texts.retry, move |_| {
            pressed.close(false);
            retry();
        });
        card.fill(vec![paragraph("hint", self.texts.unfetched_hint), actions(vec![again])]);
    }

    #[cfg(feature = "panic-drill")]
    fn drill(&self) {
        panic!("a drill");
    }
}
