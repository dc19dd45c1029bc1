//! Articles and the thread are fetched when they are shown: who opens the chat sees one of them first.

use std::cell::Cell;
use std::rc::Rc;

use protocol::ids::StepId;

use super::Session;
use crate::part::{Name, Wish};

/// What a session knows of the thread that is shown.
pub trait View {
    /// Shows what is known now.
    fn redraw(self: Rc<Self>);
    /// Whether a person looks at it.
    fn is_read(&self) -> bool;
}

/// Shows articles for a step.
type ShowArticles = fn(&Rc<Session>, Option<StepId>);
/// Shows the thread of a session.
type ShowThread = fn(&Rc<Session>) -> Rc<dyn View>;

thread_local! {
    /// The articles, once they are there.
    pub static ARTICLES: Cell<Option<ShowArticles>> = const { Cell::new(None) };
    /// The thread, once it is there.
    pub static THREAD: Cell<Option<ShowThread>> = const { Cell::new(None) };
}

impl Session {
    /// Shows the thread, at once or when it is there.
    pub fn write(&self) {
        let show = |session: &Rc<Self>| {
            if let Some(show) = THREAD.get() {
                *session.thread.borrow_mut() = Some(show(session));
                session.changed();
            }
        };
        self.state.want_shown(Name::ChatThread, self.wish(show));
    }

    /// Shows articles for the step that the person is at, at once or when they are there.
    pub fn help(&self) {
        let show = |session: &Rc<Self>| {
            if let Some(show) = ARTICLES.get() {
                show(session, session.step());
            }
        };
        self.state.want_shown(Name::ChatArticles, self.wish(show));
    }

    /// Fetches the thread without showing it: who has an open conversation opens that next.
    pub fn prepare(&self) {
        self.state.bring(Name::ChatThread);
    }

    /// Something that is done unless the session has ended meanwhile.
    pub(super) fn wish(&self, run: impl FnOnce(&Rc<Self>) + 'static) -> Wish {
        let session = self.me.clone();
        Box::new(move || {
            if let Some(session) = session.upgrade() {
                run(&session);
            }
        })
    }

    /// Whether the thread is shown.
    pub(super) fn is_writing(&self) -> bool {
        self.thread.borrow().is_some()
    }

    /// The thread is not shown any more.
    pub fn thread_closed(&self) {
        self.thread.take();
    }
}
