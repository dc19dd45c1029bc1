//! Guides: which one runs, and where the person stands, on this device and on others. This is a part: it comes when a
//! person asks to be shown, or was in a guide when the page was left. What it decides is in `journey::guide`.
//! Reasons: `docs/decisions/0006-guide.md`.

mod card;
mod dom;
mod find;
mod hold;
mod layer;
mod names;
mod position;
mod refusal;
mod sight;
mod stops;
mod tabs;
mod texts;
mod tour;
mod watch;

use std::cell::Cell;
use std::rc::Rc;

use protocol::ids::StepId;

use crate::part::{CoreEvent, Guides, Subscription};
use crate::state::State;
use crate::ui::{CloneCell, Handle};
use position::Memory;
use tour::Tour;

/// The id of the layer in the page.
const LAYER: &str = "tabiji-guide";

/// Brings guides to a widget, and goes on where the person stood.
pub fn attach(state: State) -> Rc<dyn Guides> {
    let (running, subscription) = Default::default();
    let desk = Rc::new(Desk { state, memory: Memory::new(state), running, subscription });
    let handle = Handle::to(&desk);
    desk.subscription.set(state.subscribe(move |event| handle.with(|desk| desk.handle(event))));
    desk.resume();
    desk
}

/// The guides of one widget; one runs at a time.
struct Desk {
    state: State,
    memory: Rc<Memory>,
    running: CloneCell<Option<Rc<Tour>>>,
    subscription: Cell<Option<Subscription>>,
}

impl Desk {
    fn running(&self) -> Option<Rc<Tour>> {
        self.running.get().filter(|tour| !tour.is_over())
    }

    fn handle(&self, event: CoreEvent) {
        if matches!(event, CoreEvent::OwnerChanged | CoreEvent::Leaving) {
            self.running().iter().for_each(|tour| tour.forget());
            self.running.take();
            return;
        }
        if let Some(tour) = self.running() {
            match event {
                CoreEvent::SessionLoaded | CoreEvent::ProgressChanged => tour.news(),
                CoreEvent::RouteChanged => tour.route(),
                CoreEvent::PanelOpened | CoreEvent::PanelClosed | CoreEvent::CardClosed => tour.redraw(),
                _ => {}
            }
        } else if event == CoreEvent::SessionLoaded {
            self.resume();
        }
    }

    /// Goes on where the person stands, here or on whatever device was the last.
    fn resume(&self) {
        let session = self.state.session();
        if session.has("guide") {
            self.memory.take(session.field("guide"));
        }
        let position = self.memory.position();
        if position.stop() > 0 {
            self.begin(&StepId(position.step()), position.stop(), false);
        }
    }

    fn begin(&self, step: &StepId, stop: usize, wanted: bool) {
        if let Some(tour) = self.running() {
            tour.end("replaced");
        }
        let json = self.state.step_json(step);
        let tour = json.and_then(|json| Tour::begin(self.state, &self.memory, &json, stop, wanted));
        let event = if tour.is_some() { CoreEvent::GuideStarted } else { CoreEvent::GuideEnded };
        let concerns = tour.is_some() || wanted;
        self.running.set(tour);
        if concerns {
            self.state.publish(event);
        }
    }
}

impl Guides for Desk {
    fn show(&self, step: &StepId) {
        let position = self.memory.position();
        let stands = position.step() == step.as_str();
        self.begin(step, if stands { position.stop().max(1) } else { 1 }, true);
    }

    fn is_guiding(&self) -> bool {
        self.running().is_some()
    }

    #[cfg(feature = "panic-drill")]
    fn drill(&self) {
        panic!("a drill");
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // Listeners of what is about to go.
        self.subscription.take();
    }
}
