//! The number of unread answers before the page's title, while the page is in the background.

use std::cell::RefCell;

use crate::i18n::concat;
use crate::js;

/// What was put before the title.
#[derive(Default)]
pub struct PageTitle(RefCell<String>);

impl PageTitle {
    /// Puts the number there, or takes it away when there is none. What the page changes meanwhile stays.
    pub fn mark(&self, unread: u32) {
        let mark = if unread > 0 { concat(&["(", &unread.to_string(), ") "]) } else { String::new() };
        let before = self.0.replace(mark.clone());
        if before == mark {
            return;
        }
        let title = js::text(&js::document(), "title");
        let own = title.strip_prefix(&before).unwrap_or(&title);
        js::set(&js::document(), "title", concat(&[&mark, own]));
    }
}

impl Drop for PageTitle {
    fn drop(&mut self) {
        self.mark(0);
    }
}
