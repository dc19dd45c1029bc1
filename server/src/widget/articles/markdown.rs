//! Articles in Markdown (CommonMark), as people write them: paragraphs, headings, lists, stress and links. HTML and
//! pictures in it are left out. Pure.

mod japanese;
mod warnings;

use journey::chat_client::text::{Piece, pieces};
use protocol::widget::{Block, Span};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, TextMergeStream};

use japanese::{begins_item, is_wide, with_joiners, without_joiners};
pub use warnings::warnings;

/// What an article says.
pub fn blocks(markdown: &str) -> Vec<Block> {
    let markdown = with_joiners(markdown);
    let mut reader = Reader::default();
    for event in events(&markdown, Options::empty()) {
        reader.take(event);
    }
    reader.blocks
}

/// What stands in an article, a run of text as one event.
fn events(markdown: &str, options: Options) -> impl Iterator<Item = Event<'_>> {
    TextMergeStream::new(Parser::new_ext(markdown, options))
}

/// A list that is open.
struct List {
    /// The number of its next item; none for dots.
    next: Option<u64>,
    items: Vec<Vec<Span>>,
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    spans: Vec<Span>,
    lists: Vec<List>,
    strong: u32,
    link: String,
    /// A line that was broken by hand, until it is known what follows.
    breaks: bool,
    /// Whether the mark of an inner item was said, and nothing of it yet.
    is_marked: bool,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) => self.say(&without_joiners(&text), true),
            Event::Code(text) => self.say(&without_joiners(&text), false),
            Event::SoftBreak => self.breaks = true,
            Event::HardBreak => self.add("\n"),
            Event::InlineHtml(tag) if is_break(&tag) => self.add("\n"),
            Event::Start(Tag::Strong | Tag::Emphasis) => self.strong += 1,
            Event::End(TagEnd::Strong | TagEnd::Emphasis) => self.strong -= 1,
            Event::Start(Tag::Link { dest_url, .. }) if is_allowed_link(&dest_url) => {
                self.link = without_joiners(&dest_url);
            }
            Event::End(TagEnd::Link) => self.link.clear(),
            Event::Start(Tag::List(next)) => self.lists.push(List { next, items: Vec::new() }),
            Event::End(TagEnd::List(_)) => self.end_list(),
            Event::Start(Tag::Item) => self.begin_item(),
            Event::End(TagEnd::Item) if self.lists.len() == 1 => self.end_item(),
            Event::End(TagEnd::Heading(_)) if self.lists.is_empty() => {
                let spans = self.line();
                self.blocks.push(Block::Heading(spans));
            }
            Event::Start(Tag::Paragraph | Tag::CodeBlock(_)) if !self.lists.is_empty() => self.begin_line(),
            Event::End(TagEnd::Paragraph | TagEnd::CodeBlock) if self.lists.is_empty() => {
                let spans = self.line();
                if !spans.is_empty() {
                    self.blocks.push(Block::Paragraph(spans));
                }
            }
            _ => {}
        }
    }

    /// Takes out what was said.
    fn line(&mut self) -> Vec<Span> {
        self.breaks = false;
        std::mem::take(&mut self.spans)
    }

    /// Says something after what was said, with links where addresses stand in it, if they may. A break between two
    /// Japanese letters is none (CSS Text 4, 4.1.3), unless an item of a list follows that has no mark of Markdown.
    fn say(&mut self, text: &str, may_link: bool) {
        if std::mem::take(&mut self.breaks) {
            let before = self.spans.last().and_then(|span| span.text.chars().last());
            if begins_item(text) {
                self.add("\n");
            } else if !before.is_some_and(is_wide) || !text.chars().next().is_some_and(is_wide) {
                self.add(" ");
            }
        }
        if !may_link || !self.link.is_empty() {
            return self.add(text);
        }
        for piece in pieces(text) {
            match piece {
                Piece::Plain(words) => self.add(&words),
                Piece::Link(address, signs) => {
                    self.link.clone_from(&address);
                    self.add(&address);
                    self.link.clear();
                    self.add(&signs);
                }
            }
        }
    }

    fn add(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.is_marked = false;
        let strong = self.strong > 0;
        match self.spans.last_mut() {
            Some(last) if last.strong == strong && last.link == self.link => last.text.push_str(text),
            _ => self.spans.push(Span { text: text.to_owned(), strong, link: self.link.clone() }),
        }
    }

    /// Begins a line of its own in an item, unless the item begins there.
    fn begin_line(&mut self) {
        if !self.spans.is_empty() && !self.is_marked {
            self.add("\n");
        }
        self.is_marked = false;
    }

    /// An item of a list in an item is a line of that item with its own mark.
    fn begin_item(&mut self) {
        if self.lists.len() > 1 {
            self.begin_line();
            let number = self.lists.last_mut().and_then(|list| {
                let number = list.next?;
                list.next = Some(number + 1);
                Some(number)
            });
            let mark = number.map_or_else(|| "・".to_owned(), |number| format!("{number}. "));
            self.add(&mark);
            self.is_marked = true;
        }
    }

    fn end_item(&mut self) {
        let spans = self.line();
        if let Some(list) = self.lists.last_mut() {
            list.items.push(spans);
        }
    }

    fn end_list(&mut self) {
        if let Some(List { next, items }) = self.lists.pop()
            && self.lists.is_empty()
        {
            match next {
                Some(1) => self.blocks.push(Block::NumberedList(items)),
                // A list that goes on after a paragraph keeps its numbers.
                Some(first) => self.blocks.extend((first..).zip(items).map(|(number, mut item)| {
                    item.insert(0, Span { text: format!("{number}. "), ..Span::default() });
                    Block::Paragraph(item)
                })),
                None => self.blocks.push(Block::BulletedList(items)),
            }
        }
    }
}

/// Whether an article may link to an address: the web, mail, telephone, a step, a clip, or a page of the host.
fn is_allowed_link(to: &str) -> bool {
    let starts =
        |scheme: &&str| to.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let is_path = to.starts_with('/') && !to.starts_with("//") && !to.contains('\\');
    is_path || ["https://", "http://", "mailto:", "tel:", "step:", "clip:"].iter().any(starts)
}

fn is_break(tag: &str) -> bool {
    let name = tag.trim_matches(['<', '>', '/', ' ']);
    name.eq_ignore_ascii_case("br")
}

#[cfg(test)]
mod tests;
