//! Elements from a text: for what always stands the same, a text is a fraction of the code that makes it.

use super::tag::{Tag, View, tag};
use crate::i18n::{concat, cut, split};

/// Makes an element from lines: a name, its classes, and attributes as `name=value`; what is indented by one more space
/// stands inside. `=value` is a text. `$0` is the first of `texts`, which may have blanks and come from anywhere.
pub fn template(lines: &'static str, texts: &[&str]) -> Tag {
    let mut open = Vec::new();
    for line in split(lines, b'\n') {
        let depth = line.bytes().take_while(|byte| *byte == b' ').count();
        close(&mut open, depth);
        open.push(element(line.get(depth..).unwrap_or_default(), texts));
    }
    close(&mut open, 1);
    open.pop().unwrap_or_else(|| tag("DIV", ""))
}

/// Puts elements into those around them until so many are open.
fn close(open: &mut Vec<Tag>, depth: usize) {
    while open.len() > depth
        && let Some(inner) = open.pop()
        && let Some(outer) = open.last_mut()
    {
        outer.children.push(View::Element(inner));
    }
}

fn element(line: &'static str, texts: &[&str]) -> Tag {
    let mut made = tag("", "");
    let mut classes = String::new();
    for word in split(line, b' ') {
        match cut(word, b'=') {
            ("", Some(value)) => made.children.push(View::Text(text(value, texts).to_owned())),
            (name, Some(value)) => made.set.push((name, text(value, texts).to_owned())),
            _ if made.name.is_empty() => made.name = word,
            _ if classes.is_empty() => classes = word.to_owned(),
            _ => classes = concat(&[&classes, " ", word]),
        }
    }
    if classes.is_empty() { made } else { made.set("class", classes) }
}

fn text<'a>(value: &'a str, texts: &[&'a str]) -> &'a str {
    match value.as_bytes() {
        [b'$', digit] => texts.get(usize::from(digit.wrapping_sub(b'0'))).copied().unwrap_or_default(),
        _ => value,
    }
}
