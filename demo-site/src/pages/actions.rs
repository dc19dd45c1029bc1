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
    fn act(
        &self,
        visit: &Visit,
        dry: bool,
        act: impl FnOnce(&mut Company) -> Vec<Outcome>,
    ) -> Json<Vec<Outcome>> {
        let account = visit.login.account;
        if dry {
            return Json(act(&mut self.0.book.company(account)));
        }
        let outcomes = self.0.book.change(account, act);
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
    app.act(&visit, request.dry, |company| {
        if let Some(undo) = request.undo {
            company.people.retain(|person| !undo.iter().any(|email| email == &person.email));
            return undo.into_iter().map(Outcome::done).collect();
        }
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
        request.rows.into_iter().map(register).collect()
    })
}

/// Takes the usual stages of a deal.
pub async fn pipeline(
    State(app): State<App>,
    visit: Visit,
    Json(request): Json<Request<Value>>,
) -> Json<Vec<Outcome>> {
    app.act(&visit, request.dry, |company| {
        if let Some(undo) = request.undo {
            for before in &undo {
                company.stages = serde_json::from_value(before["stages"].clone()).unwrap_or_default();
                company.stages_saved = before["saved"] == true;
            }
            return undo.into_iter().map(Outcome::done).collect();
        }
        let before = json!({ "stages": company.stages, "saved": company.stages_saved });
        company.stages = Company::default().stages;
        company.stages_saved = true;
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
    app.act(&visit, request.dry, |company| {
        if let Some(undo) = request.undo {
            for deal in &undo {
                let is_it = |known: &Deal| json!(known) == *deal;
                if let Some(at) = company.deals.iter().position(is_it) {
                    company.deals.remove(at);
                }
            }
            return undo.into_iter().map(Outcome::done).collect();
        }
        let enter = |NewDeal { company: name, title, yen }| {
            let amount = yen.as_str().map_or_else(|| yen.to_string(), str::to_owned);
            match read(name.trim(), title.trim(), amount.trim(), "", &company.stages, language) {
                Ok(deal) => {
                    let undo = json!(deal);
                    company.deals.insert(0, deal);
                    Outcome::done(undo)
                }
                Err(problem) => Outcome::refused(&problem),
            }
        };
        request.rows.into_iter().map(enter).collect()
    })
}
