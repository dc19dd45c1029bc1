//! What is on the pages.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::refused::{Refused, complaint, entered, invalid};
use super::{App, Visit};
use crate::book::{Company, LOGINS};
use crate::text::Language;

/// `/`
pub async fn dashboard(State(app): State<App>, visit: Visit) -> Response {
    let say = |ja, en| visit.language.say(ja, en);
    let company = app.company(&visit);
    let sum: u64 = company.deals.iter().map(|deal| deal.yen).sum();
    let inside = html! {
        h1 { (visit.login.name) (say("さん、こんにちは", ", welcome")) }
        div.cards {
            div.card { (say("ユーザー", "Users")) b { (company.people.len()) } }
            div.card { (say("商談", "Deals")) b { (company.deals.len()) } }
            div.card { (say("見込み金額", "Pipeline value")) b { (yen(sum)) } }
        }
        div.card {
            h2 { (say("今日の予定", "Today")) }
            @if company.deals.is_empty() {
                p.empty { (say("商談を登録すると、次にすることがここに並びます。", "Enter a deal and your next actions appear here.")) }
            } @else {
                ul { @for deal in company.deals.iter().take(5) { li { (deal.company) "：" (deal.title) "（" (deal.stage) "）" } } }
            }
        }
    };
    app.page(&visit, say("ダッシュボード", "Dashboard"), "/", inside)
}

/// `/users`
pub async fn users(State(app): State<App>, visit: Visit) -> Response {
    users_page(&app, &visit, None)
}

/// The users, and the form that registers them.
pub fn users_page(app: &App, visit: &Visit, refused: Option<&Refused>) -> Response {
    let say = |ja, en| visit.language.say(ja, en);
    let company = app.company(visit);
    let was = |name| entered(refused, name);
    let inside = html! {
        h1 { (say("ユーザー", "Users")) }
        (said(visit, refused))
        form.card method="post" action="/users" {
            label { (say("名前", "Name")) input name="name" value=[was("name")] data-tabiji="user-name" required maxlength="60" autocomplete="off"; }
            label { (say("メールアドレス", "Email")) input type="email" name="email" value=[was("email")] data-tabiji="user-email" aria-invalid=[invalid(refused, "email")] aria-errormessage=[complaint(refused, "email")] required maxlength="120" autocomplete="off"; }
            label.check { input type="checkbox" name="manager" value="yes" checked[was("manager").is_some()]; (say("上司（管理者）", "Manager")) }
            button type="submit" data-tabiji="user-register" { (say("登録する", "Register")) }
        }
        (people(visit.language, &company))
    };
    app.page(visit, say("ユーザー", "Users"), "/users", inside)
}

fn people(language: Language, company: &Company) -> Markup {
    let say = |ja, en| language.say(ja, en);
    html! {
        @if company.people.is_empty() {
            p.empty { (say("まだ誰も登録されていません。", "No users yet.")) }
        } @else {
            div.wide { table {
                thead { tr { th { (say("名前", "Name")) } th { (say("メールアドレス", "Email")) } th { (say("役割", "Role")) } th {} } }
                tbody { @for person in &company.people { tr {
                    td { (person.name) }
                    td { (person.email) }
                    td { (if person.manager { say("管理者", "Manager") } else { say("営業", "Sales") }) }
                    td { form method="post" action="/users/remove" {
                        input type="hidden" name="email" value=(person.email);
                        button.plain type="submit" aria-label=(format!("{} {}", person.name, say("を外す", "– remove"))) { (say("外す", "Remove")) }
                    } }
                } } }
            } }
        }
    }
}

/// `/pipeline`
pub async fn pipeline(State(app): State<App>, visit: Visit) -> Response {
    pipeline_page(&app, &visit, None)
}

/// The stages of a deal, to be named.
pub fn pipeline_page(app: &App, visit: &Visit, refused: Option<&Refused>) -> Response {
    let say = |ja, en| visit.language.say(ja, en);
    let company = app.company(visit);
    let inside = html! {
        h1 { (say("商談の段階", "Deal stages")) }
        (said(visit, refused))
        form.card method="post" action="/pipeline" {
            @for stage in &company.stages {
                label { (say("段階", "Stage")) input name="stage" value=(stage) aria-invalid=[invalid(refused, "stage")] aria-errormessage=[complaint(refused, "stage")] required maxlength="30"; }
            }
            button type="submit" data-tabiji="pipeline-save" { (say("保存する", "Save")) }
        }
    };
    app.page(visit, say("商談の段階", "Deal stages"), "/pipeline", inside)
}

/// `/deals`
pub async fn deals(State(app): State<App>, visit: Visit) -> Response {
    deals_page(&app, &visit, None)
}

