//! What customer success opens: who is signed in, and the journey of their customers.
//!
//! `api` asks the collector, `pages` and `inbox` are what is opened, `ui` is what they share on screen, `format` turns values
//! into words. A page keeps nothing of its own: what it shows is the newest answer.

mod api;
mod format;
mod i18n;
mod inbox;
mod pages;
mod ui;

use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// Draws the console into the page.
#[wasm_bindgen(start)]
pub fn start() {
    mount_to_body(|| view! { <ui::layout::Frame /> });
}
