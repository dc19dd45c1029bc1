//! The thread as it is shown: entries, how they stand with what is on its way, and where one writes.

mod attachments;
mod composer;
mod follow_ups;
mod rows;
mod scroll;
mod texts;

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};

use journey::chat_client::availability::changes_in;
use journey::chat_client::{Delivery, FollowUp, Link};
use protocol::Millis;
use web_sys::{Event, HtmlElement};

use super::hours;
use super::session::{Place, Session, View};
use crate::browser;
use crate::card::{Card, paragraph};
use crate::i18n::fill;
use crate::js;
use crate::part::Tab;
use crate::ui::{EventListener, Handle, Region, Timeout, after, dress_once, listen, tag};
use attachments::Attachments;
use composer::Composer;
use scroll::Scroll;
use texts::{Texts, texts};

const STYLES: &str = include_str!(concat!(env!("OUT_DIR"), "/chat_thread.css"));
/// Milliseconds within which the hours are asked for when they change: not everybody at once.
const SPREAD: f64 = 60_000.0;

/// A thread in its card.
pub struct Thread {
    session: Weak<Session>,
    texts: &'static Texts,
    card: Card,
    composer: Composer,
    attachments: Attachments,
    scroll: OnceCell<Scroll>,
    list: Region,
    after: Region,
    /// Ids and numbers of the rows that are drawn.
    drawn: RefCell<Option<String>>,
    followed: RefCell<Option<FollowUp>>,
    /// Whether a form stands in the place of what can be done next.
    replaced: Cell<bool>,
    /// Draws when support opens or closes, and then asks for the new hours.
    turning: RefCell<Option<Timeout>>,
    visible: OnceCell<EventListener>,
}

impl Thread {
    /// Shows the thread of a session.
    fn show(session: &Rc<Session>) -> Rc<Self> {
        let title = session.texts.title;
        let texts = texts(&session.state.locale());
        let card = Card::open_tab(session.state, title, Tab::Messages);
        dress_once(&session.state.root(), "thread", STYLES);
        let thread = Rc::new(Self {
            session: Rc::downgrade(session),
            texts,
            card: card.clone(),
            composer: Composer::new(card.clone()),
            attachments: Attachments::new(card.clone()),
            scroll: OnceCell::new(),
            list: Region::default(),
            after: Region::default(),
            drawn: RefCell::default(),
            followed: RefCell::default(),
            replaced: Cell::default(),
            turning: RefCell::default(),
            visible: OnceCell::new(),
        });
        let log = tag("DIV", "talk")
            .set("role", "log")
            .set("aria-label", title)
            .set("tabindex", "0")
            .add(tag("OL", ""));
        let handle = Handle::to(&thread);
        card.fill(vec![
            paragraph("hint", "").set("role", "status"),
            paragraph("hint soon", ""),
            Attachments::takes_drops(log, &handle),
            paragraph("hint how", ""),
            paragraph("hint types", "").set("aria-live", "off"),
            tag("DIV", "after"),
            tag("DIV", "brings"),
            Attachments::takes_drops(composer::form(&handle, texts), &handle),
        ]);
        thread.composer.restore(session.owner());
        thread.begin();
        thread
    }

    /// Listens, and gives the field the focus where no keyboard would cover the page.
    fn begin(self: &Rc<Self>) {
        if let Some(log) = self.card.find(".talk") {
            let _ = self.scroll.set(Scroll::new(log));
        }
        let weak = Rc::downgrade(self);
        let visible = listen(&js::document(), "visibilitychange", move |_| {
            if let Some(thread) = weak.upgrade() {
                thread.draw();
            }
        });
        let _ = self.visible.set(visible);
        let session = self.session.clone();
        self.card.keep(Closed(session));
        let weak = Rc::downgrade(self);
        crate::ui::next_frame(move || {
            let Some(thread) = weak.upgrade() else { return };
            thread.composer.grow();
            thread.scroll_to_end();
            if !browser::is_touch() {
                thread.composer.focus();
            }
        });
    }

    /// The thread as a place for what is rare.
    fn place(self: &Rc<Self>) -> Rc<dyn Place> {
        Rc::<Self>::clone(self)
    }

    fn session(&self) -> Option<Rc<Session>> {
        self.session.upgrade()
    }

