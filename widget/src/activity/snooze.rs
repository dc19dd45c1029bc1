//! Comes back to a snoozed step at the time that the person chose.

use protocol::Millis;
use protocol::stored::StepStatus;

use crate::browser;
use crate::i18n::concat;
use crate::state::{Model, State};
use crate::ui::Timeout;

/// The longest that a timer can wait, in milliseconds: what is later is looked at again then.
const LONGEST: Millis = 2_000_000_000;

/// Opens the panel at this person's snoozed step that is due, once; gives the timer for the next one.
pub fn wake(state: State, model: &Model) -> Option<Timeout> {
    let (owner, user) =
        state.with(|context| Some((context.owner(), context.account.borrow().user()?))).flatten()?;
    let key = concat(&["tabiji:kept:", &owner]);
    // Moments of this century have thirteen digits, so they compare as texts.
    let kept = browser::recall(&key).unwrap_or_default();
    let mine = model.progress.steps.iter().filter_map(|(id, step)| {
        let later = step.snooze.as_ref().filter(|later| later.user.as_ref() == Some(&user))?;
        let waits = step.status == StepStatus::Open && later.until.to_string() > kept;
        (waits && model.flow.step(id).is_some()).then_some((later.until, id))
    });
    let (until, step) = mine.min()?;
    let now = browser::now();
    if until > now {
        let wait = u32::try_from((until - now).min(LONGEST)).unwrap_or(0);
        return Some(Timeout::new(wait, move || state.show_account()));
    }
    browser::remember(&key, Some(&until.to_string()));
    state.chosen.set(Some(step.clone()));
    // The focus stays where the person is busy.
    state.open_in_place();
    state.announcement.set(state.texts.later_due.to_owned());
    None
}
