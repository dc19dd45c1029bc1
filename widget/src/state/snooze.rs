//! Snoozing a step, and what is said of it. `activity` wakes it when the time has come.

use protocol::Millis;
use protocol::backend::FactValue;
use protocol::ids::StepId;
use protocol::widget::EventKind;

use super::{Data, HostEvent, State};
use crate::browser;
use crate::i18n::fill;

impl State {
    /// The person will go on with a step at the time `until` of `data`, from this page.
    pub fn snooze(self, step: &StepId, mut data: Data) {
        let until = data.iter().find_map(|(name, value)| match value {
            FactValue::Number(until) if name == "until" => Some(*until as Millis),
            _ => None,
        });
        data.push(("page".to_owned(), FactValue::Text(browser::path())));
        self.chosen.set(None);
        self.happened(EventKind::StepSnoozed, Some(step), data);
        self.notify_host(HostEvent::Snoozed(step));
        self.set_open(false);
        let promise = self.resumes_at(until.unwrap_or(0));
        self.announcement.set(promise.clone());
        self.with_strip(move |strip| strip.say(promise));
    }

    /// The person goes on with a step that was put off.
    pub fn resume(self, step: &StepId) {
        self.chosen.set(Some(step.clone()));
        self.happened(EventKind::StepSnoozed, Some(step), vec![("until".to_owned(), FactValue::Number(0.0))]);
    }

    /// "Goes on Mon 24 Nov, 10:00", or that the time has come.
    pub fn resumes_at(self, until: Millis) -> String {
        if until <= browser::now() {
            return self.texts.later_due.to_owned();
        }
        fill(self.texts.later_until, &[("when", &browser::said_moment(until, &self.locale()))])
    }
}
