//! The forms: each changes the book, posts facts, and returns to its page with a message. What is refused stays in
//! the form, with the field to correct.

use axum::Form;
use axum::extract::{Multipart, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::deals::{decoded, read, read_csv};
use super::message::encode;
use super::refused::Refused;
use super::{App, Visit, views};
use crate::book::{Company, LOGINS, Person};

impl App {
    /// Changes the book, posts facts to the collector, and redirects to `path` with a message.
    ///
    /// # Errors
    /// When a field was refused; nothing was changed then.
    fn change(
        &self,
        visit: &Visit,
        path: &str,
        change: impl FnOnce(&mut Company) -> Result<String, Refused>,
    ) -> Result<Response, Refused> {
        let account = visit.login.account;
        let said = self.0.book.change(account, change)?;
        self.0.backend.post_all(account, Some(visit.login.user), &self.0.book.company(account));
        Ok(Redirect::to(&format!("{path}?said={}", encode(&said))).into_response())
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
    let PersonForm { name, email, manager } = form;
    let say = |ja, en| visit.language.say(ja, en);
    let refuse = |why: &str| {
        let entered =
            [("name", &name), ("email", &email)].map(|(field, text)| (field, text.clone())).to_vec();
        let marked = manager.iter().map(|yes| ("manager", yes.clone()));
        Err(Refused::new("email", why, entered.into_iter().chain(marked)))
    };
    let register = |company: &mut Company| {
        if !email.contains('@') {
            return refuse(say(
                "メールアドレスに@がありません。修正して、もう一度登録してください。",
                "The email address has no @. Correct it and register again.",
            ));
        }
        if company.people.iter().any(|person| person.email == email) {
            return refuse(say(
                "このメールアドレスはすでに登録されています。",
                "This email address is already registered.",
            ));
        }
        let text = format!("{name}{}", say("さんを登録しました。", " is registered."));
        company.people.push(Person { name: name.clone(), email: email.clone(), manager: manager.is_some() });
        Ok(text)
    };
    app.change(&visit, "/users", register)
        .unwrap_or_else(|refused| views::users_page(&app, &visit, Some(&refused)))
}

/// Which person.
#[derive(Deserialize)]
pub struct RemoveForm {
    email: String,
}

/// Removes a person.
pub async fn remove_person(State(app): State<App>, visit: Visit, Form(form): Form<RemoveForm>) -> Response {
    let say = |ja, en| visit.language.say(ja, en);
    let remove = |company: &mut Company| {
        company.people.retain(|person| person.email != form.email);
        Ok(say("ユーザーを外しました。", "User removed.").into())
    };
    app.change(&visit, "/users", remove)
        .unwrap_or_else(|refused| views::users_page(&app, &visit, Some(&refused)))
}

/// Saves the stages of a deal.
pub async fn save_stages(
    State(app): State<App>,
    visit: Visit,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let say = |ja, en| visit.language.say(ja, en);
    let stages =
        fields.into_iter().map(|(_, stage)| stage.trim().to_owned()).filter(|stage| !stage.is_empty());
    let stages: Vec<String> = stages.take(10).collect();
    let save = |company: &mut Company| {
        if stages.is_empty() {
            let why = say("段階の名前を1つ以上入力してください。", "Enter at least one stage.");
            return Err(Refused::new("stage", why, []));
        }
        company.name_stages(stages);
        Ok(say("段階を保存しました。", "Stages saved.").into())
    };
    app.change(&visit, "/pipeline", save)
        .unwrap_or_else(|refused| views::pipeline_page(&app, &visit, Some(&refused)))
}

/// A deal to add; the amount comes as it was written.
#[derive(Deserialize)]
pub struct DealForm {
    company: String,
    title: String,
    yen: String,
    stage: String,
}

/// Adds a deal.
pub async fn add_deal(State(app): State<App>, visit: Visit, Form(form): Form<DealForm>) -> Response {
    let DealForm { company: name, title, yen, stage } = form;
    let say = |ja, en| visit.language.say(ja, en);
    let add = |company: &mut Company| {
        let deal =
            read([&name, &title, &yen, &stage].map(|text| text.trim()), &company.stages, visit.language)
                .map_err(|(field, why)| {
                    let entered = [("company", name), ("title", title), ("yen", yen), ("stage", stage)];
                    Refused::new(field, &why, entered)
                })?;
        company.deals.insert(0, deal);
        Ok(say("商談を追加しました。", "Deal added.").into())
    };
    app.change(&visit, "/deals", add)
        .unwrap_or_else(|refused| views::deals_page(&app, &visit, Some(&refused)))
}

/// How many lines of a file are named when they cannot be read.
const NAMED: usize = 5;

/// Imports deals from a CSV file: good lines are added, the others are listed with the field to correct.
pub async fn import_deals(State(app): State<App>, visit: Visit, mut form: Multipart) -> Response {
    let file = match form.next_field().await {
        Ok(Some(field)) => field.bytes().await.ok(),
        _ => None,
    };
    let say = |ja, en| visit.language.say(ja, en);
    let import = |company: &mut Company| {
        let too_large = say("2MBまでのCSVファイルを選択してください。", "Choose a CSV file of up to 2 MB.");
        let bytes = file.ok_or_else(|| Refused::new("file", too_large, []))?;
        let no_text = say(
            "ファイルを読み取れません。CSV（UTF-8またはShift_JIS）で保存して、もう一度選択してください。",
            "The file could not be read. Save it as CSV (UTF-8) and choose it again.",
        );
        let text = decoded(&bytes).ok_or_else(|| Refused::new("file", no_text, []))?;
        let (deals, mut problems) = read_csv(&text, &company.stages, visit.language);
        let unnamed = problems.len().saturating_sub(NAMED);
        problems.truncate(NAMED);
        if unnamed > 0 {
            problems.push(
                say("ほかに{n}行あります。", "Lines not shown: {n}.").replace("{n}", &unnamed.to_string()),
            );
        }
        if deals.is_empty() {
            let none = say("商談を取り込めませんでした。", "No deals were imported.");
            return Err(Refused::new("file", &[vec![none.to_owned()], problems].concat().join("\n"), []));
        }
        let done = say("{n}件の商談を取り込みました。", "Deals imported: {n}.");
        let done = done.replace("{n}", &deals.len().to_string());
        // The newest is on top.
        company.deals = deals.into_iter().rev().chain(company.deals.drain(..)).collect();
        Ok([vec![done], problems].concat().join("\n"))
    };
    app.change(&visit, "/deals", import)
        .unwrap_or_else(|refused| views::deals_page(&app, &visit, Some(&refused)))
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
