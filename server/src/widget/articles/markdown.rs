//! Articles in Markdown (CommonMark), as people write them: paragraphs, headings, lists, stress and links. HTML and
//! pictures in it are left out. Pure.

use protocol::widget::{Block, Span};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Put between a mark of stress and a bracket, so that CommonMark takes `を**「設定」**で` for stress: its rule wants a
/// blank there, which Japanese has not. It is no sign and no blank (WORD JOINER), and goes again.
const JOINER: char = '\u{2060}';

/// What an article says.
pub fn blocks(markdown: &str) -> Vec<Block> {
    let markdown = with_joiners(markdown);
    let mut reader = Reader::default();
    for event in Parser::new_ext(&markdown, Options::empty()) {
        reader.take(event);
    }
    reader.blocks
}

/// What a reader of an article will see as plain text although it was meant as more, for its author.
pub fn plain(markdown: &str) -> Vec<String> {
    let mut plain = Vec::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) if !is_allowed_link(&dest_url) => {
                plain.push(format!("a link to {dest_url} is shown as words: write https://, http://, mailto:, tel:, step: or a path"));
            }
            Event::Start(Tag::Table(_)) => {
                plain.push("a table is shown as its lines: write a list".to_owned())
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                plain.push(format!("the picture {dest_url} is left out: add a clip to the step"));
            }
            _ => {}
        }
    }
    plain
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
            Event::Text(text) | Event::Code(text) => self.say(&text.replace(JOINER, "")),
            Event::SoftBreak => self.breaks = true,
            Event::HardBreak => self.add("\n"),
            Event::Start(Tag::Strong | Tag::Emphasis) => self.strong += 1,
            Event::End(TagEnd::Strong | TagEnd::Emphasis) => self.strong -= 1,
            Event::Start(Tag::Link { dest_url, .. }) if is_allowed_link(&dest_url) => {
                self.link = dest_url.into_string();
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

    /// Says something after what was said; a break between two Japanese letters is none (CSS Text 4, 4.1.3).
    fn say(&mut self, text: &str) {
        if std::mem::take(&mut self.breaks) {
            let before = self.spans.last().and_then(|span| span.text.chars().last());
            if !before.is_some_and(is_wide) || !text.chars().next().is_some_and(is_wide) {
                self.add(" ");
            }
        }
        self.add(text);
    }

    fn add(&mut self, text: &str) {
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
            self.blocks.push(if next.is_some() {
                Block::NumberedList(items)
            } else {
                Block::BulletedList(items)
            });
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

/// Whether a letter takes the room of two and words of it have no blanks between them.
fn is_wide(letter: char) -> bool {
    matches!(letter, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}

/// Puts a joiner between marks of stress and full-width signs.
fn with_joiners(markdown: &str) -> String {
    let mut joined = String::with_capacity(markdown.len());
    let mut before = '\n';
    for letter in markdown.chars() {
        let meets = |star: char, sign: char| star == '*' && is_wide(sign) && !sign.is_alphanumeric();
        if meets(before, letter) || meets(letter, before) {
            joined.push(JOINER);
        }
        joined.push(letter);
        before = letter;
    }
    joined
}

#[cfg(test)]
mod tests;
