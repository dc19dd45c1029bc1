//! The outbox on the device: the database, and what lies beside it.

use std::rc::{Rc, Weak};

use lazy::{settled, spawn_local};

use super::Inner;
use crate::browser::{self, Db};
use crate::i18n::concat;
use crate::telemetry::News;
use crate::telemetry::early;
use crate::ui::sleep;
use crate::wire::Json;

/// Opens the database when that was not done, and adds what the owner left in it and outside it. The page may have
/// the main thread first.
pub(super) async fn load_pending(weak: &Weak<Inner>) {
    sleep(0).await;
    let Some(open) = weak.upgrade().map(|inner| inner.db.borrow().clone()) else { return };
    let db = match open {
        Some(db) => Some(db),
        None => Db::open().await.ok(),
    };
    let Some(inner) = weak.upgrade() else {
        // The widget ended while the database was opened.
        return db.iter().for_each(Db::close);
    };
    let owner = inner.owner.borrow().clone();
    if let Some(db) = db {
        if inner.db.borrow().is_none() {
            *inner.db.borrow_mut() = Some(db.clone());
            inner.keep_all();
        }
        let kept = db.load(&owner).await;
        if *inner.owner.borrow() == owner {
            inner.take_up(kept);
        }
    } else {
        inner.note_degraded();
    }
    if *inner.owner.borrow() == owner {
        inner.take_early(&owner);
    }
    if inner.damaged.take() {
        (inner.notify)(News::Storage("storage_damaged"));
    }
    inner.drop_excess();
    inner.schedule(0);
}

impl Inner {
    /// Takes over what happened before the outbox was there, on this page or one that ended too soon.
    fn take_early(self: &Rc<Self>, owner: &str) {
        let early = browser::recall_all(&early::prefix(owner));
        early.iter().for_each(|(id, event)| self.keep(id, event));
        self.take_up(early);
    }

    /// Takes up what was kept. What cannot be read is set aside, so that it is in nobody's way.
    fn take_up(&self, kept: Vec<(String, String)>) {
        for (id, event) in kept {
            let kind: Option<String> = Json::parse(&event).and_then(|event| event.get("kind"));
            if let Some(kind) = kind {
                self.queue.borrow_mut().add(id, &kind, event);
                continue;
            }
            browser::remember(&concat(&["tabiji:damaged:", &id]), Some(&event));
            self.forget(&[id]);
            self.damaged.set(true);
        }
    }

    /// Takes events off the device.
    pub(super) fn forget(&self, ids: &[String]) {
        if let (Some(db), false) = (&*self.db.borrow(), ids.is_empty()) {
            db.delete(ids);
        }
        let owner = self.owner.borrow();
        ids.iter().for_each(|id| browser::remember(&early::key(&owner, id), None));
    }

    pub(super) fn keep(self: &Rc<Self>, id: &str, event: &str) {
        let Some(db) = self.db.borrow().clone() else {
            // Until the database is open, or where there is none.
            return early::keep(&self.owner.borrow(), id, event);
        };
        let kept = db.put(id, &self.owner.borrow(), event);
        let early = early::key(&self.owner.borrow(), id);
        let weak = Rc::downgrade(self);
        spawn_local(async move {
            let is_kept = match kept {
                Ok(kept) => settled(&kept).await.is_ok(),
                Err(_) => false,
            };
            if is_kept {
                browser::remember(&early, None);
            } else if let Some(inner) = weak.upgrade() {
                inner.note_degraded();
            }
        });
    }

    /// Storage is refused or full, or the database was closed: events are in memory and are sent from there.
    fn note_degraded(&self) {
        if !self.degraded.replace(true) {
            (self.notify)(News::Storage("storage_degraded"));
        }
    }

    /// Writes down what came before the database was open.
    fn keep_all(self: &Rc<Self>) {
        self.queue.borrow().all().for_each(|(id, event)| self.keep(id, event));
    }
}
