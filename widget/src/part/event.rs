//! What the core reports to its parts, and subscriptions that end with their part.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

/// Something that concerns more than one room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoreEvent {
    /// A session's reply was taken up: flow, progress, and who is there are new.
    SessionLoaded,
    /// The collector reported other progress or other names.
    ProgressChanged,
    /// The collector answers again.
    CollectorIsBack,
    /// The page's address may have changed.
    RouteChanged,
    /// The same person has another token.
    TokenChanged,
    /// A person came, after `OwnerChanged` when another person was there before. The session is still to be loaded.
    OwnerEntered,
    /// Another person is there, or nobody: what belongs to the last person goes, and nothing is sent in their name.
    OwnerChanged,
    /// The panel was opened.
    PanelOpened,
    /// The panel was closed.
    PanelClosed,
    /// A card was taken away; the place is free.
    CardClosed,
    /// A guide began, or goes on where the person stood.
    GuideStarted,
    /// A guide is over.
    GuideEnded,
    /// The widget ends.
    Leaving,
}

type Listener = Rc<dyn Fn(CoreEvent)>;

/// Carries events to everybody who subscribed, in the order of subscription.
#[derive(Default)]
pub struct Bus {
    listeners: RefCell<Vec<(u32, Listener)>>,
    next: Cell<u32>,
}

impl Bus {
    /// Calls `run` at every event for as long as the subscription lives.
    pub fn subscribe(self: &Rc<Self>, run: impl Fn(CoreEvent) + 'static) -> Subscription {
        let id = self.next.get();
        self.next.set(id + 1);
        self.listeners.borrow_mut().push((id, Rc::new(run)));
        Subscription { bus: Rc::downgrade(self), id }
    }

    fn take(&self, id: u32) -> Option<(u32, Listener)> {
        let mut listeners = self.listeners.borrow_mut();
        let at = listeners.iter().position(|(one, _)| *one == id)?;
        Some(listeners.remove(at))
    }

    /// Calls every listener. A listener may subscribe, end its subscription and publish in turn.
    pub fn publish(&self, event: CoreEvent) {
        let listeners = self.listeners.borrow().clone();
        for (id, run) in listeners {
            if self.listeners.borrow().iter().any(|(one, _)| *one == id) {
                run(event);
            }
        }
    }
}

/// Ends when it is dropped.
pub struct Subscription {
    bus: Weak<Bus>,
    id: u32,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(bus) = self.bus.upgrade() {
            // Taken out first and dropped after: a listener may own subscriptions, which end with it.
            let ended = bus.take(self.id);
            drop(ended);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_dropped_subscription_is_called_no_more_even_in_the_middle_of_an_event() {
        let (bus, count) = (Rc::new(Bus::default()), Rc::new(Cell::new(0)));
        let second: Rc<RefCell<Option<Subscription>>> = Rc::default();
        let (ends, counts) = (Rc::clone(&second), Rc::clone(&count));
        let _first = bus.subscribe(move |_| drop(ends.take()));
        *second.borrow_mut() = Some(bus.subscribe(move |_| counts.set(counts.get() + 1)));
        bus.publish(CoreEvent::PanelOpened);
        bus.publish(CoreEvent::PanelOpened);
        assert_eq!(count.get(), 0);
    }

    #[wasm_bindgen_test]
    fn a_listener_may_publish_and_subscribe() {
        let (bus, heard) = (Rc::new(Bus::default()), Rc::new(RefCell::new(Vec::new())));
        let (again, list) = (Rc::downgrade(&bus), Rc::clone(&heard));
        let kept: RefCell<Vec<Subscription>> = RefCell::default();
        let _one = bus.subscribe(move |event| {
            list.borrow_mut().push(event);
            if event == CoreEvent::GuideEnded
                && let Some(bus) = again.upgrade()
            {
                kept.borrow_mut().push(bus.subscribe(|_| ()));
                bus.publish(CoreEvent::CardClosed);
            }
        });
        bus.publish(CoreEvent::GuideEnded);
        assert_eq!(*heard.borrow(), [CoreEvent::GuideEnded, CoreEvent::CardClosed]);
    }
}
