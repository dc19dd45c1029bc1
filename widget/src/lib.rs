//! The in-app widget.
//!
//! The loader makes the shadow root and the launcher, then hands both over to [`Widget`]. From there
//! the rooms are: `host` (what the page says and what it is told), `state` (who is there, and the account's
//! progress), `activity` (what is done after the first look: the fold by `journey`, news, and the outbox of
//! `telemetry` that loses nothing), `checklist` (what a person sees), with `ui` and `i18n` below it. `part` is the seam to what is fetched later. Dropping the
//! widget ends every listener and timer it has. Reasons: `docs/decisions/0012-parts.md`.

mod activity;
mod browser;
mod card;
mod chat;
mod checklist;
mod host;
mod i18n;
mod js;
mod part;
mod prompts;
mod state;
mod telemetry;
mod ui;
mod wire;

#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use std::rc::Rc;

use any_spawner::Executor;
use js_sys::{Array, Function};
use reactive_graph::effect::RenderEffect;
use reactive_graph::owner::Owner;
use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;
use tachys::prelude::*;
use tachys::view::any_view::AnyViewState;
use wasm_bindgen::prelude::*;

use browser::{Bridge, Page};
use host::Host;
use part::{CoreEvent, Name};
use state::State;

/// Uses signals and effects once, a step of its own before there is a widget: a browser compiles each
/// function at its first call.
#[wasm_bindgen]
pub fn warm() {
    // It may be there already, from a widget that was destroyed.
    let _ = Executor::init_wasm_bindgen();
    let owner = Owner::new();
    owner.with(|| {
        let signal = RwSignal::new(false);
        let _effect = RenderEffect::new(move |_| signal.get());
        signal.set(true);
    });
    owner.cleanup();
}

/// The running widget; the loader owns it.
#[wasm_bindgen]
pub struct Widget {
    page: Rc<Page>,
    state: State,
    host: Rc<Host>,
    view: Option<AnyViewState>,
    owner: Owner,
}

#[wasm_bindgen]
impl Widget {
    /// What runs behind the checklist. It and [`Self::mount`] are two steps, because the page may have
    /// the main thread between them: a browser compiles each function at its first call.
    #[wasm_bindgen(constructor)]
    pub fn new(page: Page, bridge: Bridge) -> Self {
        let page = Rc::new(page);
        end_on_panic(&page);
        let owner = Owner::new();
        let (state, host) = owner.with(|| {
            let state = State::new(&page, bridge);
            (state, Host::new(Rc::clone(&page), state))
        });
        Self { page, state, host, view: None, owner }
    }

    /// Takes over the shadow root that the loader made.
    pub fn mount(&mut self) {
        let mut view = self.owner.with(|| checklist::checklist(self.state).build());
        // Only what every node can do is asked of the root.
        view.mount(self.page.root().unchecked_ref(), None);
        browser::replace_launcher(&self.page);
        self.view = Some(view);
        self.state.bring(Name::Panel);
    }

    /// Runs a call of the page, such as `track`; `settle` resolves its promise.
    pub fn call(&self, method: &str, args: Array, settle: Option<Function>) {
        self.owner.with(|| self.host.call(method, &args, settle));
    }

    /// Everything that was called before has been handed over: find out who is there.
    pub fn begin(&self) {
        self.owner.with(|| self.host.begin());
    }

    /// Panics in a part, for the test of crashes.
    #[cfg(feature = "panic-drill")]
    pub fn drill(&self, part: &str) {
        self.owner.with(|| self.state.drill(part));
    }

    /// Ends the widget; the loader removes its element.
    pub fn destroy(mut self) {
        self.state.publish(CoreEvent::Leaving);
        if let Some(view) = &mut self.view {
            view.unmount();
        }
        self.owner.cleanup();
    }
}

/// A panic ends the module for good, so the loader shows the basic panel in its place.
fn end_on_panic(page: &Rc<Page>) {
    // A hook must be `Send`; this module has one thread, where the page stays. The hook outlives the
    // widget, and must not keep the page with it.
    let page = send_wrapper::SendWrapper::new(Rc::downgrade(page));
    std::panic::set_hook(Box::new(move |info| {
        if let Some(page) = page.upgrade() {
            // Nothing is left that could handle a failure here.
            let _ = page.fallback().call2(&JsValue::NULL, &"crash".into(), &info.to_string().into());
        }
    }));
}
