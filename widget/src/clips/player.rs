//! One clip: the browser's own video with controls that everybody can use. Nothing of it is fetched, and nothing
//! sounds, before a person presses play.

mod acts;
mod controls;
mod keyboard;
mod report;
mod screen;
mod transcript;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use protocol::ids::StepId;
use wasm_bindgen::JsValue;
use web_sys::Event;

use super::Desk;
use super::script::{Script, second};
use super::texts::Texts;
use super::videos::Known;
use crate::browser;
use crate::card::{Card, actions};
use crate::i18n::fill;
use crate::js::{self, get, invoke, is, number, set, text, window};
use crate::state::State;
use crate::ui::{EventListener, Handle, Region, Tag, deed, tag};
use crate::wire::Json;
use controls::SPEEDS;
use report::Reporter;

/// The browser's tabs: one plays at a time.
const TABS: &str = "tabiji:clips";
/// What happens to a video.
const MEDIA: &str = "play playing pause timeupdate seeking seeked waiting volumechange ratechange error ended \
                     enterpictureinpicture leavepictureinpicture webkitbeginfullscreen webkitendfullscreen";
/// What a person does with the card.
const HANDS: &str = "click keydown input change pointerdown pointerup pointercancel blur close toggle";

/// A clip that is shown.
pub struct Player {
    me: Weak<Self>,
    desk: Weak<Desk>,
    state: State,
    texts: &'static Texts,
    owner: String,
    card: Card,
    clip: String,
    seconds: f64,
    /// Where the step's answer begins.
    from: f64,
    step: Option<StepId>,
    /// The video as the collector has it, and the element.
    video: RefCell<Json>,
    element: JsValue,
    tracks: Vec<JsValue>,
    script: Option<Script>,
    report: Reporter,
    /// What lies over the picture, and the ticks of its slider.
    cover: Region,
    ticks: Region,
    /// Where it begins once it plays.
    aim: Cell<Option<f64>>,
    /// Whether the slider is held by a pointer, and whether the person moves it.
    is_held: Cell<bool>,
    is_own: Cell<bool>,
    is_captioned: Cell<bool>,
    /// Whether the picture is where our own captions cannot go.
    is_elsewhere: Cell<bool>,
    /// The chapter and the line that are marked.
    marked: Cell<(Option<usize>, Option<usize>)>,
    floats: Cell<bool>,
    is_over: Cell<bool>,
    tabs: JsValue,
    listeners: Cell<Vec<EventListener>>,
}

/// What a card keeps of its player: when the card goes, so does it, unless it floats.
struct Kept(Rc<Player>);

