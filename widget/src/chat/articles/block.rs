//! A piece of an article as elements: never HTML.

use std::rc::Rc;

use protocol::ids::StepId;
use protocol::widget::{Block, Span};

use crate::chat::link::link;
use crate::chat::session::Session;
use crate::i18n::cut;
use crate::ui::{Tag, tag};

/// A block.
pub fn draw(session: &Rc<Session>, block: &Block) -> Tag {
    match block {
        Block::Paragraph(all) => spans(session, tag("P", ""), all),
        Block::Heading(all) => spans(session, tag("H4", ""), all),
        Block::BulletedList(items) => list(session, "UL", items),
        Block::NumberedList(items) => list(session, "OL", items),
    }
}

fn list(session: &Rc<Session>, name: &'static str, items: &[Vec<Span>]) -> Tag {
    let mut list = tag(name, "");
    for all in items {
        list = list.add(spans(session, tag("LI", ""), all));
    }
    list
}

fn spans(session: &Rc<Session>, parent: Tag, all: &[Span]) -> Tag {
    all.iter().fold(parent, |parent, span| match cut(&span.link, b':') {
        ("step", Some(step)) if session.has_step(step) => {
            parent.add(session.point("link", &span.text, StepId::from(step), None))
        }
        ("clip", Some(clip)) if session.has_clip(clip) => {
            parent.add(session.watch("link", &span.text, clip, 0))
        }
        // What the flow lacks leads nowhere.
        ("step" | "clip", Some(_)) => parent.text(span.text.as_str()),
        _ if !span.link.is_empty() => parent.add(link(&span.link, &span.text)),
        _ if span.strong => parent.add(tag("B", "").text(span.text.as_str())),
        _ => parent.text(span.text.as_str()),
    })
}

/// The words of blocks.
pub fn text(blocks: &[Block]) -> String {
    let mut text = String::new();
    let mut add = |spans: &Vec<Span>| {
        for span in spans {
            text.push_str(&span.text);
            text.push(' ');
        }
    };
    for block in blocks {
        match block {
            Block::Paragraph(all) | Block::Heading(all) => add(all),
            Block::BulletedList(items) | Block::NumberedList(items) => items.iter().for_each(&mut add),
        }
    }
    text
}
