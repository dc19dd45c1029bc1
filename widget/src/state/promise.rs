//! "Later" is a promise: the widget comes back to a step at the time that the person chose.

use gloo_timers::callback::Timeout;
use protocol::Millis;
use protocol::backend::FactValue;
use protocol::ids::StepId;
use protocol::stored::StepStatus;
use protocol::widget::EventKind;
use reactive_graph::prelude::*;

use super::{Data, Model, Notice, State};
use crate::browser;
use crate::i18n::fill;

/// The longest that a timer can wait, in milliseconds: what is later is looked at again then.
const LONGEST: Millis = 2_000_000_000;

impl State {
    /// The person will go on with a step at the time `until` of `data`, from this page.
    pub fn promise(self, step: &StepId, mut data: Data) {
        let until = data.iter().find_map(|(name, value)| match value {
            FactValue::Number(until) if name == "until" => Some(*until as Millis),
            _ => None,
        });
        data.push(("page".to_owned(), FactValue::Text(browser::path())));
        self.chosen.set(None);
        self.happened(EventKind::StepSnoozed, Some(step), data);
        self.tell(Notice::Snoozed(step));
        self.set_open(false);
        self.said.set(self.goes_on(until.unwrap_or(0)));
    }

    /// The person goes on with a step that was put off.
    pub fn go_on(self, step: &StepId) {
        self.chosen.set(Some(step.clone()));
        self.happened(EventKind::StepSnoozed, Some(step), vec![("until".to_owned(), FactValue::Number(0.0))]);
    }

    /// "Goes on Mon 24 Nov, 10:00", or that the time has come.
    pub fn goes_on(self, until: Millis) -> String {
        if until <= browser::now() {
            return self.texts.later_due.to_owned();
        }
        fill(self.texts.later_until, &[("when", &browser::said_moment(until, &self.lang()))])
    }

    /// Keeps this person's promises: speaks of what is due once, and waits for what is not.
    pub(super) fn keep_promises(self, model: &Model) {
        let Some(Some((owner, user))) =
            self.with(|core| core.account.borrow().user().map(|user| (core.owner(), user)))
        else {
            return;
        };
        let key = ["tabiji:kept:", &owner].concat();
        // Moments of this century have thirteen digits, so they compare as texts.
        let kept = browser::recall(&key).unwrap_or_default();
        let mine = model.progress.steps.iter().filter_map(|(id, step)| {
            let later = step.later.as_ref().filter(|later| later.user.as_ref() == Some(&user))?;
            let waits = step.status == StepStatus::Open && later.until.to_string() > kept;
            (waits && model.flow.step(id).is_some()).then_some((later.until, id))
        });
        let Some((until, step)) = mine.min() else { return };
        let now = browser::now();
        if until > now {
            let wait = u32::try_from((until - now).min(LONGEST)).unwrap_or(0);
            let again = Timeout::new(wait, move || {
                if let Some(model) = self.model.try_get_untracked().flatten() {
                    self.keep_promises(&model);
                }
            });
            self.with(|core| *core.alarm.borrow_mut() = Some(again));
            return;
        }
        browser::remember(&key, Some(&until.to_string()));
        self.chosen.set(Some(step.clone()));
        // The focus stays where the person is busy.
        self.open.set(true);
        self.show();
        self.said.set(self.texts.later_due.to_owned());
    }
}
