//! What customer success opens: who is signed in, and the journey of their customers.
//!
//! `api` asks the collector, `sign_in`, `journey`, `clips`, `help`, `inbox` and `security` are the pages, `charts` draws plain numbers
//! with labels. A page keeps nothing of its own: what it shows is the newest answer.

mod api;
mod charts;
mod clips;
mod feelings;
mod frame;
mod help;
mod i18n;
mod inbox;
mod journey;
mod postponed;
mod security;
mod sign_in;
mod when;

use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// Draws the console into the page.
#[wasm_bindgen(start)]
pub fn start() {
    mount_to_body(|| view! { <frame::Frame /> });
}
