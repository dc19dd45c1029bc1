//! To JSON.

use protocol::backend::FactValue;
use protocol::ids::{ClaimedIdentity, SiteKey};
use protocol::widget::{Event, SessionRequest};
use wasm_bindgen::JsValue;

use crate::i18n::concat;
use crate::js;

/// Who sends: what stands in the envelope beside the events.
#[derive(Clone, Default, PartialEq)]
pub struct Sender {
    pub site: SiteKey,
    pub token: Option<String>,
    pub who: Option<ClaimedIdentity>,
}

/// An object of the fields that have a value.
pub fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = js::parse("{}");
    for (name, value) in fields {
        if !value.is_undefined() {
            js::set(&object, name, value);
        }
    }
    object
}

/// Prints a value.
pub fn print(value: &JsValue) -> String {
    js::print(value)
}

fn text(text: &str) -> JsValue {
    JsValue::from_str(text)
}

fn maybe(value: Option<&str>) -> JsValue {
    value.map_or(JsValue::UNDEFINED, text)
}

/// A fact's value.
pub fn plain(value: &FactValue) -> JsValue {
    match value {
        FactValue::Flag(flag) => (*flag).into(),
        FactValue::Number(number) => (*number).into(),
        FactValue::Text(words) => text(words),
    }
}

/// One event.
pub fn event(event: &Event) -> String {
    let data: Vec<(&str, JsValue)> =
        event.data.iter().map(|(name, value)| (name.as_str(), plain(value))).collect();
    let flow = event.flow.as_ref().map(|flow| concat(&[flow.name.as_str(), "@", &flow.version.to_string()]));
    print(&object(&[
        ("id", text(&event.id.text())),
        ("at", (event.at as f64).into()),
        ("session", text(&event.session.text())),
        ("n", event.n.into()),
        ("kind", text(event.kind.as_str())),
        ("flow", maybe(flow.as_deref())),
        ("step", maybe(event.step.as_ref().map(|step| step.as_str()))),
        ("stage", maybe(event.stage.as_ref().map(|stage| stage.as_str()))),
        ("data", if data.is_empty() { JsValue::UNDEFINED } else { object(&data) }),
    ]))
}

/// The envelope of a batch; `events` is a JSON list.
pub fn sender(sender: &Sender, sent_at: i64, events: &str) -> String {
    let mut fields = identity(sender).to_vec();
    fields.push(("sent_at", (sent_at as f64).into()));
    let body = print(&object(&fields));
    let open = body.strip_suffix("}").unwrap_or_default();
    concat(&[open, ",\"events\":", events, "}"])
}

/// The body of a session's beginning.
pub fn session_request(request: &SessionRequest) -> String {
    print(&object(&session(request)))
}

/// The body of a question for news.
pub fn progress_query(request: &SessionRequest, since: i64) -> String {
    let mut fields = session(request);
    fields.push(("since", (since as f64).into()));
    print(&object(&fields))
}

fn session(request: &SessionRequest) -> Vec<(&'static str, JsValue)> {
    let sender =
        Sender { site: request.site.clone(), token: request.token.clone(), who: request.who.clone() };
    let mut fields = identity(&sender).to_vec();
    fields.push(("locale", text(&request.locale)));
    fields.push(("flow", maybe(request.flow.as_deref())));
    fields
}

fn identity(sender: &Sender) -> [(&'static str, JsValue); 3] {
    let who = sender.who.as_ref().map_or(JsValue::UNDEFINED, |who| {
        let account = who.account.as_ref().map(|account| account.as_str());
        object(&[("user", text(who.user.as_str())), ("account", maybe(account))])
    });
    [("site", text(sender.site.as_str())), ("token", maybe(sender.token.as_deref())), ("who", who)]
}
