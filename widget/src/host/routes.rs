//! Tells everybody when the page's address changed; `loader/routes.js` watches it.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;

use crate::page::Bridge;
use crate::part::CoreEvent;
use crate::state::State;

/// Tells of routes for as long as this lives. Who is notified of one may go to another at once.
pub struct Routes(#[expect(dead_code, reason = "the page calls it")] Closure<dyn Fn(JsValue)>);

impl Routes {
    /// Begins to tell.
    pub fn new(bridge: &Bridge, state: State) -> Self {
        let changed: Closure<dyn Fn(JsValue)> = Closure::new(move |_| state.publish(CoreEvent::RouteChanged));
        bridge.on_route(changed.as_ref());
        Self(changed)
    }
}
