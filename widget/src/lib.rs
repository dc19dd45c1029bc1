//! The in-app widget.
//!
//! The loader makes the shadow root and the launcher, then hands both over to [`Widget`]. From there
//! the parts are: `host` (what the page says and what it is told), `state` (the account's progress,
//! folded by `journey`), `telemetry` (the outbox that loses nothing), `checklist` (what a person
//! sees), with `ui` and `i18n` below it. Dropping the widget ends every listener and timer it has.

mod browser;
mod checklist;
mod host;
mod i18n;
mod state;
mod telemetry;
mod ui;
mod wire;

use std::rc::Rc;

use js_sys::{Array, Function};
use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use wasm_bindgen::prelude::*;

use browser::Page;
use host::Host;
use state::State;

/// The running widget; the loader owns it.
#[wasm_bindgen]
pub struct Widget {
    host: Rc<Host>,
    _view: UnmountHandle<AnyViewState>,
}

#[wasm_bindgen]
impl Widget {
    /// Takes over the shadow root that the loader made.
    #[wasm_bindgen(constructor)]
    pub fn new(page: Page) -> Self {
        let page = Rc::new(page);
        end_on_panic(&page);
        let inside = browser::element("div");
        let owner = Owner::new();
        let (host, view) = owner.with(|| {
            let state = State::new(&page);
            let host = Host::new(Rc::clone(&page), state);
            let view = mount_to(inside.clone(), move || checklist::checklist(state));
            (host, view)
        });
        browser::replace_launcher(&page, &inside);
        Self { host, _view: view }
    }

    /// Runs a call of the page, such as `track`; `settle` resolves its promise.
    pub fn call(&self, method: &str, args: Array, settle: Option<Function>) {
        self.host.call(method, &args, settle);
    }

    /// Everything that was called before has been handed over: find out who is there.
    pub fn begin(&self) {
        self.host.begin();
    }

    /// Ends the widget; the loader removes its element.
    pub fn destroy(self) {}
}

/// A panic ends the module for good, so the loader shows the basic panel in its place.
fn end_on_panic(page: &Rc<Page>) {
    let fallback = page.fallback();
    // A hook must be `Send`; this module has one thread, so the function stays where it is.
    let fallback = send_wrapper(fallback);
    std::panic::set_hook(Box::new(move |info| {
        let _ = fallback(&info.to_string());
    }));
}

fn send_wrapper(function: Function) -> impl Fn(&str) -> Result<JsValue, JsValue> + Send + Sync {
    let function = StoredValue::new_local(function);
    move |what| {
        let function = function.try_get_value().ok_or(JsValue::NULL)?;
        function.call2(&JsValue::NULL, &"crash".into(), &what.into())
    }
}
