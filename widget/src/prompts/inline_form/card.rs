//! The card of a form, in whichever of its states the draft is.

use std::cell::Cell;
use std::rc::{Rc, Weak};

use journey::paste_parser::Row;
use lazy::spawn_local;
use protocol::files::{InlineForm, Step};
use protocol::ids::StepId;
use wasm_bindgen::JsValue;

use super::action::{self, Outcome};
use super::draft::{Draft, Entry, Shows};
use super::texts::Texts;
use crate::browser;
use crate::card::{Card, actions, paragraph};
use crate::i18n::{fill, join};
use crate::js::{self, invoke, set};
use crate::prompts::verification::Verification;
use crate::state::State;
use crate::ui::{Handle, Tag, button, is_key, tag};
use crate::wire::object;

/// The one thing to do.
pub const ACTION: &str = ".actions .action";
/// The button that takes what was put right in the rows.
const TAKES: &str = ".actions .takes";
/// The last of the buttons.
pub const LAST: &str = ".actions > :last-child";

/// What the action is asked: what is done, and for which entries.
pub struct Request {
    /// The button that was pressed.
    pub pressed: &'static str,
    pub status: &'static str,
    pub fields: Vec<(&'static str, JsValue)>,
    pub count: usize,
}

/// Goes on with what became of each entry, in the card if that is still there.
pub type Done = Box<dyn FnOnce(&Rc<Draft>, Option<&FormCard>, Vec<Outcome>)>;

/// A form on the screen; its card keeps it.
pub struct FormCard {
    pub state: State,
    pub texts: &'static Texts,
    pub card: Card,
    pub form: InlineForm<String>,
    pub step: StepId,
    pub draft: Rc<Draft>,
    me: Weak<Self>,
    /// Says whether the backend confirms what was done.
    pub verification: Cell<Option<Rc<Verification>>>,
}

impl FormCard {
    /// Shows the form; a page that declared no such action is linked instead.
    pub fn open(
        state: State,
        texts: &'static Texts,
        step: &Step<String>,
        form: InlineForm<String>,
        draft: Rc<Draft>,
    ) {
        let card = Card::open(state, &step.title, false);
        if state.action(&form.action).is_none() {
            return card.turn(texts.not_here, elsewhere(texts, &card, step));
        }
        let shown = Rc::new_cyclic(|me| Self {
            state,
            texts,
            card: card.clone(),
            form,
            step: step.id.clone(),
            draft,
            me: me.clone(),
            verification: Cell::default(),
        });
        let weak: Weak<Self> = Rc::downgrade(&shown);
        shown.draft.show_in(weak);
        shown.resume(None);
        card.keep(shown);
    }

    /// A reference for closures.
    pub fn weak(&self) -> Weak<Self> {
        self.me.clone()
    }

    /// Whether there are rows to enter, and not only a press.
    pub fn has_rows(&self) -> bool {
        !self.form.columns.is_empty()
    }

    /// Asks the action, and goes on with what it said of each row, in the name of the same person only.
    pub fn run(&self, request: Request, done: Done) {
        let draft = Rc::clone(&self.draft);
        if draft.running.replace(true) {
            return;
        }
        self.take_text();
        self.card.say(request.status);
        self.busy(request.pressed, true);
        let mut fields = vec![("step", JsValue::from_str(self.step.as_str()))];
        fields.extend(request.fields);
        let (pressed, count) = (request.pressed, request.count);
        let (state, texts, name, me) = (self.state, self.texts, self.form.action.clone(), self.me.clone());
        spawn_local(async move {
            let status = action::call(state, texts, &name, object(&fields), count).await;
            draft.running.set(false);
            let shown = me.upgrade();
            if let Some(shown) = &shown {
                shown.busy(pressed, false);
            }
            match status {
                _ if draft.is_ended() => {}
                Ok(outcomes) => done(&draft, shown.as_deref(), outcomes),
                Err(error) => draft.resume(Some(fill(texts.action_failed, &[("error", &error)]))),
            }
        });
    }

    /// Shows that the action is at work, or at an end.
    fn busy(&self, pressed: &str, busy: bool) {
        if let Some(button) = self.card.find(pressed) {
            browser::put(&button, "aria-busy", busy.then_some("true"));
        }
        if let Some(field) = self.card.find("textarea") {
            set(&field, "readOnly", busy);
        }
    }

    /// Takes up what stands in the field now.
    pub fn take_text(&self) {
        if let Some(field) = self.card.find("textarea") {
            self.draft.write(js::text(&field, "value"));
        }
    }

