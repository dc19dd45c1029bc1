//! What can be done below a thread: with what was not sent, with an answer, and when a conversation is resolved.

use std::rc::Rc;

use journey::chat_client::FollowUp;

use super::Thread;
use crate::card::{Card, actions, paragraph};
use crate::chat::session::{Extras, Place, Session};
use crate::i18n::fill;
use crate::ui::{Handle, Tag, button, tag};

impl Thread {
    /// Draws what can be done; a button that is pressed is not replaced under the finger.
    pub(super) fn draw_follow_ups(self: &Rc<Self>, follow_up: FollowUp) {
        if self.replaced.get() || self.followed.borrow().as_ref() == Some(&follow_up) {
            return;
        }
        let Some(after) = self.element(".after") else { return };
        let focused = self.element(".after :focus").is_some();
        if follow_up.rate && self.session().is_some_and(|session| session.extras().is_none()) {
            // It is drawn when what is rare is there.
            let handle = Handle::to(self);
            let draw = move |session: &Rc<Session>, _: &dyn Extras| handle.with(|_| session.changed());
            if let Some(session) = self.session() {
                session.with_extras(Box::new(draw));
            }
            return;
        }
        self.after.draw(&after, self.follow_ups(&follow_up));
        *self.followed.borrow_mut() = Some(follow_up);
        if focused {
            self.composer.focus();
        }
    }

    fn follow_ups(self: &Rc<Self>, follow_up: &FollowUp) -> Vec<Tag> {
        let (texts, handle) = (self.texts, Handle::to(self));
        if follow_up.held > 0 {
            let held = fill(texts.held, &[("n", &follow_up.held.to_string())]);
            let again = press(&handle, "plain", texts.again, |_, session, _| session.retry());
            let drop = press(&handle, "quiet", texts.drop, |_, session, _| session.delete_held());
            return vec![paragraph("wrong", &held).set("role", "alert"), actions(vec![again, drop])];
        }
        if follow_up.rate {
            let scores = |session: Rc<Session>| session.extras().map(|extras| extras.scores(&self.place()));
            return self.session().and_then(scores).unwrap_or_default();
        }
        let mut all = Vec::new();
        if !follow_up.quick.is_empty() {
            let mut answers = tag("DIV", "quick");
            for text in &follow_up.quick {
                answers = answers.add(press(&handle, "plain", text, |thread, session, text| {
                    thread.composer.focus();
                    session.send(text.to_owned());
                }));
            }
            all.push(answers);
        }
        if follow_up.call {
            let call = |thread: &Rc<Self>, session: &Rc<Session>, _: &str| {
                let handle = Handle::to(thread);
                session.with_extras(Box::new(move |session, extras| {
                    handle.with(|thread| extras.ask_number(&thread.place(), session));
                }));
            };
            all.push(press(&handle, "quiet", texts.call, call));
        }
        all
    }
}

impl Place for Thread {
    fn card(&self) -> &Card {
        &self.card
    }

    fn session(&self) -> Option<Rc<Session>> {
        Thread::session(self)
    }

    fn replace(self: Rc<Self>, form: Tag) {
        self.replaced.set(true);
        self.composer.hide(true);
        if let Some(after) = self.element(".after") {
            self.after.draw(&after, vec![form]);
        }
    }

    fn restore(self: Rc<Self>) {
        self.replaced.set(false);
        self.followed.take();
        if let Some(after) = self.element(".after") {
            self.after.draw(&after, Vec::new());
        }
        self.composer.hide(false);
        self.scroll_to_end();
        self.draw();
        self.composer.focus();
    }

    fn focus_field(&self) {
        self.composer.focus();
    }
}

/// A button that does something with the thread's session; it is given its text.
fn press(
    handle: &Handle<Thread>,
    class: &'static str,
    text: &str,
    run: fn(&Rc<Thread>, &Rc<Session>, &str),
) -> Tag {
    let (handle, answer) = (handle.clone(), text.to_owned());
    button(class, text, move |_| {
        handle.with(|thread| {
            if let Some(session) = thread.session() {
                run(thread, &session, &answer);
            }
        });
    })
}
