//! A place in the document that is drawn by itself: what is the same stays in the document, so that nothing is read
//! twice, no selection is lost, and no button is replaced under a finger.

use std::cell::RefCell;

use tachys::prelude::*;
use web_sys::HtmlElement;

use super::{Shown, Tag, View};

/// A place in the document.
#[derive(Default)]
pub struct Region(RefCell<Option<Shown>>);

impl Region {
    /// Draws the content of an element, or patches what was drawn into it before.
    pub fn draw(&self, element: &HtmlElement, content: Vec<Tag>) {
        let content = View::all(content.into_iter());
        let mut drawn = self.0.borrow_mut();
        if let Some(drawn) = &mut *drawn {
            content.rebuild(drawn);
        } else {
            let mut fresh = content.build();
            fresh.mount(element, None);
            *drawn = Some(fresh);
        }
    }
}
