//! The console: what customer success opens in a browser.
//!
//! - `app` decides between the sign-in page and the pages behind it, and provides the context that they share: `context` has the
//!   language and the session, `layout` the menu around every page, `page` the addresses, `base` the path before
//!   them, and `router` what is shown at them.
//! - `pages` and `inbox` are what is opened; `ui` is what they share on screen, `format` turns values into words.
//! - `api` sends requests to the collector, `live` follows its feeds, `clock` and `ids` read the time and the randomness.
//!
//! Pages keep no data of their own: they show the newest answer of the collector. Reasons:
//! `docs/decisions/0014-console.md`.

mod api;
mod app;
mod base;
mod clock;
mod context;
mod format;
mod i18n;
mod ids;
mod inbox;
mod layout;
mod live;
mod page;
mod pages;
mod router;
mod ui;

use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// Mounts the console into the page; runs when the module is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    mount_to_body(|| view! { <app::App /> });
}
