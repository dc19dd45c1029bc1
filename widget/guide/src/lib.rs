//! The guide: takes a person from control to control on the host's own page.
//!
//! A module of its own, fetched when somebody asks to be shown. `place` and `score` are pure: where a
//! card goes, and which control is meant. `host` looks at the page, `layer` and `card` draw over it
//! without touching it, and `run` ties them: it waits for controls and for what people do to them.

mod card;
mod element;
mod host;
mod keys;
mod layer;
pub mod place;
mod plan;
mod run;
pub mod score;
mod texts;

use std::rc::Rc;

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

use run::Run;

/// The default allocator takes three kilobytes to download, this one less than one.
#[global_allocator]
static MEMORY: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

#[wasm_bindgen]
extern "C" {
    /// What the widget hands over.
    pub type Page;
    #[wasm_bindgen(method, getter)]
    fn locale(this: &Page) -> String;
    #[wasm_bindgen(method, getter)]
    fn theme(this: &Page) -> JsValue;
    /// `page` when the host keeps everything in its own stacking order.
    #[wasm_bindgen(method, getter)]
    fn layer(this: &Page) -> JsValue;
    /// The widget's own element.
    #[wasm_bindgen(method, getter)]
    fn host(this: &Page) -> web_sys::Element;
    /// The stop of a step, from 1, where the person stands by now; 0 when that is over or elsewhere.
    #[wasm_bindgen(method)]
    fn standing(this: &Page, step: &str) -> u32;
    /// Style sheets for the layer.
    #[wasm_bindgen(method, getter)]
    fn sheets(this: &Page) -> Array;
    /// Whose guide this is, on this device.
    #[wasm_bindgen(method, getter)]
    fn owner(this: &Page) -> String;
    /// The facts as the collector knows them.
    #[wasm_bindgen(method, getter)]
    fn facts(this: &Page) -> JsValue;
    /// Reports an event: kind, step and data.
    #[wasm_bindgen(method, getter)]
    fn tell(this: &Page) -> Function;
    /// Remembers where the person stands on this device: the stop from 1, or 0 when it is over, and the
    /// address that it began at.
    #[wasm_bindgen(method)]
    fn stand(this: &Page, step: &str, stop: u32, path: &str);
    /// The address that the remembered stop began at.
    #[wasm_bindgen(method, js_name = stoodAt)]
    fn stood_at(this: &Page) -> Option<String>;
    /// The guide is over: the panel's button takes the focus when the card had it.
    #[wasm_bindgen(method)]
    fn over(this: &Page, focus: bool);
}

/// A running guide; the widget's glue owns it.
#[wasm_bindgen]
pub struct Guide(Rc<Run>);

#[wasm_bindgen]
impl Guide {
    /// Guides through the stops of a step from stop `at`, counted from 1. `wanted` says that the person
    /// asked for it just now; otherwise it goes on where it stood, unless another tab shows it.
    #[wasm_bindgen(constructor)]
    pub fn new(page: Page, step: JsValue, at: u32, wanted: bool) -> Self {
        Self(Run::begin(page, &step, at as usize, wanted))
    }

    /// The collector knows more than before.
    pub fn news(&self) {
        self.0.news();
    }

    /// The page's address may have changed.
    pub fn routed(&self) {
        self.0.routed();
    }

    /// Something else takes its place.
    pub fn replace(self) {
        self.0.end("replaced");
    }
}