/// The deals, and the forms that add them.
pub fn deals_page(app: &App, visit: &Visit, refused: Option<&Refused>) -> Response {
    let say = |ja, en| visit.language.say(ja, en);
    let company = app.company(visit);
    let was = |name| entered(refused, name);
    let (bad, why) = (|name| invalid(refused, name), |name| complaint(refused, name));
    let inside = html! {
        h1 { (say("商談", "Deals")) }
        (said(visit, refused))
        form.card method="post" action="/deals" {
            label { (say("会社", "Company")) input name="company" value=[was("company")] data-tabiji="deal-company" aria-invalid=[bad("company")] aria-errormessage=[why("company")] autocomplete="off" required maxlength="60"; }
            label { (say("内容", "Description")) input name="title" value=[was("title")] data-tabiji="deal-title" aria-invalid=[bad("title")] aria-errormessage=[why("title")] autocomplete="off" required maxlength="60"; }
            label { (say("金額（円）", "Amount (yen)")) input type="number" name="yen" value=[was("yen")] data-tabiji="deal-amount" aria-invalid=[bad("yen")] aria-errormessage=[why("yen")] min="0" max="1000000000000" required; }
            label { (say("段階", "Stage")) select name="stage" { @for stage in &company.stages { option selected[was("stage") == Some(stage)] { (stage) } } } }
            button type="submit" data-tabiji="deal-add" { (say("追加する", "Add")) }
        }
        form.card method="post" action="/deals/import" enctype="multipart/form-data" {
            label { (say("CSVから取り込む（会社,内容,金額,段階）", "Import CSV (company, description, amount, stage)"))
                input type="file" name="file" accept=".csv,text/csv" aria-invalid=[bad("file")] aria-errormessage=[why("file")] required; }
            button.plain type="submit" { (say("取り込む", "Import")) }
        }
        @if company.deals.is_empty() {
            p.empty { (say("まだ商談がありません。最初の1件を登録しましょう。", "No deals yet. Add the first one.")) }
        } @else {
            div.wide { table {
                thead { tr { th { (say("会社", "Company")) } th { (say("内容", "Description")) } th { (say("段階", "Stage")) } th.number { (say("金額", "Amount")) } } }
                tbody { @for deal in &company.deals { tr {
                    td { (deal.company) } td { (deal.title) } td { (deal.stage) } td.number { (yen(deal.yen)) }
                } } }
            } }
        }
    };
    app.page(visit, say("商談", "Deals"), "/deals", inside)
}

/// `/reports`
pub async fn reports(State(app): State<App>, visit: Visit) -> Response {
    let say = |ja, en| visit.language.say(ja, en);
    let company = app.company(&visit);
    let sum = |stage: &String| {
        company.deals.iter().filter(|deal| deal.stage == *stage).map(|deal| deal.yen).sum::<u64>()
    };
    let most = company.stages.iter().map(sum).max().unwrap_or(0).max(1);
    let inside = html! {
        h1 { (say("レポート", "Reports")) }
        div.wide { table data-tabiji="report" {
            caption { (say("段階ごとの見込み金額", "Value by stage")) }
            thead { tr { th { (say("段階", "Stage")) } th {} th.number { (say("金額", "Amount")) } } }
            tbody { @for stage in &company.stages { tr {
                th scope="row" { (stage) }
                td { meter min="0" max=(most) value=(sum(stage)) { (yen(sum(stage))) } }
                td.number { (yen(sum(stage))) }
            } } }
        } }
    };
    app.page(&visit, say("レポート", "Reports"), "/reports", inside)
}

/// `/login`
pub async fn login(State(app): State<App>, visit: Visit) -> Response {
    let say = |ja, en| visit.language.say(ja, en);
    let inside = html! {
        h1 { (say("だれとして使いますか", "Who are you?")) }
        form.card method="post" action="/login" {
            @for login in LOGINS {
                button.plain type="submit" name="user" value=(login.user) { (login.name) "（" (login.company) "）" }
            }
        }
        form.card method="post" action="/language" {
            button.plain type="submit" name="language" value="ja" { "日本語" }
            button.plain type="submit" name="language" value="en" { "English" }
        }
    };
    app.page(&visit, say("切り替え", "Switch"), "/login", inside)
}

/// What the last form did, or why it was refused.
fn said(visit: &Visit, refused: Option<&Refused>) -> Markup {
    let text = visit.said.as_deref().map(super::message::decode);
    html! {
        @if let Some(refused) = refused { (refused.message()) }
        @else if let Some(text) = text { p.said role="status" { (text) } }
    }
}

/// Yen with commas.
fn yen(amount: u64) -> String {
    let digits = amount.to_string();
    let mut text = String::from("¥");
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
