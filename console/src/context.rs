//! What every page may ask of its surroundings: the language, the session and the site that is shown.
//!
//! [`Language`] is provided by the app, [`Session`] by the layout's parent once a person is signed in,
//! [`Site`] by the router for each page that shows one. The functions read the context of the current owner,
//! so they are called while a component is set up or a view is drawn, never in an event handler or after an
//! `await`; there a component uses what it read before.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::console::{Role, SignedInOperator};

use crate::api::Site;
use crate::i18n::{Texts, texts};

/// Where the device keeps the language that the reader chose.
const LANGUAGE: &str = "tabiji.language";

/// The reader's language.
#[derive(Clone, Copy)]
pub struct Language {
    /// The texts in that language.
    pub texts: &'static Texts,
    /// Its BCP 47 tag.
    pub locale: &'static str,
}

impl Language {
    /// Reads the page's language: `?lang=en` wins, then what was chosen, then the browser's language.
    pub fn of_page() -> Self {
        let window = window();
        let chosen = || window.local_storage().ok().flatten()?.get_item(LANGUAGE).ok().flatten();
        let locale = of_query("lang").or_else(chosen).or_else(|| window.navigator().language());
        // The page has one language until it is loaded again.
        let locale: &'static str = locale.unwrap_or_else(|| "en".to_owned()).leak();
        Self { texts: texts(locale), locale }
    }
}

/// Keeps the language that the reader chose on this device, and loads the page in it.
pub fn remember_language(tag: &str) {
    let location = window().location();
    if let Ok(Some(storage)) = window().local_storage() {
        // On a device without room the browser's language stays.
        let _ = storage.set_item(LANGUAGE, tag);
    }
    // What the address says of the language would win. A page of our own can be loaded again.
    let _ = if of_query("lang").is_some() { location.set_search("") } else { location.reload() };
}

/// Returns a value of the page's query.
fn of_query(name: &str) -> Option<String> {
    let search = window().location().search().unwrap_or_default();
    let mut pairs = search.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// Who is signed in.
#[derive(Clone, Copy)]
pub struct Session {
    email: StoredValue<Arc<str>>,
    /// The name by which customers know the person; empty until they give one.
    pub name: RwSignal<String>,
    sites: StoredValue<Vec<(String, String)>>,
    /// What the person may do.
    pub role: Role,
    /// The public key of the site that is shown; none when the collector has no site that this person may see.
    pub site: RwSignal<Option<Arc<str>>>,
    /// How many conversations of that site wait for an answer.
    pub waiting: RwSignal<usize>,
    leave: Callback<()>,
}

impl Session {
    /// Begins with the site of the address (`?site=pk_…`), or else the first one; `leave` shows the sign-in page.
    pub fn new(viewer: SignedInOperator, leave: Callback<()>) -> Self {
        let asked = of_query("site");
        let mut keys = viewer.sites.iter().map(|(key, _)| key.as_str());
        let named = keys.clone().find(|key| asked.as_deref() == Some(*key));
        let first = named.or_else(|| keys.next()).map(Arc::from);
        Self {
            email: StoredValue::new(viewer.email.into()),
            name: RwSignal::new(viewer.name),
            sites: StoredValue::new(viewer.sites),
            role: viewer.role,
            site: RwSignal::new(first),
            waiting: RwSignal::new(0),
            leave,
        }
    }

    /// Returns the address of the person who is signed in; empty once the session has ended.
    pub fn email(self) -> Arc<str> {
        self.email.try_get_value().unwrap_or_default()
    }

    /// Returns the sites that the person may see, by public key and name.
    pub fn sites(self) -> Vec<(String, String)> {
        self.sites.try_get_value().unwrap_or_default()
    }

    /// Shows the sign-in page. Safe to call twice and after the page is gone: two answers may say that nobody
    /// is signed in.
    pub fn leave(self) {
        let _ = self.leave.try_run(());
    }
}

/// Returns the reader's language.
pub fn language() -> Language {
    expect_context()
}

/// Returns the texts in the reader's language.
pub fn current_texts() -> &'static Texts {
    language().texts
}

/// Returns the session of the person who is signed in.
pub fn session() -> Session {
    expect_context()
}

/// Returns the site that the page shows.
pub fn site() -> Site {
    expect_context()
}
