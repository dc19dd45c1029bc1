//! What the widget may do in this product, when a person asks it to: each row gets an answer, a dry run
//! changes nothing, and everything can be taken back.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::deals::read;
use super::{App, Visit};
use crate::book::{Company, Deal, Person};

/// What the widget's action is called with.
#[derive(Deserialize)]
pub struct Request<Row> {
    #[serde(default = "Vec::new")]
    rows: Vec<Row>,
    #[serde(default)]
    dry: bool,
    #[serde(default)]
    undo: Option<Vec<Value>>,
}

/// What became of a row.
#[derive(Serialize)]
pub struct Outcome {
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    undo: Option<Value>,
}

impl Outcome {
    fn done(undo: Value) -> Self {
        Self { ok: true, message: None, undo: Some(undo) }
    }

    fn refused(message: &str) -> Self {
        Self { ok: false, message: Some(message.to_owned()), undo: None }
    }
}

/// A person to register.
#[derive(Deserialize)]
pub struct NewPerson {
    name: String,
    email: String,
}

impl App {
    /// Does what the rows say or, where something is to be undone, takes each of it back; a dry run changes nothing.
    fn act<Row>(
        &self,
        visit: &Visit,
        Request { rows, dry, undo }: Request<Row>,
        take_back: impl Fn(&mut Company, &Value),
        act: impl FnOnce(&mut Company, Vec<Row>) -> Vec<Outcome>,
    ) -> Json<Vec<Outcome>> {
        let work = |company: &mut Company| {
            let Some(undo) = undo else { return act(company, rows) };
            undo.iter().for_each(|done| take_back(company, done));
            undo.into_iter().map(Outcome::done).collect()
        };
        let account = visit.login.account;
        if dry {
            return Json(work(&mut self.0.book.company(account)));
        }
        let outcomes = self.0.book.change(account, work);
        self.0.backend.post_all(account, Some(visit.login.user), &self.0.book.company(account));
        Json(outcomes)
    }
}

/// Registers people; an address is registered once.
pub async fn users(
    State(app): State<App>,
    visit: Visit,
    Json(request): Json<Request<NewPerson>>,
) -> Json<Vec<Outcome>> {
    let language = visit.language;
    let take_back = |company: &mut Company, email: &Value| {
        company.people.retain(|person| *email != person.email);
    };
    app.act(&visit, request, take_back, |company, rows| {
        let register = |NewPerson { name, email }| {
            if !email.contains('@') {
                return Outcome::refused(language.say("@がありません", "has no @"));
            }
            if company.people.iter().any(|person| person.email == email) {
                return Outcome::refused(language.say("登録済みです", "is registered already"));
            }
            company.people.push(Person { name, email: email.clone(), manager: false });
            Outcome::done(json!(email))
        };
        rows.into_iter().map(register).collect()
    })
}

/// Takes the usual stages of a deal.
pub async fn pipeline(
    State(app): State<App>,
    visit: Visit,
    Json(request): Json<Request<Value>>,
) -> Json<Vec<Outcome>> {
    let take_back = |company: &mut Company, before: &Value| {
        company.name_stages(serde_json::from_value(before["stages"].clone()).unwrap_or_default());
        company.stages_saved = before["saved"] == true;
    };
    app.act(&visit, request, take_back, |company, _| {
        let before = json!({ "stages": company.stages, "saved": company.stages_saved });
        company.name_stages(Company::default().stages);
        vec![Outcome::done(before)]
    })
}

/// A deal to enter; amounts come as people wrote them.
#[derive(Deserialize)]
pub struct NewDeal {
    company: String,
    title: String,
    yen: Value,
}

/// Enters deals at the first stage.
pub async fn deals(
    State(app): State<App>,
    visit: Visit,
    Json(request): Json<Request<NewDeal>>,
) -> Json<Vec<Outcome>> {
    let language = visit.language;
    let take_back = |company: &mut Company, deal: &Value| {
        let is_it = |known: &Deal| json!(known) == *deal;
        if let Some(at) = company.deals.iter().position(is_it) {
            company.deals.remove(at);
        }
    };
    app.act(&visit, request, take_back, |company, rows| {
        let enter = |NewDeal { company: name, title, yen }| {
            let amount = yen.as_str().map_or_else(|| yen.to_string(), str::to_owned);
            match read([name.trim(), title.trim(), amount.trim(), ""], &company.stages, language) {
                Ok(deal) => {
                    let undo = json!(deal);
                    company.deals.insert(0, deal);
                    Outcome::done(undo)
                }
                Err((_, problem)) => Outcome::refused(&problem),
            }
        };
        rows.into_iter().map(enter).collect()
    })
}
