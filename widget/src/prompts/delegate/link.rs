//! Addresses that open the widget at a step.

use wasm_bindgen::JsValue;

use crate::i18n::{concat, fill, split};
use crate::js::{construct, get, invoke, location, set, text, window};
use crate::prompts::texts::Texts;

const PARAMETER: &str = "tabiji-step=";

/// The address that opens the widget at a step, on the page where the step is done.
pub fn to_step(step: &str, link: Option<&str>) -> String {
    let location = location();
    let base = get(&location, "href");
    let resolve = |address: &str| construct("URL", &address.into(), &base).unwrap_or(JsValue::UNDEFINED);
    let linked = link.map(resolve).filter(|url| matches!(text(url, "protocol").as_str(), "http:" | "https:"));
    // Without a link of its own it is this page, less its query: that may hold what is this person's alone.
    let url = linked.unwrap_or_else(|| resolve(&(text(&location, "pathname") + &text(&location, "hash"))));
    let search = text(&url, "search");
    let joint = if search.is_empty() { "?" } else { "&" };
    set(&url, "search", concat(&[&search, joint, PARAMETER, step]));
    text(&url, "href")
}

/// The address of a mail to a colleague.
pub fn mail(texts: &Texts, name: &str, step: &str, link: &str) -> String {
    let subject = fill(texts.mail_subject, &[("step", step)]);
    let body = fill(texts.mail_body, &[("name", name), ("step", step), ("link", link)]);
    concat(&["mailto:?subject=", &encoded(&subject), "&body=", &encoded(&body)])
}

/// Takes the step out of the page's address; the rest of the address stays.
pub fn take() -> Option<String> {
    let location = location();
    let (step, rest) = named(&text(&location, "search"))?;
    let address = text(&location, "pathname") + &rest + &text(&location, "hash");
    let history = get(&window(), "history");
    // A page that forbids it keeps its address.
    invoke(&history, "replaceState", &[get(&history, "state"), "".into(), address.into()]);
    Some(step)
}

/// The step that a query names, and the query without it.
fn named(search: &str) -> Option<(String, String)> {
    let mut step = None;
    let mut rest = String::new();
    for part in split(search.strip_prefix('?').unwrap_or(search), b'&') {
        let id = part.strip_prefix(PARAMETER).filter(|id| !id.is_empty() && id.chars().all(is_id));
        match id {
            Some(id) if step.is_none() => step = Some(id.to_owned()),
            _ => {
                rest.push(if rest.is_empty() { '?' } else { '&' });
                rest.push_str(part);
            }
        }
    }
    step.map(|step| (step, rest))
}

fn is_id(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-')
}

fn encoded(text: &str) -> String {
    let encoded = invoke(&window(), "encodeURIComponent", &[text.into()]);
    encoded.as_string().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_step_is_taken_out_of_a_query_and_the_rest_stays() {
        let split = |search| named(search).map(|(step, rest)| [step, rest].join(" "));
        assert_eq!(split("?tabiji-step=users").as_deref(), Some("users "));
        assert_eq!(split("?a=1&tabiji-step=two-b&c").as_deref(), Some("two-b ?a=1&c"));
        assert_eq!(split("?tabiji-step=a_1&b=2").as_deref(), Some("a_1 ?b=2"));
        assert_eq!(split("?other=tabiji-step"), None);
        assert_eq!(split("?tabiji-step=<b>"), None);
    }

    #[wasm_bindgen_test]
    fn a_link_keeps_what_the_flow_gives_and_leaves_out_what_is_personal() {
        let at = |link| to_step("users", link);
        let query = |link: &str| link.rsplit('/').next().unwrap_or_default().to_owned();
        assert_eq!(query(&at(Some("/settings?tab=2"))), "settings?tab=2&tabiji-step=users");
        let elsewhere = at(Some("javascript:alert(1)"));
        assert!(elsewhere.starts_with("http") && elsewhere.contains("?tabiji-step=users"), "{elsewhere}");
        assert!(!at(None).contains("javascript"));
    }
}
