//! Asks an action of the host's page, one thing at a time.

use lazy::settled;
use wasm_bindgen::JsValue;

use super::texts::Texts;

use crate::browser;
use crate::i18n::fill;
use crate::js::{get, items, run, set, text};
use crate::state::State;

/// What the action said of one row.
#[derive(Clone)]
pub struct Outcome {
    pub ok: bool,
    /// Why not, in the person's language; empty when it was not said.
    pub message: String,
    /// What takes it back; undefined when the action named nothing.
    pub undo: JsValue,
}

impl Outcome {
    fn read(answer: &JsValue) -> Self {
        // A page that says nothing has done it.
        if answer.is_undefined() || answer.is_null() {
            return Self { ok: true, message: String::new(), undo: JsValue::UNDEFINED };
        }
        Self {
            ok: get(answer, "ok").is_truthy(),
            message: text(answer, "message"),
            undo: get(answer, "undo"),
        }
    }
}

/// Calls the action; gives what became of each of `count` rows, or why nothing did.
pub async fn call(
    state: State,
    texts: &Texts,
    name: &str,
    request: JsValue,
    count: usize,
) -> Result<Vec<Outcome>, String> {
    let value = answer(state, name, &request).await.map_err(|error| reason(&error, texts))?;
    let Some(all) = items(&value) else { return Ok((0..count).map(|_| Outcome::read(&value)).collect()) };
    let given = all.len();
    if given != count {
        let (given, count) = (given.to_string(), count.to_string());
        return Err(fill(texts.answers_missing, &[("n", &given), ("total", &count)]));
    }
    Ok(all.iter().map(Outcome::read).collect())
}

async fn answer(state: State, name: &str, request: &JsValue) -> Result<JsValue, JsValue> {
    let action = state.action(name).ok_or_else(|| JsValue::from_str(name))?;
    let promise = run(&action, std::slice::from_ref(request))?;
    settled(&promise).await
}

/// What the page threw, where it wrote the words: the browser's own ("Failed to fetch") are for programmers.
fn reason(error: &JsValue, texts: &Texts) -> String {
    if !browser::is_online() {
        return texts.offline.to_owned();
    }
    let (name, message) = (text(error, "name"), text(error, "message"));
    let words = if message.is_empty() { error.as_string().unwrap_or_default() } else { message };
    // What engines throw has a name of its own, such as `TypeError`.
    let is_the_pages = matches!(&*name, "" | "Error") && !words.is_empty();
    if is_the_pages { words } else { texts.no_answer.to_owned() }
}

/// An object of texts by name.
pub fn record<'a>(pairs: impl Iterator<Item = (&'a String, &'a String)>) -> JsValue {
    let record = crate::wire::object(&[]);
    for (name, value) in pairs {
        set(&record, name, value.as_str());
    }
    record
}
