//! `POST /v1/help`: the articles that a person can read before they ask.

pub mod markdown;

use axum::Json;
use axum::extract::State;
use protocol::widget::{ArticlesReply, RenderedArticle, SessionRequest};

use crate::app::App;
use crate::auth::WidgetCaller;
use crate::http::Refusal;
use markdown::blocks;

/// Returns every article of the site, in the person's language.
///
/// # Errors
/// When the store does not answer.
pub async fn post(
    State(app): State<App>,
    WidgetCaller { site, body: request, .. }: WidgetCaller<SessionRequest>,
) -> Result<Json<ArticlesReply>, Refusal> {
    let support = app.support.config(site.id).await?;
    let shown = support.file.articles.iter().map(|article| RenderedArticle {
        id: article.id.clone(),
        steps: article.steps.clone(),
        title: article.title.pick(&request.locale, "en").to_owned(),
        text: blocks(article.text.pick(&request.locale, "en")),
    });
    Ok(Json(ArticlesReply { articles: shown.collect() }))
}
