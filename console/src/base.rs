//! Below which path the console is served, as the collector writes it into the page (`<base>`, the path of `public_url`).
//!
//! What the console fetches is named relative to it, as in `api/session`, and needs nothing of this. Its pages are
//! named from `/console` on, as in `/console/inbox`: the router puts the path in front where it goes to one, [`link`]
//! does for links, and [`use_path`] takes it away.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use web_sys::Url;

/// Returns the path without the slash at its end, such as `/tabiji`; empty at the root of a host.
pub fn base_path() -> String {
    let base = document().base_uri().ok().flatten();
    let path = base.and_then(|base| Url::new(&base).ok()).map(|base| base.pathname());
    path.unwrap_or_default().trim_end_matches('/').to_owned()
}

/// Returns what a link to a page has as its address.
pub fn link(address: &str) -> String {
    [&base_path(), address].concat()
}

/// Returns where the reader is in the console, such as `/console/inbox`; reads the context of the router.
pub fn use_path() -> Memo<String> {
    let (base, pathname) = (base_path(), use_location().pathname);
    Memo::new(move |_| pathname.with(|pathname| below(&base, pathname).to_owned()))
}

fn below<'a>(base: &str, pathname: &'a str) -> &'a str {
    pathname.strip_prefix(base).unwrap_or(pathname)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Page;

    #[test]
    fn s33_every_page_is_found_below_a_path() {
        for base in ["", "/tabiji", "/tools/console", "/%E6%97%85%E8%B7%AF"] {
            for page in
                [Page::Journey, Page::Inbox, Page::Clips, Page::Help, Page::Integration, Page::Security]
            {
                let pathname = [base, page.path()].concat();
                assert_eq!(Page::at(below(base, &pathname)), page, "{pathname}");
            }
            let conversation = [base, "/console/inbox/01930000-0000-7000-8000-000000000001"].concat();
            assert_eq!(Page::at(below(base, &conversation)), Page::Inbox, "{conversation}");
            assert_eq!(Page::at(below(base, &[base, "/console/unknown"].concat())), Page::Journey);
        }
    }
}
