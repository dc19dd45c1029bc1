//! Asking a colleague: a link that opens the product at this step, and an event that tells everybody who has it.

mod link;

use std::cell::Cell;

use lazy::{settled, spawn_local};
use protocol::backend::FactValue;
use protocol::files::Step;
use protocol::ids::StepId;
use protocol::widget::EventKind;

use super::plan;
use super::snooze::cancel;
use super::texts::Texts;
use crate::card::{Card, actions, field, paragraph, submit};
use crate::i18n::fill;
use crate::js::{call, document, get, invoke, window};
use crate::state::State;
use crate::ui::{Tag, button, tag};

/// Shows which colleague to ask; where one was asked already, the link for them.
pub fn show(state: State, texts: &'static Texts, step: &Step<String>) {
    let card = Card::open(state, texts.colleague, false);
    let request = Request {
        state,
        texts,
        card: card.clone(),
        step: step.id.clone(),
        title: step.title.clone(),
        link: step.link.clone(),
    };
    let asked =
        plan::model(state).and_then(|model| Some(model.progress.steps.get(&step.id)?.delegation.clone()?.to));
    match asked {
        Some(name) => request.hand_over(&name),
        None => request.choose(),
    }
}

#[derive(Clone)]
struct Request {
    state: State,
    texts: &'static Texts,
    card: Card,
    step: StepId,
    title: String,
    link: Option<String>,
}

impl Request {
    fn choose(&self) {
        let texts = self.texts;
        let who = tag("INPUT", "").with("type=text maxlength=80 list=asks-people autocomplete=off required");
        let request = self.clone();
        let form = tag("FORM", "")
            .set("novalidate", "")
            .on("submit", move |event| {
                crate::ui::prevent(event);
                request.ask();
            })
            .add(field(texts.colleague_name, who))
            .add(self.people())
            .add(tag("P", "wrong").set("role", "alert"))
            .add(actions(vec![submit(texts.make_link), cancel(&self.card, texts.cancel)]));
        self.card.fill(vec![paragraph("stage", &self.title), form]);
        self.card.focus("input");
    }

    /// Everybody who is known, but for the person.
    fn people(&self) -> Tag {
        let me = self.state.me().name;
        let mut names: Vec<String> = Vec::new();
        if let Some(model) = plan::model(self.state) {
            for name in model.people.values().filter(|name| me.as_ref() != Some(name)) {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
        }
        let option = |name: String| tag("OPTION", "").set("value", name);
        tag("DATALIST", "").set("id", "asks-people").add_all(names.into_iter().map(option))
    }

    fn ask(&self) {
        let typed = self.card.value("input");
        let name = without_honorific(&typed);
        if name.is_empty() {
            return self.card.write(".wrong", self.texts.name_missing);
        }
        self.report(name);
        self.hand_over(name);
    }

    /// Reports who was asked; an empty name takes the request back.
    fn report(&self, name: &str) {
        let to = vec![("to".to_owned(), FactValue::Text(name.to_owned()))];
        self.state.happened(EventKind::StepDelegated, Some(&self.step), to);
    }

    fn hand_over(&self, name: &str) {
        let texts = self.texts;
        let text = fill(texts.asked, &[("name", name)]);
        let link = link::to_step(self.step.as_str(), self.link.as_deref());
        let mail = link::mail(texts, name, &self.title, &link);
        let card = self.card.clone();
        let select = move |_: &web_sys::Event| select_link(&card);
        let shown = tag("INPUT", "")
            .with("type=text readonly")
            .set("value", link)
            .set("aria-label", texts.link)
            .on("focus", select);
        let (copied, back) = (self.clone(), self.clone());
        let buttons = vec![
            button("action", texts.copy, move |_| copied.copy()),
            tag("A", "plain").set("part", "action").set("href", mail).text(texts.mail),
            button("quiet", texts.take_back, move |_| {
                back.report("");
                back.card.close(false);
            }),
            tag("SPAN", "hint copied").set("role", "status"),
        ];
        let content = vec![
            paragraph("", &text),
            paragraph("hint", texts.send_link),
            field(texts.link, shown),
            actions(buttons),
        ];
        self.card.turn(&text, content);
    }

    fn copy(&self) {
        let (card, texts, text) = (self.card.clone(), self.texts, self.card.value("input"));
        let clipboard = get(&get(&window(), "navigator"), "clipboard");
        let written = call(&clipboard, "writeText", &[text.into()]);
        spawn_local(async move {
            let written = match written {
                Ok(promise) => settled(&promise).await.is_ok(),
                Err(_) => false,
            };
            // Without the right to write there, what is selected can be copied by hand.
            let copied = written || {
                select_link(&card);
                invoke(&document(), "execCommand", &["copy".into()]).is_truthy()
            };
            card.write(".copied", if copied { texts.copied } else { texts.copy_by_hand });
        });
    }
}

/// Whether a name is a device's. The standard library's search in texts is six kilobytes in a browser.
fn is_device(user: &str) -> bool {
    let device = b"device-";
    user.as_bytes().windows(device.len()).any(|part| part == device)
}

fn select_link(card: &Card) {
    if let Some(link) = card.find("input") {
        // A field of text can always be selected.
        invoke(&link, "select", &[]);
    }
}

/// Opens the step that a colleague was sent to by such a link.
pub struct Invitation {
    state: State,
    step: Cell<Option<StepId>>,
    /// The person who had the step opened last.
    owner: Cell<Option<String>>,
}

impl Invitation {
    /// Nobody was sent anywhere yet.
    pub fn new(state: State) -> Self {
        Self { state, step: Cell::default(), owner: Cell::default() }
    }

    /// Takes the step out of the page's address and opens it, once for each person: who signs in only after
    /// the page has loaded was sent there too.
    pub fn take(&self) {
        if let Some(step) = link::take() {
            self.step.set(Some(StepId(step)));
        }
        let Some(step) = self.step.take() else { return };
        let owner = Some(self.state.owner());
        let before = self.owner.replace(owner.clone());
        // A device counts as a guest until they sign in; then the step is opened for them as well.
        if before == owner || is_device(&self.state.me().user) {
            self.step.set(Some(step.clone()));
        }
        if before != owner {
            self.state.is_invited.set(true);
            self.state.start(Some(step));
        }
    }
}

/// A name as it was typed, without what the texts add for courtesy.
fn without_honorific(typed: &str) -> &str {
    for honorific in ["さん", "様", "さま", "氏"] {
        if let Some(name) = typed.strip_suffix(honorific) {
            return name;
        }
    }
    typed
}
