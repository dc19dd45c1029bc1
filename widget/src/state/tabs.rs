//! The tabs of the panel: which there are, and which one the person has use for.

use protocol::Millis;

use super::State;
use crate::i18n::fill;
use crate::part::Tab;

/// One day in milliseconds.
const DAY: Millis = 24 * 3_600_000;

/// The tabs that have something in them.
pub fn all(state: State) -> impl Iterator<Item = Tab> {
    let talk = state.session().field("talk");
    let chat = talk.has("open");
    let answers = chat && (talk.get("help") == Some(true) || state.session().field("flow").has("clip"));
    let all = [(Tab::ToDo, state.model.get().is_some()), (Tab::Answers, answers), (Tab::Messages, chat)];
    all.into_iter().filter(|(_, there)| *there).map(|(tab, _)| tab)
}

impl State {
    /// Whether the person looks at one of the panel's tabs.
    pub fn is_panel_shown(self) -> bool {
        self.open.get() || self.tab.get().is_some()
    }

    /// Opens a tab of the panel, or else the one that the person has use for.
    pub fn open_tab(self, tab: Option<Tab>) {
        match tab.unwrap_or_else(|| self.useful_tab()) {
            Tab::ToDo => {
                self.give_way();
                self.set_open(true);
            }
            tab => self.open_chat(Some(tab), None),
        }
    }

    /// Closes the panel, whichever tab is shown. A checklist that stands in the page's own place stays.
    pub fn close_panel(self) {
        self.give_way();
        if !self.is_inline() {
            self.set_open(false);
        }
    }

    /// Unread answers come first; what is finished is history after a day.
    fn useful_tab(self) -> Tab {
        let there = |tab| all(self).any(|one| one == tab);
        let finished = self.model.get_untracked().is_none_or(|model| {
            let done = model.progress.steps.iter().filter_map(|(_, step)| step.done_at).max();
            model.checklist().left == 0 && done.is_some_and(|at| self.now() - at > DAY)
        });
        match () {
            () if self.unread() > 0 && there(Tab::Messages) => Tab::Messages,
            () if finished && there(Tab::Answers) => Tab::Answers,
            () if finished && there(Tab::Messages) => Tab::Messages,
            () => Tab::ToDo,
        }
    }

    /// "2 unread answers".
    pub fn unread_in_words(self, unread: u32) -> String {
        fill(self.texts.unread, &[("n", &unread.to_string())])
    }
}
