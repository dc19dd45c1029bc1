//! Articles and the thread are fetched when they are shown: who opens the chat sees one of them first.

use std::rc::Rc;

use lazy::spawn_local;
use protocol::ids::StepId;

use super::Session;
use crate::part;

/// What a session knows of the thread that is shown.
pub trait View {
    /// Shows what is known now.
    fn redraw(self: Rc<Self>);
    /// Whether a person looks at it.
    fn is_read(&self) -> bool;
}

/// Shows the thread of a session.
pub type ShowThread = fn(&Rc<Session>) -> Rc<dyn View>;
/// Shows articles for a step.
pub type ShowArticles = fn(&Rc<Session>, Option<StepId>);

/// What is to be shown, and may still be on its way.
#[derive(Clone, Copy, Default, PartialEq)]
pub enum Wish {
    #[default]
    Nothing,
    Thread,
    Articles,
}

impl Session {
    /// Shows the thread, at once or when it is there.
    pub fn write(&self) {
        self.show(Wish::Thread);
    }

    /// Shows this, at once or when it is there; whatever was to be shown before is not.
    pub fn show(&self, wish: Wish) {
        self.wish.set(wish);
        let Some(session) = self.me.upgrade() else { return };
        match (wish, self.show_thread.get(), self.show_articles.get()) {
            (Wish::Thread, Some(show), _) => {
                self.wish.set(Wish::Nothing);
                *self.thread.borrow_mut() = Some(show(&session));
                self.changed();
            }
            (Wish::Articles, _, Some(show)) => {
                self.wish.set(Wish::Nothing);
                show(&session, self.step());
            }
            (Wish::Nothing, ..) => {}
            _ => self.fetch(wish),
        }
    }

    /// Fetches the thread without showing it: who has an open conversation opens that next.
    pub fn prepare(&self) {
        if self.show_thread.get().is_none() {
            self.fetch(Wish::Thread);
        }
    }

    fn fetch(&self, wish: Wish) {
        let (state, session) = (self.state, self.me.clone());
        spawn_local(async move {
            let (mut thread, mut articles) = (None, None);
            match wish {
                Wish::Articles => articles = part::fetch_articles(state).await,
                _ => thread = part::fetch_thread(state).await,
            }
            let Some(session) = session.upgrade() else { return };
            let is_there = thread.is_some() || articles.is_some();
            session.show_thread.set(thread.or(session.show_thread.get()));
            session.show_articles.set(articles.or(session.show_articles.get()));
            if session.wish.get() == wish {
                match is_there {
                    true => session.show(wish),
                    false => session.not_fetched(wish),
                }
            }
        });
    }

    fn not_fetched(&self, wish: Wish) {
        let session = self.me.clone();
        self.state.not_fetched(Box::new(move || {
            if let Some(session) = session.upgrade() {
                session.show(wish);
            }
        }));
    }

    /// The thread is not shown any more.
    pub fn thread_closed(&self) {
        self.thread.take();
    }
}
