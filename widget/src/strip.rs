//! The strip above the launcher: one line that goes along while the panel is closed.
//!
//! It greets once, stays with a person who set out to do a step, ticks what was done with the colleague's name, says that the set-up
//! is finished, and shows the beginning of a new answer. It never takes the focus. See
//! `docs/decisions/0016-one-panel.md`.

mod finish;
mod going;
mod greeting;
mod moment;
mod news;
mod page_title;
mod texts;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use protocol::ids::StepId;
use reactive_graph::effect::RenderEffect;

use crate::i18n::concat;
use crate::part::{CoreEvent, Strip, Subscription};
use crate::state::State;
use crate::ui::{EventListener, Tag, Timeout, after, button, dress_once, effect, listen, tag};
use crate::{browser, js};
use moment::Moment;
use news::done;
use page_title::PageTitle;
use texts::{Texts, texts};

const STYLES: &str = include_str!(concat!(env!("OUT_DIR"), "/strip.css"));
/// How long something that needs no answer stays, in milliseconds.
const STAYS: u32 = 12_000;

/// The strip of one widget.
pub struct Running {
    me: Weak<Self>,
    state: State,
    texts: &'static Texts,
    /// What is new. It goes when the panel is opened, or by itself.
    moment: RefCell<Option<Moment>>,
    /// The step that the person set out to do.
    going: RefCell<Option<StepId>>,
    /// Whether the panel was opened on this page.
    was_shown: Cell<bool>,
    title: PageTitle,
    timer: Cell<Option<Timeout>>,
    effect: Cell<Option<RenderEffect<()>>>,
    visible: Cell<Option<EventListener>>,
    subscription: Cell<Option<Subscription>>,
}

/// Brings the strip to a widget.
pub fn attach(state: State) -> Rc<dyn Strip> {
    dress_once(&state.root(), "strip", STYLES);
    let strip = Rc::new_cyclic(|me: &Weak<Running>| Running {
        me: me.clone(),
        state,
        texts: texts(&state.locale()),
        moment: RefCell::default(),
        going: RefCell::default(),
        was_shown: Cell::default(),
        title: PageTitle::default(),
        timer: Cell::default(),
        effect: Cell::default(),
        visible: Cell::default(),
        subscription: Cell::default(),
    });
    let look = strip.weakly(Running::look);
    strip.effect.set(state.owned(|| effect(look)));
    let mut turned = strip.weakly(Running::mark_title);
    strip.visible.set(Some(listen(&js::document(), "visibilitychange", move |_| turned())));
    let weak = strip.me.clone();
    strip.subscription.set(state.subscribe(move |event| {
        if let Some(strip) = weak.upgrade() {
            strip.handle(event);
        }
    }));
    strip.redraw();
    strip
}

impl Strip for Running {
    fn draw(&self) -> Option<Tag> {
        let model = self.state.model.get()?;
        let moment = self.moment.borrow();
        match &*moment {
            Some(moment) => Some(self.draw_moment(moment, &model)),
            // The guide's card says where the person is.
            None if self.state.is_guiding() => None,
            None => self.draw_going(&model).or_else(|| self.draw_greeting(&model)),
        }
    }

    fn finish(&self) -> Option<Tag> {
        let model = self.state.model.get()?;
        Some(finish::card(self.state, self.texts, &model))
    }

    fn set_out(&self, step: &StepId) {
        self.remember_going(Some(step));
        self.greeted();
        self.forget();
    }

    fn say(&self, text: String) {
        self.show(Moment::Said(text));
    }

    fn answer(&self, from: String, picture: Option<String>, text: String) {
        self.state.announce(&concat(&[&from, "\u{a0}", &text]));
        self.show(Moment::Answer { from, picture, text });
    }
}

impl Running {
    /// A function that keeps nothing alive.
    fn weakly(&self, run: fn(&Self)) -> impl FnMut() + use<> {
        let me = self.me.clone();
        move || {
            if let Some(strip) = me.upgrade() {
                run(&strip);
            }
        }
    }

    fn handle(&self, event: CoreEvent) {
        match event {
            CoreEvent::OwnerChanged => {
                self.moment.take();
                self.going.take();
                self.was_shown.take();
                self.timer.take();
            }
            CoreEvent::GuideStarted | CoreEvent::GuideEnded => self.redraw(),
            _ => {}
        }
    }

    /// Something that is watched has changed.
    fn look(&self) {
        let is_shown = self.state.is_panel_shown();
        self.mark_title();
        let Some(model) = self.state.model.get() else { return };
        if is_shown && !self.was_shown.replace(is_shown) {
            self.greeted();
        }
        if is_shown {
            self.take_moment();
        }
        self.recall_going();
        if let Some(news) = self.take_news(&model) {
            self.show(news);
        }
    }

    fn mark_title(&self) {
        let unread = self.state.unread();
        self.title.mark(if browser::is_hidden() { unread } else { 0 });
    }

    fn redraw(&self) {
        self.state.open.notify();
    }

    /// Shows something new in place of what was new before.
    fn show(&self, moment: Moment) {
        let forget = self.weakly(Self::forget);
        let timer = moment.goes_by_itself().then(|| after(STAYS, forget));
        self.timer.set(timer);
        *self.moment.borrow_mut() = Some(moment);
        self.redraw();
    }

    /// What was new is known.
    fn forget(&self) {
        self.take_moment();
        self.redraw();
    }

    fn take_moment(&self) {
        let moment = self.moment.take();
        if let (Some(Moment::Finished), Some(model)) = (moment, self.state.model.get_untracked()) {
            self.remember_done(&done(&model));
        }
    }

    /// The strip with its words and buttons; `leave` is what its cross does.
    fn strip(&self, class: &'static str, words: Vec<Tag>, buttons: Vec<Tag>, leave: fn(&Self)) -> Tag {
        let mut leave = self.weakly(leave);
        let close = tag("BUTTON", "close")
            .with("type=button part=close")
            .set("aria-label", self.texts.dismiss)
            .on("click", move |_| leave());
        tag("DIV", class)
            .with("part=strip role=group")
            .set("aria-label", self.texts.strip)
            .set("lang", self.state.locale())
            .add(tag("DIV", "words").add_all(words.into_iter()))
            .add(close)
            .add(tag("DIV", "actions").add_all(buttons.into_iter()))
    }

    fn press(&self, class: &'static str, text: &str, run: fn(&Self)) -> Tag {
        let me = self.me.clone();
        button(class, text, move |_| {
            if let Some(strip) = me.upgrade() {
                run(&strip);
            }
        })
    }
}