impl Drop for Kept {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl Player {
    /// Puts a video into a card.
    pub fn show(
        desk: &Desk,
        card: &Card,
        known: &Rc<Known>,
        video: Json,
        from: f64,
        step: Option<StepId>,
    ) -> Rc<Self> {
        let (state, clip) = (desk.state, video.or_default::<String>("clip"));
        let (element, tracks) = screen::element(&state.base(), &video);
        let script = Script::of(state, &video);
        let player = Rc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            desk: Weak::clone(&desk.me),
            state,
            texts: desk.texts,
            owner: state.owner(),
            card: card.clone(),
            seconds: number(video.value(), "seconds"),
            from,
            report: Reporter::of(state, known, &video, &element, step.clone()),
            step,
            video: RefCell::new(video),
            element,
            tracks,
            is_captioned: Cell::new(script.is_some()),
            script,
            cover: Region::default(),
            ticks: Region::default(),
            aim: Cell::default(),
            is_held: Cell::default(),
            is_own: Cell::default(),
            is_elsewhere: Cell::default(),
            marked: Cell::default(),
            floats: Cell::default(),
            is_over: Cell::default(),
            tabs: js::construct("BroadcastChannel", &TABS.into(), &JsValue::UNDEFINED).unwrap_or_default(),
            listeners: Cell::default(),
            clip,
        });
        let content = player.draw(&desk.title(&player.clip));
        let watching = tag("DIV", "watching").add(content).add(player.ways(desk));
        card.turn("", vec![watching.add_all(player.parts().into_iter())]);
        invoke(&player.screen(), "append", std::slice::from_ref(&player.element));
        player.finish();
        player.listen();
        player.cover(Some(player.begin()));
        if card.find(":focus").is_some() {
            card.focus(".begin .action");
        }
        player.draw_place();
        card.keep(Kept(Rc::clone(&player)));
        player
    }

    /// What one does next: the step, where it is to be done, and the other clips.
    fn ways(&self, desk: &Desk) -> Tag {
        let step = self.step.as_ref().filter(|step| !desk.is_done(step));
        let step = step.and_then(|step| desk.state.step_json(step)).filter(|step| step.has("guide"));
        let mut all = Vec::new();
        if let Some(step) = step {
            let title: String = step.or_default("title");
            let go = tag("BUTTON", "plain").with("part=action type=button data-do=step");
            all.push(go.text(fill(self.texts.step, &[("step", &title)])));
        }
        if desk.clips().len() > 1 {
            let others = tag("BUTTON", "quiet").with("part=action type=button data-do=library");
            all.push(others.text(self.texts.library));
        }
        actions(all)
    }

    fn listen(&self) {
        let me = Handle::of(Weak::clone(&self.me));
        let run: Rc<dyn Fn(&Event)> = Rc::new(move |event| me.with(|player| player.heard(event)));
        let mut all = EventListener::all(&self.element, MEDIA, &run);
        all.extend(EventListener::all(&window(), "pagehide visibilitychange", &run));
        if self.tabs.is_object() {
            all.extend(EventListener::all(&self.tabs, "message", &run));
        }
        if let Some(content) = self.card.find(".watching") {
            all.extend(EventListener::all(&content, HANDS, &run));
        }
        self.listeners.set(all);
    }

    /// Something happened to the video, in its card, to the page, or in another tab.
    fn heard(&self, event: &Event) {
        let (kind, target) = (text(event, "type"), get(event, "target"));
        self.report.heard(&kind, self.is_captioned.get());
        match kind.as_str() {
            "click" => match deed(event) {
                Some((button, act)) => self.act(&act, second(&button)),
                None => self.pressed_beside(&target),
            },
            "keydown" => self.key(event),
            "input" if is_in(&target, ".seek") => self.slide(number(&target, "valueAsNumber")),
            "input" => self.look(),
            "change" if is_in(&target, ".speed") => {
                self.pace(SPEEDS[number(&target, "selectedIndex") as usize % SPEEDS.len()]);
            }
            "pointerdown" => self.is_held.set(is_in(&target, ".seek")),
            "pointerup" | "pointercancel" | "blur" => self.is_held.set(false),
            // Chapters are open from the beginning, which browsers tell as well.
            "toggle" if is_in(&target, ".part:has(.find)") => self.bring_into_view(&target),
            "close" => self.resized(),
            "play" => {
                self.draw_state();
                invoke(&self.tabs, "postMessage", &[0.into()]);
            }
            "message" => drop(self.run("pause")),
            "pause" => self.draw_state(),
            "timeupdate" | "seeked" => self.draw_place(),
            "volumechange" => self.press_state(".mute", !is(&self.element, "muted")),
            "ratechange" => {
                let speed = number(&self.element, "playbackRate");
                if let (Some(list), Some(at)) =
                    (self.card.find(".speed"), SPEEDS.iter().position(|one| *one == speed))
                {
                    set(&list, "selectedIndex", at as u32);
                }
            }
            "error" if self.is_fetched() => {
                self.cover(Some(self.broken()));
                self.report.tell_failed();
            }
            "ended" => self.put(".actions .plain", "class", Some("action")),
            "enterpictureinpicture" | "webkitbeginfullscreen" => self.go_elsewhere(true),
            "leavepictureinpicture" | "webkitendfullscreen" => {
                self.go_elsewhere(false);
                if self.floats.get() {
                    self.end();
                }
            }
            _ => {}
        }
    }

    /// Sets an attribute of the first element that fits, or removes it.
    fn put(&self, selector: &str, name: &str, value: Option<&str>) {
        if let Some(element) = self.card.find(selector) {
            browser::put(&element, name, value);
        }
    }

    /// Says whether a control is switched on.
    fn press_state(&self, selector: &str, on: bool) {
        self.put(selector, "aria-pressed", Some(if on { "true" } else { "false" }));
    }

    /// Lets the video do something.
    #[inline(never)]
    fn run(&self, name: &str) -> JsValue {
        invoke(&self.element, name, &[])
    }

    fn is_fetched(&self) -> bool {
        !text(&self.element, "src").is_empty()
    }

    /// Where it is, or will be once it plays.
    fn place(&self) -> f64 {
        if self.is_fetched() { number(&self.element, "currentTime") } else { self.aim.get().unwrap_or(0.0) }
    }

    /// The card goes. A clip in its small window plays on while the person works.
    fn leave(&self) {
        let root = self.state.root();
        let is_small = get(&root, "pictureInPictureElement") == self.element;
        let stays = is_small && is(&self.state.host(), "isConnected") && self.state.owner() == self.owner;
        if self.is_over.get() || !stays || !get(&root, "moveBefore").is_function() {
            return self.end();
        }
        set(&self.element, "className", "unseen");
        invoke(&root, "moveBefore", &[self.element.clone(), JsValue::NULL]);
        self.floats.set(true);
    }

    /// Nothing plays any more, and what was watched is reported.
    pub fn end(&self) {
        if self.is_over.replace(true) {
            return;
        }
        self.run("pause");
        self.report.flush(self.is_captioned.get());
        self.listeners.take();
        invoke(&self.tabs, "close", &[]);
        self.run("remove");
        invoke(&self.element, "removeAttribute", &["src".into()]);
        self.run("load");
        if let Some(desk) = self.desk.upgrade() {
            desk.forget(self);
        }
    }
}

/// Whether an element is inside what fits a selector.
fn is_in(target: &JsValue, selector: &str) -> bool {
    invoke(target, "closest", &[selector.into()]).is_object()
}

/// What the browser refuses is no error of the page. `Boolean` is a function that does nothing.
fn forgive(promise: &JsValue) {
    invoke(promise, "catch", &[get(&window(), "Boolean")]);
}
