//! The forms: each changes the book, posts facts, and returns to its page with a message.

use axum::Form;
use axum::extract::{Multipart, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::deals::read_csv;
use super::{App, Visit};
use crate::book::{Company, Deal, LOGINS, Person};

impl App {
    /// Changes the book, posts facts to the collector, and redirects to `path` with a message.
    fn change(&self, visit: &Visit, path: &str, change: impl FnOnce(&mut Company) -> String) -> Response {
        let account = visit.login.account;
        let said = self.0.book.change(account, change);
        self.0.backend.post_all(account, Some(visit.login.user), &self.0.book.company(account));
        Redirect::to(&format!("{path}?said={}", encode(&said))).into_response()
    }
}

/// A person to register.
#[derive(Deserialize)]
pub struct PersonForm {
    name: String,
    email: String,
    #[serde(default)]
    manager: Option<String>,
}

/// Registers a person; an address is registered once.
pub async fn add_person(State(app): State<App>, visit: Visit, Form(form): Form<PersonForm>) -> Response {
    let say = |ja, en| visit.language.say(ja, en);
    app.change(&visit, "/users", |company| {
        if !form.email.contains('@') {
            return say(
                "メールアドレスに@がありません。修正して、もう一度登録してください。",
                "The email address has no @. Correct it and register again.",
            )
            .into();
        }
        if company.people.iter().any(|person| person.email == form.email) {
            return say(
                "このメールアドレスはすでに登録されています。",
                "This email address is already registered.",
            )
            .into();
        }
        let text = format!("{} {}", form.name, say("さんを登録しました。", "is registered."));
        company.people.push(Person { name: form.name, email: form.email, manager: form.manager.is_some() });
        text
    })
}

/// Which person.
#[derive(Deserialize)]
pub struct RemoveForm {
    email: String,
}

/// Removes a person.
pub async fn remove_person(State(app): State<App>, visit: Visit, Form(form): Form<RemoveForm>) -> Response {
    let say = |ja, en| visit.language.say(ja, en);
    app.change(&visit, "/users", |company| {
        company.people.retain(|person| person.email != form.email);
        say("ユーザーを外しました。", "User removed.").into()
    })
}

/// Saves the stages of a deal.
pub async fn save_stages(
    State(app): State<App>,
    visit: Visit,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let say = |ja, en| visit.language.say(ja, en);
    app.change(&visit, "/pipeline", |company| {
        let stages =
            fields.into_iter().map(|(_, stage)| stage.trim().to_owned()).filter(|stage| !stage.is_empty());
        company.stages = stages.take(10).collect();
        company.stages_saved = true;
        say("段階を保存しました。", "Stages saved.").into()
    })
}

/// Adds a deal.
pub async fn add_deal(State(app): State<App>, visit: Visit, Form(deal): Form<Deal>) -> Response {
    let say = |ja, en| visit.language.say(ja, en);
    app.change(&visit, "/deals", |company| {
        company.deals.insert(0, deal);
        say("商談を追加しました。", "Deal added.").into()
    })
}

/// Imports deals from a CSV file: good lines are added, the others are listed with the field to correct.
pub async fn import_deals(State(app): State<App>, visit: Visit, mut form: Multipart) -> Response {
    let bytes = match form.next_field().await {
        Ok(Some(field)) => field.bytes().await.unwrap_or_default(),
        _ => Default::default(),
    };
    app.change(&visit, "/deals", |company| {
        let (deals, mut problems) = read_csv(&bytes, &company.stages, visit.language);
        let text = format!(
            "{} {}",
            deals.len(),
            visit.language.say("件の商談を取り込みました。", "deals imported.")
        );
        // The newest is on top.
        company.deals = deals.into_iter().rev().chain(company.deals.drain(..)).collect();
        problems.truncate(5);
        [vec![text], problems].concat().join("\n")
    })
}

/// Who to be.
#[derive(Deserialize)]
pub struct LogInForm {
    user: String,
}

/// Signs in as another demo user.
pub async fn log_in(Form(form): Form<LogInForm>) -> Response {
    let user = LOGINS.iter().find(|login| login.user == form.user).map_or(LOGINS[0].user, |login| login.user);
    with_cookie(&format!("demo_user={user}"))
}

/// Which language.
#[derive(Deserialize)]
pub struct LanguageForm {
    language: String,
}

/// Chooses a language.
pub async fn choose_language(Form(form): Form<LanguageForm>) -> Response {
    let language = if form.language == "en" { "en" } else { "ja" };
    with_cookie(&format!("demo_language={language}"))
}

fn with_cookie(cookie: &str) -> Response {
    let value = HeaderValue::from_str(&format!("{cookie}; Path=/; SameSite=Lax; HttpOnly"));
    let cookie = value.unwrap_or(HeaderValue::from_static(""));
    ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response()
}

fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02X}"))
}

/// Undoes [`encode`]; anything else stays as it is.
pub fn decode(text: &str) -> String {
    let byte = |pair: &str| u8::from_str_radix(pair, 16).ok();
    let bytes: Option<Vec<u8>> = text.split('%').skip(1).map(byte).collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}
