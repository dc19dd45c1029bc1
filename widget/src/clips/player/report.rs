//! Reports what a person watched: now and then what was played and where they stopped, and each mark once for each
//! person.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use journey::clips::viewing::{Viewing, resume};
use lazy::spawn_local;
use protocol::Millis;
use protocol::backend::FactValue;
use protocol::ids::StepId;
use protocol::widget::EventKind;
use wasm_bindgen::JsValue;

use crate::browser;
use crate::clips::videos::Known;
use crate::js::{get, invoke, is, number};
use crate::state::{Data, State};
use crate::wire::{Json, object};

/// While it plays a report comes at most so often, in milliseconds.
const EVERY: Millis = 30_000;

/// Watches a video on behalf of the collector.
pub struct Reporter {
    state: State,
    owner: String,
    known: Rc<Known>,
    video: JsValue,
    clip: String,
    version: String,
    step: Option<StepId>,
    viewing: RefCell<Viewing>,
    /// From where a person who watched before goes on.
    pub resume: f64,
    last: Cell<Millis>,
    begun: Cell<bool>,
    stalls: Cell<u32>,
}

/// Adds a detail.
#[inline(never)]
fn add(data: &mut Data, name: &str, value: FactValue) {
    data.push((name.to_owned(), value));
}

fn text(value: &str) -> FactValue {
    FactValue::Text(value.to_owned())
}

impl Reporter {
    /// Begins to watch the video of a clip, which helps with a step.
    pub fn of(
        state: State,
        known: &Rc<Known>,
        video: &Json,
        element: &JsValue,
        step: Option<StepId>,
    ) -> Self {
        let clip: String = video.or_default("clip");
        let seconds = number(video.value(), "seconds");
        let (at, seen) = known.watched(&clip);
        Self {
            state,
            owner: state.owner(),
            known: Rc::clone(known),
            video: element.clone(),
            clip,
            version: video.or_default("version"),
            step,
            viewing: RefCell::new(Viewing::new(seen, seconds)),
            resume: resume(at, seconds),
            last: Cell::default(),
            begun: Cell::default(),
            stalls: Cell::default(),
        }
    }

    /// Something happened to the video, or the page goes away.
    pub fn heard(&self, kind: &str, is_captioned: bool) {
        match kind {
            "playing" if !self.begun.get() => {
                self.begun.set(true);
                self.last.set(browser::now());
                self.tell(EventKind::VideoStarted, self.data());
            }
            "timeupdate" => {
                self.played();
                let is_due = browser::now() - self.last.get() > EVERY;
                if is_due || self.viewing.borrow().has_passed() {
                    self.flush(is_captioned);
                }
            }
            "seeking" => self.viewing.borrow_mut().jump(),
            "waiting" if self.begun.get() && !is(&self.video, "seeking") => {
                self.stalls.set(self.stalls.get() + 1);
            }
            // Before the outbox says goodbye.
            "pause" | "ended" | "pagehide" => {
                self.played();
                self.flush(is_captioned);
            }
            "visibilitychange" if browser::is_hidden() => {
                self.played();
                self.flush(is_captioned);
            }
            _ => {}
        }
    }

    /// Takes what the browser says was played. It knows of this address alone, which may have been renewed.
    fn played(&self) {
        if is(&self.video, "seeking") {
            return;
        }
        let mut viewing = self.viewing.borrow_mut();
        viewing.stand(number(&self.video, "currentTime"));
        let played = get(&self.video, "played");
        for at in 0..number(&played, "length") as u32 {
            let edge = |name| invoke(&played, name, &[at.into()]).as_f64().unwrap_or_default();
            viewing.play(edge("start"), edge("end"));
        }
    }

    /// Reports what is new.
    pub fn flush(&self, is_captioned: bool) {
        let here = number(&self.video, "currentTime");
        let report = self.begun.get().then(|| self.viewing.borrow_mut().report(here)).flatten();
        let Some(report) = report else { return };
        self.last.set(browser::now());
        self.known.note(&self.clip, here, &report.all);
        let watching = object(&[("clip", self.clip.as_str().into()), ("from", here.floor().into())]);
        self.state.note_concern(|concern| concern.watching = Some(Json::of(watching)));
        let mut data = self.data();
        add(&mut data, "seen", text(&report.seen));
        add(&mut data, "stalls", FactValue::Number(self.stalls.get().into()));
        add(&mut data, "speed", FactValue::Number(number(&self.video, "playbackRate")));
        add(&mut data, "captions", FactValue::Flag(is_captioned));
        if !report.back.is_empty() {
            add(&mut data, "back", text(&report.back));
        }
        if let Some(quarter) = report.quarter {
            add(&mut data, "percent", FactValue::Number(quarter.into()));
        }
        self.tell(EventKind::VideoProgress, data);
        self.notify(here, report.percent);
        if report.completed {
            let mut data = self.data();
            add(&mut data, "seen", text(&report.seen));
            self.tell(EventKind::VideoCompleted, data);
        }
    }

    /// Tells the listeners of the host's page, who may do anything, as soon as this is over.
    fn notify(&self, here: f64, percent: f64) {
        let state = self.state;
        let (at, percent) = ((here + 0.5).floor().into(), (percent + 0.5).floor().into());
        let detail = object(&[("clip", self.clip.as_str().into()), ("at", at), ("percent", percent)]);
        spawn_local(async move { state.notify_page("video.progress", &detail) });
    }

    /// Never in the name of the next person.
    fn tell(&self, kind: EventKind, data: Data) {
        if self.state.owner() == self.owner {
            self.state.happened(kind, self.step.as_ref(), data);
        }
    }

    /// What every report says.
    fn data(&self) -> Data {
        let tenths = (number(&self.video, "currentTime") * 10.0 + 0.5).floor();
        let mut data = Data::new();
        add(&mut data, "clip", text(&self.clip));
        add(&mut data, "film", text(&self.version));
        add(&mut data, "at", FactValue::Number(tenths / 10.0));
        data
    }

    /// Reports that the video cannot be played.
    pub fn tell_failed(&self) {
        let code = number(&get(&self.video, "error"), "code");
        let mut data = Data::new();
        add(&mut data, "tag", text("clip_failed"));
        add(&mut data, "clip", text(&self.clip));
        add(&mut data, "code", FactValue::Number(code));
        self.state.happened(EventKind::WidgetError, self.step.as_ref(), data);
    }
}
