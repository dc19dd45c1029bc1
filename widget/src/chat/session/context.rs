//! What the person was doing: customer success sees it and need not ask.

use std::rc::Rc;

use protocol::chat::VisitorContext;
use protocol::ids::StepId;
use protocol::stored::StepStatus;

use super::Session;
use crate::browser;
use crate::chat::storage;
use crate::ui::{Handle, Tag, button};
use crate::wire::{Json, Read, object, print};

impl Session {
    /// The step that the person asks about, else the one that they are at.
    pub fn step(&self) -> Option<StepId> {
        let about = self.about.borrow().clone();
        about.or_else(|| {
            let model = self.state.model.get_untracked()?;
            let is_open =
                |id: &StepId| model.progress.steps.get(id).is_none_or(|step| step.status != StepStatus::Done);
            model.flow.steps().map(|(_, step)| &step.id).find(|id| is_open(id)).cloned()
        })
    }

    /// Whether a clip shows how a step is done.
    pub fn is_shown_in_clip(&self, step: &StepId) -> bool {
        self.state.step_json(step).is_some_and(|step| step.has("video"))
    }

    pub(super) fn context(&self) -> VisitorContext {
        let step = self.step();
        let concern = self.state.concern();
        let shown = self.state.model.get_untracked().and_then(|model| {
            let progress = model.progress.steps.get(step.as_ref()?)?;
            progress.shown
        });
        VisitorContext {
            page: self.state.masked(&browser::pathname()),
            step,
            step_open_for: shown.map(|shown| (self.server_now() - shown).max(0)),
            error: concern.complaint.unwrap_or_default(),
            clip: concern.watching.and_then(|clip| protocol::chat::ClipMoment::read(&clip)),
            article: concern.article.unwrap_or_default(),
            locale: self.state.locale(),
        }
    }

    /// Begins a message with these words, unless one was begun before.
    pub fn begin_draft(&self, words: String) {
        let draft = storage::draft(&self.owner);
        if !words.is_empty() && browser::recall(&draft).is_none_or(|begun| begun.is_empty()) {
            browser::remember(&draft, Some(&words));
        }
    }

    /// Whether there is something to go on with: a draft, something on its way, or an open conversation.
    pub(super) fn goes_on(&self) -> bool {
        if browser::recall(&storage::draft(&self.owner)).is_some_and(|draft| !draft.is_empty()) {
            return true;
        }
        self.with(|client| {
            if client.outbox.all().next().is_some() {
                return true;
            }
            match client.current() {
                Some(one) => {
                    one.head.status != protocol::chat::ConversationStatus::Resolved || one.unread() > 0
                }
                None => self.state.session().field("talk").get("open") == Some(true),
            }
        })
    }
}

/// Steps and clips of the flow.
impl Session {
    /// Whether the flow has a step.
    pub fn has_step(&self, id: &str) -> bool {
        self.state.model.get_untracked().is_some_and(|model| model.flow.step(&StepId::from(id)).is_some())
    }

    /// A button that shows the control of a step.
    pub fn point(self: &Rc<Self>, class: &'static str, text: &str, step: StepId, stop: Option<u32>) -> Tag {
        let handle = Handle::to(self);
        button(class, text, move |_| handle.with(|session| session.show_step(&step, stop)))
    }

    /// Whether the flow has a clip.
    pub fn has_clip(&self, id: &str) -> bool {
        let clips: Vec<Json> = self.state.session().field("flow").or_default("clip");
        clips.iter().any(|clip| clip.or_default::<String>("id") == id)
    }

    /// A button that shows a clip from a second on.
    pub fn watch(&self, class: &'static str, text: &str, clip: &str, from: u32) -> Tag {
        let (state, clip) = (self.state, clip.to_owned());
        button(class, text, move |_| state.show_clip_at(&clip, from.into()))
    }

    /// Makes room and shows the control of a step: that of a stop, or else where the person stands in its guide.
    fn show_step(&self, id: &StepId, stop: Option<u32>) {
        self.state.give_way();
        if let Some(stop) = stop {
            // A guide goes on where the person was last, so that is where they are now.
            let at = (self.server_now() as f64).into();
            let place = object(&[("step", id.as_str().into()), ("stop", stop.into()), ("at", at)]);
            browser::remember(&self.state.guide_key(), Some(&print(&place)));
        }
        self.state.show_step(id);
    }
}
