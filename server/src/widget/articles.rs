//! `POST /v1/help`: the articles that a person can read before they ask.

use axum::Json;
use axum::extract::State;
use protocol::widget::{ArticlesReply, Block, RenderedArticle, SessionRequest, Span};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::app::App;
use crate::auth::WidgetCaller;
use crate::http::Refusal;

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

/// Returns what an article's Markdown (CommonMark) says: paragraphs, headings, lists, stress and links. HTML and
/// pictures in it are left out.
fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut spans: Vec<Span> = Vec::new();
    let mut items: Vec<Vec<Span>> = Vec::new();
    let mut stressed = false;
    let mut to = String::new();
    for event in Parser::new_ext(markdown, Options::empty()) {
        let mut say = |text: &str| match spans.last_mut() {
            Some(last) if last.strong == stressed && last.link == to => last.text.push_str(text),
            _ => spans.push(Span { text: text.to_owned(), strong: stressed, link: to.clone() }),
        };
        match event {
            Event::Text(text) | Event::Code(text) => say(&text),
            Event::SoftBreak => say(" "),
            Event::HardBreak => say("\n"),
            Event::Start(Tag::Strong | Tag::Emphasis) => stressed = true,
            Event::End(TagEnd::Strong | TagEnd::Emphasis) => stressed = false,
            Event::Start(Tag::Link { dest_url, .. }) if is_allowed_link(&dest_url) => {
                to = dest_url.into_string()
            }
            Event::End(TagEnd::Link) => to.clear(),
            Event::End(TagEnd::Item) => items.push(std::mem::take(&mut spans)),
            Event::End(TagEnd::List(true)) => blocks.push(Block::NumberedList(std::mem::take(&mut items))),
            Event::End(TagEnd::List(false)) => blocks.push(Block::BulletedList(std::mem::take(&mut items))),
            Event::End(TagEnd::Heading(_)) => blocks.push(Block::Heading(std::mem::take(&mut spans))),
            // A paragraph of an item is the item's own.
            Event::End(TagEnd::Paragraph | TagEnd::CodeBlock) if items.is_empty() && !spans.is_empty() => {
                blocks.push(Block::Paragraph(std::mem::take(&mut spans)));
            }
            _ => {}
        }
    }
    blocks
}

/// Whether an article may link to an address.
fn is_allowed_link(to: &str) -> bool {
    ["https://", "http://", "mailto:", "step:"].iter().any(|scheme| to.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(t: &str, b: bool, to: &str) -> Span {
        Span { text: t.into(), strong: b, link: to.into() }
    }

    #[test]
    fn articles_are_words_lists_and_links_and_nothing_that_runs() {
        let text = "まず**設定**を開き、[ここ](step:users)へ。\n\n1. ひとつ\n2. ふたつ\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![p](https://e.example/p.png)";
        let found = blocks(text);
        assert_eq!(
            found[0],
            Block::Paragraph(vec![
                span("まず", false, ""),
                span("設定", true, ""),
                span("を開き、", false, ""),
                span("ここ", false, "step:users"),
                span("へ。", false, "")
            ])
        );
        assert_eq!(
            found[1],
            Block::NumberedList(vec![vec![span("ひとつ", false, "")], vec![span("ふたつ", false, "")]])
        );
        let rest = format!("{:?}", &found[2..]);
        assert!(!rest.contains("script") && !rest.contains("e.example"), "{rest}");
    }
}
