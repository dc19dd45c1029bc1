//! The in-app widget.
//!
//! The loader makes the shadow root and the launcher, then hands both over to [`Widget`]. From there
//! the rooms are: `host` (what the page calls and what it is notified of), `state` (who is there, and the account's
//! progress), `activity` (what is done after the first look: the fold by `journey`, news, and the outbox of
//! `telemetry` that loses nothing), `checklist` (what a person sees), with `ui` and `i18n` below it. `part` is the seam to what is fetched later,
//! and `load` fetches it. Dropping the widget ends every listener and timer it has. Reasons: `docs/decisions/0012-parts.md`.

mod activity;
mod backoff;
mod browser;
mod card;
mod chat;
mod checklist;
mod clips;
mod guide;
mod host;
mod i18n;
mod js;
mod load;
mod marks;
mod page;
mod part;
mod prompts;
mod state;
mod strip;
mod tabs;
mod telemetry;
mod ui;
mod wire;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static HEAP: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use reactive_graph::effect::RenderEffect;
use reactive_graph::owner::Owner;
use reactive_graph::prelude::*;
use reactive_graph::signal::ArcTrigger;
use wasm_bindgen::prelude::*;

use host::Host;
use page::{Bridge, Page};
use part::{CoreEvent, Name};
use state::State;

/// Uses signals and effects once, a step of its own before there is a widget: a browser compiles each
/// function at its first call.
#[wasm_bindgen]
pub fn warm() {
    lazy::start();
    let owner = Owner::new();
    owner.with(|| {
        let trigger = ArcTrigger::new();
        let changed = trigger.clone();
        let _effect = ui::effect(move || trigger.track());
        changed.notify();
    });
    owner.cleanup();
}

/// The running widget; the loader owns it.
#[wasm_bindgen]
pub struct Widget {
    page: Rc<Page>,
    state: State,
    host: Rc<Host>,
    view: Option<(RenderEffect<()>, checklist::Root)>,
    owner: Owner,
}

#[wasm_bindgen]
impl Widget {
    /// What runs behind the checklist. It and [`Self::mount`] are two steps, because the page may have
    /// the main thread between them: a browser compiles each function at its first call.
    #[wasm_bindgen(constructor)]
    pub fn new(page: JsValue, bridge: JsValue) -> Self {
        let page = Rc::new(Page(page));
        end_on_panic(&page);
        let owner = Owner::new();
        let (state, host) = owner.with(|| {
            let state = State::new(&page, Bridge(bridge), load::part);
            (state, Host::new(Rc::clone(&page), state))
        });
        Self { page, state, host, view: None, owner }
    }

    /// Takes over the shadow root that the loader made.
    pub fn mount(&mut self) {
        self.view = Some(self.owner.with(|| checklist::mount(self.state)));
        self.page.replace_launcher();
        self.state.bring(Name::Panel);
    }

    /// Runs a call of the page, such as `track`; `settle` resolves its promise.
    pub fn call(&self, method: &str, args: JsValue, settle: JsValue) {
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
    pub fn destroy(self) {
        self.state.publish(CoreEvent::Leaving);
        self.state.with(|context| context.bridge.end());
        if let Some((effect, root)) = self.view {
            drop(effect);
            root.unmount();
        }
        self.owner.cleanup();
        self.state.end();
    }
}

thread_local! {
    /// Who is called when the module panics. It outlives a widget, and must not keep the page with it.
    static PAGE: RefCell<Weak<Page>> = RefCell::default();
}

/// A panic ends the module for good, so the loader starts a fresh one or shows the basic panel in its place.
fn end_on_panic(page: &Rc<Page>) {
    PAGE.set(Rc::downgrade(page));
    std::panic::set_hook(Box::new(|info| {
        if let Some(page) = PAGE.with_borrow(Weak::upgrade) {
            page.fall_back("crash", &info.to_string());
        }
    }));
}
