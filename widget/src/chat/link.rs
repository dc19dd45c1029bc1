//! Links that leave the page.

use crate::ui::{Tag, tag};

/// A link that leaves the page.
pub fn link(href: &str, text: &str) -> Tag {
    tag("A", "")
        .set("href", href)
        .set("target", "_blank")
        .set("rel", "noopener noreferrer nofollow")
        .text(text)
}
