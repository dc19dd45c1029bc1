//! What can be done below a thread: with what was not sent, with an answer, and when a conversation is resolved.

use std::rc::Rc;

use journey::chat_client::FollowUp;
use web_sys::Event;

use super::Thread;
use crate::card::{actions, field, paragraph};
use crate::chat::callback_form;
use crate::chat::session::Session;
use crate::i18n::fill;
use crate::ui::{Handle, Tag, button, tag};

/// Characters of a comment beside a score.
const COMMENT: &str = "1000";

impl Thread {
    /// Draws what can be done; a button that is pressed is not replaced under the finger.
    pub(super) fn draw_follow_ups(self: &Rc<Self>, session: &Rc<Session>, follow_up: FollowUp) {
        if self.replaced.get() || self.followed.borrow().as_ref() == Some(&follow_up) {
            return;
        }
        let Some(after) = self.element(".after") else { return };
        let focused = self.element(".after :focus").is_some();
        self.after.draw(&after, self.follow_ups(session, &follow_up));
        *self.followed.borrow_mut() = Some(follow_up);
        if focused {
            self.composer.focus();
        }
    }

    fn follow_ups(self: &Rc<Self>, session: &Rc<Session>, follow_up: &FollowUp) -> Vec<Tag> {
        let (texts, handle) = (session.texts, Handle::to(self));
        if follow_up.held > 0 {
            let held = fill(texts.held, &[("n", &follow_up.held.to_string())]);
            let again = press(&handle, "plain", texts.again, |_, session| session.retry());
            let drop = press(&handle, "quiet", texts.drop, |_, session| session.delete_held());
            return vec![paragraph("wrong", &held).set("role", "alert"), actions(vec![again, drop])];
        }
        if follow_up.rate {
            return ratings(&handle, texts);
        }
        let mut all = Vec::new();
        if !follow_up.quick.is_empty() {
            let mut answers = tag("DIV", "quick");
            for text in &follow_up.quick {
                let answer = text.clone();
                answers = answers.add(press(&handle, "plain", text, move |thread, session| {
                    thread.composer.focus();
                    session.send(answer.clone());
                }));
            }
            all.push(answers);
        }
        if follow_up.call {
            all.push(press(&handle, "quiet", texts.call, |thread, session| thread.request_callback(session)));
        }
        all
    }

    /// Puts a form in the place of the message.
    fn replace(self: &Rc<Self>, form: Tag) {
        self.replaced.set(true);
        self.composer.hide(true);
        if let Some(after) = self.element(".after") {
            self.after.draw(&after, vec![form]);
        }
    }

    /// Takes the form away again.
    fn restore(self: &Rc<Self>) {
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

    fn request_callback(self: &Rc<Self>, session: &Rc<Session>) {
        let Some(hours) = session.hours() else { return };
        let (sends, leaves) = (Handle::to(self), Handle::to(self));
        let done = move |request: Option<callback_form::Request>| {
            sends.with(|thread| {
                if let (Some(session), Some(request)) = (thread.session(), request) {
                    session.request_callback(request.phone, request.windows);
                }
                thread.restore();
            });
        };
        self.replace(callback_form::form(session, &self.card, &hours, done));
        leaves.with(|thread| callback_form::focus(&thread.card));
    }

    /// The score counts at once; words are welcome and not needed.
    fn rated(self: &Rc<Self>, session: &Rc<Session>, score: u8) {
        session.rate(score, String::new());
        let texts = session.texts;
        let (handle, leaves) = (Handle::to(self), Handle::to(self));
        let why = tag("TEXTAREA", "").set("rows", "2").set("maxlength", COMMENT);
        let send = tag("BUTTON", "action").set("part", "action").set("type", "submit").text(texts.send);
        let leave = button("quiet", texts.not_now, move |_| leaves.with(|thread| thread.restore()));
        let form = tag("FORM", "comment").add(field(texts.why, why)).add(actions(vec![send, leave])).on(
            "submit",
            move |event: &Event| {
                crate::ui::prevent(event);
                handle.with(|thread| {
                    let comment = thread.card.value(".comment textarea");
                    if let Some(session) = thread.session().filter(|_| !comment.is_empty()) {
                        session.rate(score, comment);
                    }
                    thread.restore();
                });
            },
        );
        self.replace(form);
        self.card.focus(".comment textarea");
    }
}

/// A button that does something with the thread's session.
fn press(
    handle: &Handle<Thread>,
    class: &'static str,
    text: &str,
    run: impl Fn(&Rc<Thread>, &Rc<Session>) + 'static,
) -> Tag {
    let handle = handle.clone();
    button(class, text, move |_| {
        handle.with(|thread| {
            if let Some(session) = thread.session() {
                run(thread, &session);
            }
        });
    })
}

fn ratings(handle: &Handle<Thread>, texts: &'static crate::chat::texts::Texts) -> Vec<Tag> {
    let names = [texts.rate_1, texts.rate_2, texts.rate_3, texts.rate_4, texts.rate_5];
    let mut scores = tag("DIV", "answers ces");
    for (score, name) in (1u8..).zip(names) {
        let handle = handle.clone();
        let button = tag("BUTTON", "").set("type", "button").set("aria-label", name).set("title", name);
        scores = scores.add(button.text(score.to_string()).on("click", move |_| {
            handle.with(|thread| {
                if let Some(session) = thread.session() {
                    thread.rated(&session, score);
                }
            });
        }));
    }
    vec![
        paragraph("hint", texts.rate),
        scores,
        tag("DIV", "ends hint")
            .add(tag("SPAN", "").text(texts.rate_1))
            .add(tag("SPAN", "").text(texts.rate_5)),
    ]
}
