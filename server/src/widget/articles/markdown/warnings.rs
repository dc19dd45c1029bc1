//! What a reader of an article will see as plain text although it was meant as more.

use pulldown_cmark::{Event, Options, Tag};

use super::japanese::{with_joiners, without_joiners};
use super::{events, is_allowed_link, is_break};

/// What to tell an article's author, a sentence for each place.
pub fn warnings(markdown: &str) -> Vec<String> {
    let mut warnings = Vec::new();
    let markdown = with_joiners(markdown);
    for event in events(&markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        warnings.extend(warning(&event));
    }
    warnings
}

fn warning(event: &Event<'_>) -> Option<String> {
    Some(match event {
        Event::Start(Tag::Link { dest_url, .. }) if !is_allowed_link(dest_url) => format!(
            "a link to {dest_url} is shown as words: write https://, http://, mailto:, tel:, step:, clip: or a path"
        ),
        Event::Start(Tag::Table(_)) => "a table is shown as its lines: write a list".to_owned(),
        Event::Start(Tag::Image { dest_url, .. }) => {
            format!("the picture {dest_url} is left out: add a clip to the step")
        }
        Event::Start(Tag::Strikethrough) => "~~ is shown as it stands: there is no striking out".to_owned(),
        Event::Html(tag) | Event::InlineHtml(tag) if !is_break(tag) && !is_silent(tag) => {
            format!("{} is left out: write Markdown", tag.trim())
        }
        Event::Text(text) => {
            let sign = ["**", "__"].into_iter().find(|sign| text.contains(sign))?;
            format!("{sign} is shown as it stands in \"{}\": write **words**", without_joiners(text))
        }
        _ => return None,
    })
}

/// Comments and closing tags: the first is meant for nobody, and the opening tag was named.
fn is_silent(tag: &str) -> bool {
    tag.starts_with("<!--") || tag.starts_with("</")
}