    fn write(&self, selector: &str, text: &str) {
        // A screen reader reads what is written again.
        if self.card.find(selector).is_some_and(|element| js::text(&element, "textContent") != text) {
            self.card.write(selector, text);
        }
    }

    fn scroll_to_end(&self) {
        if let Some(scroll) = self.scroll.get() {
            scroll.to_end();
        }
    }

    /// Shows what is known now.
    fn draw(self: &Rc<Self>) {
        let Some(session) = self.session().filter(|_| self.card.is_open()) else { return };
        let (texts, locale) = (self.texts, session.state.locale());
        let (hours, now) = (session.hours(), session.server_now());
        self.write(".body > [role=status]", link_text(texts, &session));
        let promise = match session.with(|client| client.is_answered(now)) {
            true => String::new(),
            false => hours::promise(hours.as_ref(), now, &locale, session.texts),
        };
        self.write(".soon", &promise);
        self.await_change(changes_in(hours.as_ref(), now));
        self.attachments.draw(self, &session);
        session.with(|client| {
            let typing = client.typing().map(|name| fill(texts.types, &[("name", name)]));
            self.write(".types", &typing.unwrap_or_default());
            let all = client.rows();
            let how = client.delivery(&all).map(|delivery| delivery_text(texts, &delivery));
            self.write(".how", how.unwrap_or_default());
            self.draw_follow_ups(client.follow_up(&all, hours.as_ref(), browser::now(), now));
            self.draw_rows(&session, &all, hours.as_ref());
        });
        if self.is_read() {
            session.read();
        }
    }

    fn await_change(self: &Rc<Self>, left: Option<Millis>) {
        *self.turning.borrow_mut() = left.and_then(|left| u32::try_from(left + 500).ok()).map(|left| {
            let weak = Rc::downgrade(self);
            after(left, move || {
                if let Some(thread) = weak.upgrade() {
                    thread.draw();
                    thread.refresh_soon();
                }
            })
        });
    }

    fn refresh_soon(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        let ask = move || {
            if let Some(session) = weak.upgrade().and_then(|thread| thread.session()) {
                session.refresh();
            }
        };
        *self.turning.borrow_mut() = Some(after((browser::chance() * SPREAD) as u32, ask));
    }

    fn element(&self, selector: &str) -> Option<HtmlElement> {
        self.card.find(selector)
    }
}

/// Shows the thread of a session.
pub fn show(session: &Rc<Session>) -> Rc<dyn View> {
    Thread::show(session)
}

impl View for Thread {
    fn redraw(self: Rc<Self>) {
        Thread::draw(&self);
    }

    fn is_read(&self) -> bool {
        self.card.is_open() && !browser::is_hidden()
    }
}

/// What a listener does with the thread: one closure type for all of them.
fn on(handle: &Handle<Thread>, run: fn(&Rc<Thread>, &Event)) -> impl Fn(&Event) + use<> {
    let handle = handle.clone();
    move |event| handle.with(|thread| run(thread, event))
}

/// Tells the session that the card is gone, however that came.
struct Closed(Weak<Session>);

impl Drop for Closed {
    fn drop(&mut self) {
        if let Some(session) = self.0.upgrade() {
            session.typing(false);
            session.thread_closed();
        }
    }
}

fn link_text(texts: &Texts, session: &Session) -> &'static str {
    session.with(|client| match client.link() {
        Link::Waiting => texts.offline,
        _ if client.is_busy() => texts.busy,
        Link::Refused => texts.refused,
        Link::Slow => texts.slow,
        Link::Open => "",
    })
}

fn delivery_text(texts: &Texts, delivery: &Delivery) -> &'static str {
    match delivery {
        Delivery::Waiting => texts.later,
        Delivery::Sending => texts.sending,
        Delivery::Sent => texts.sent,
        Delivery::Read => texts.read,
        Delivery::Failed(code) => match code.as_str() {
            "too_large" => texts.failed_too_large,
            "mid_conflict" => texts.failed_mid_conflict,
            "not_found" => texts.failed_not_found,
            "bad_call" => texts.failed_bad_call,
            "no_file" => texts.failed_no_file,
            _ => texts.failed,
        },
    }
}