    /// A button that does something with this form.
    pub fn press(&self, class: &'static str, text: &str, run: fn(&Self)) -> Tag {
        let me = Handle::of(self.me.clone());
        button(class, text, move |_| me.with(|form| run(form)))
    }

    /// Why a row is not done, in words; none where nothing is wrong.
    pub fn reason(&self, entry: &Entry) -> Option<String> {
        let Row { wrong, double, .. } = entry.row;
        let column = wrong.and_then(|at| self.form.columns.get(at));
        if let Some(column) = column {
            return Some(fill(self.texts.does_not_fit, &[("column", &column.label)]));
        }
        if double {
            return Some(self.texts.twice.to_owned());
        }
        let outcome = entry.outcome.as_ref().filter(|outcome| !outcome.ok)?;
        Some(if outcome.message.is_empty() { self.texts.refused.to_owned() } else { outcome.message.clone() })
    }

    /// The rows with what became of each; where something is wrong, the row can be put right in its place.
    pub fn table(&self, entries: &[Entry]) -> Tag {
        let row = |(at, entry): (usize, &Entry)| {
            let reason = self.reason(entry);
            if let Some(reason) = reason {
                let label = fill(self.texts.line, &[("n", &(at + 1).to_string())]);
                let field = tag("INPUT", "")
                    .with("spellcheck=false autocapitalize=off aria-invalid=true")
                    .set("value", entry.row.line.as_str())
                    .set("aria-label", label)
                    .on("keydown", self.enter_takes());
                return tag("LI", "bad").add(field).add(tag("SMALL", "").text(reason));
            }
            let cells = entry.row.values.iter().filter(|value| !value.is_empty());
            let cells: Vec<&str> = cells.map(String::as_str).collect();
            let line = if cells.is_empty() { entry.row.line.clone() } else { join(&cells, "\u{3000}") };
            tag("LI", if entry.is_done() { "good" } else { "open" }).add(tag("SPAN", "").text(line))
        };
        tag("OL", "rows").add_all(entries.iter().enumerate().map(row))
    }

    /// Enter in a row that was put right does what the button does that takes it.
    fn enter_takes(&self) -> impl Fn(&web_sys::Event) + use<> {
        let card = self.card.clone();
        move |event| {
            if is_key(event, "Enter")
                && let Some(button) = card.find(TAKES)
            {
                invoke(&button, "click", &[]);
            }
        }
    }

    /// The lines of entries, with what was put right in the table.
    pub fn corrected(&self, entries: &[Entry]) -> Vec<String> {
        let fields = invoke(&self.state.root(), "querySelectorAll", &[".rows .bad input".into()]);
        let mut fields = (0..).map(|at: u32| js::get(&fields, &at.to_string()));
        let mut line = |entry: &Entry| match self.reason(entry) {
            Some(_) => fields.next().map(|field| js::text(&field, "value")).unwrap_or_default(),
            None => entry.row.line.clone(),
        };
        entries.iter().map(&mut line).collect()
    }

    /// The values of entries, as the action gets them; nothing where one press does it all.
    pub fn values<'a>(&self, entries: impl Iterator<Item = &'a Entry>) -> JsValue {
        js::list(entries.filter(|_| self.has_rows()).map(|entry| self.record(entry)))
    }

    /// One row by the ids of the columns.
    pub fn record(&self, entry: &Entry) -> JsValue {
        action::record(self.form.columns.iter().map(|column| &column.id).zip(&entry.row.values))
    }
}

impl Shows for FormCard {
    fn resume(&self, status: Option<String>) {
        let texts = self.texts;
        if self.draft.running.get() {
            self.card.turn(texts.working, vec![paragraph("hint", texts.working)]);
        } else if self.draft.entries.borrow().is_some() {
            self.outcome(status);
        } else {
            self.enter(&status.unwrap_or_default());
        }
    }
}

/// The page declared no such action: it is done there.
fn elsewhere(texts: &Texts, card: &Card, step: &Step<String>) -> Vec<Tag> {
    let link = step.link.as_ref().map(|link| {
        tag("A", "action")
            .set("part", "action")
            .set("href", link.as_str())
            .set("data-step", step.id.as_str())
            .text(texts.go)
    });
    let card = card.clone();
    let close = button("quiet", texts.close, move |_| card.close(true));
    vec![paragraph("", texts.not_here), actions(link.into_iter().chain([close]).collect())]
}
