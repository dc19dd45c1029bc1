//! `POST /v1/help`: what customers can read before they ask.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use protocol::widget::{ArticlesReply, Block, RenderedArticle, SessionRequest, Span};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::app::App;
use crate::http::{self, Refusal};
use crate::session::admit;

/// Every article, in the person's language.
///
/// # Errors
/// As for a session.
pub async fn post(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<ArticlesReply>, Refusal> {
    let request: SessionRequest = http::read_json(&headers, body).await?;
    let (site, _) = admit(&app, &headers, &request).await?;
    let desk = app.desk(site.id).await?;
    let shown = desk.file.articles.iter().map(|article| RenderedArticle {
        id: article.id.clone(),
        steps: article.steps.clone(),
        title: article.title.pick(&request.locale, "en").to_owned(),
        text: blocks(article.text.pick(&request.locale, "en")),
    });
    Ok(Json(ArticlesReply { articles: shown.collect() }))
}

/// What an article's Markdown says: paragraphs, headings, lists, stress and links. HTML and pictures in it
/// are left out.
fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut spans: Vec<Span> = Vec::new();
    let mut items: Vec<Vec<Span>> = Vec::new();
    let mut stressed = false;
    let mut to = String::new();
    for event in Parser::new_ext(markdown, Options::empty()) {
        let mut say = |text: &str| match spans.last_mut() {
            Some(last) if last.b == stressed && last.to == to => last.t.push_str(text),
            _ => spans.push(Span { t: text.to_owned(), b: stressed, to: to.clone() }),
        };
        match event {
            Event::Text(text) | Event::Code(text) => say(&text),
            Event::SoftBreak => say(" "),
            Event::HardBreak => say("\n"),
            Event::Start(Tag::Strong | Tag::Emphasis) => stressed = true,
            Event::End(TagEnd::Strong | TagEnd::Emphasis) => stressed = false,
            Event::Start(Tag::Link { dest_url, .. }) if leads(&dest_url) => to = dest_url.into_string(),
            Event::End(TagEnd::Link) => to.clear(),
            Event::End(TagEnd::Item) => items.push(std::mem::take(&mut spans)),
            Event::End(TagEnd::List(true)) => blocks.push(Block::Ol(std::mem::take(&mut items))),
            Event::End(TagEnd::List(false)) => blocks.push(Block::Ul(std::mem::take(&mut items))),
            Event::End(TagEnd::Heading(_)) => blocks.push(Block::H(std::mem::take(&mut spans))),
            // A paragraph of an item is the item's own.
            Event::End(TagEnd::Paragraph | TagEnd::CodeBlock) if items.is_empty() && !spans.is_empty() => {
                blocks.push(Block::P(std::mem::take(&mut spans)));
            }
            _ => {}
        }
    }
    blocks
}

/// Where an article may lead.
fn leads(to: &str) -> bool {
    ["https://", "http://", "mailto:", "step:"].iter().any(|scheme| to.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(t: &str, b: bool, to: &str) -> Span {
        Span { t: t.into(), b, to: to.into() }
    }

    #[test]
    fn articles_are_words_lists_and_links_and_nothing_that_runs() {
        let text = "まず**設定**を開き、[ここ](step:users)へ。\n\n1. ひとつ\n2. ふたつ\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![p](https://e.example/p.png)";
        let found = blocks(text);
        assert_eq!(
            found[0],
            Block::P(vec![
                span("まず", false, ""),
                span("設定", true, ""),
                span("を開き、", false, ""),
                span("ここ", false, "step:users"),
                span("へ。", false, "")
            ])
        );
        assert_eq!(
            found[1],
            Block::Ol(vec![vec![span("ひとつ", false, "")], vec![span("ふたつ", false, "")]])
        );
        let rest = format!("{:?}", &found[2..]);
        assert!(!rest.contains("script") && !rest.contains("e.example"), "{rest}");
    }
}
