//! The frame around every page, with the snippet a product team pastes.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::json;

use crate::book::Login;
use crate::text::Language;

/// What the snippet needs.
pub struct Embed<'a> {
    pub collector: &'a str,
    pub public_key: &'a str,
    pub token: &'a str,
}

/// A whole page.
pub fn page(
    language: Language,
    login: &Login,
    embed: &Embed<'_>,
    title: &str,
    path: &str,
    inside: Markup,
) -> Markup {
    let say = |ja, en| language.say(ja, en);
    let pages = [
        ("/", say("ダッシュボード", "Dashboard")),
        ("/users", say("ユーザー", "Users")),
        ("/pipeline", say("商談の段階", "Stages")),
        ("/deals", say("商談", "Deals")),
        ("/reports", say("レポート", "Reports")),
    ];
    let who = json!({
        "user": login.user, "name": login.name, "account": login.account, "company": login.company,
        "token": embed.token,
    });
    // Inside a script element only "</" could end it, and "<" needs no other form in JSON.
    let who = who.to_string().replace('<', "\\u003c");
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – 営業ノート" }
                link rel="icon" href="data:,";
                link rel="stylesheet" href="/site.css";
                script id="who" type="application/json" { (PreEscaped(who)) }
                script async src=(format!("{}/tabiji.js", embed.collector)) data-site=(embed.public_key) {}
                script src="/app.js" {}
            }
            body {
                header.top {
                    strong { "営業ノート" }
                    nav aria-label=(say("主なページ", "Main pages")) {
                        @for (target, name) in pages {
                            a href=(target) data-tabiji=(format!("nav-{}", target.trim_start_matches('/'))) aria-current=[(target == path).then_some("page")] { (name) }
                        }
                    }
                    div.me {
                        span { (login.company) "・" (login.name) }
                        a href="/login" { (say("切り替える", "Switch")) }
                    }
                }
                main { (inside) }
            }
        }
    }
}
