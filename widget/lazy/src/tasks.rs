//! Futures that run in the background, and promises as futures.
//!
//! The usual crate compiles the running of a future again for each type of future, and can suspend the caller's stack,
//! which nothing here needs: with it the main module is some kilobytes larger.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/tasks.js")]
extern "C" {
    fn soon(run: &JsValue);
    fn watch(promise: &JsValue, run: &JsValue) -> JsValue;
    #[wasm_bindgen(catch)]
    fn outcome(seen: &JsValue) -> Result<JsValue, JsValue>;
}

/// Runs a future in the background; it begins with the next microtask.
pub fn spawn_local(future: impl Future<Output = ()> + 'static) {
    spawn(Box::pin(future));
}

/// Lets Leptos run its futures here.
pub fn start() {
    // It may be there already, from a widget that was destroyed.
    let _ = Executor::init_custom_executor(Tasks);
}

struct Tasks;

impl CustomExecutor for Tasks {
    fn spawn(&self, future: PinnedFuture<()>) {
        spawn(future);
    }

    fn spawn_local(&self, future: PinnedLocalFuture<()>) {
        spawn(future);
    }

    fn poll_local(&self) {}
}

struct Task {
    future: RefCell<Option<PinnedLocalFuture<()>>>,
    is_queued: Cell<bool>,
}

// SAFETY: WebAssembly without threads has one thread, so nothing is ever shared between two.
#[expect(unsafe_code, reason = "a waker asks for Send")]
unsafe impl Send for Task {}
// SAFETY: As above.
#[expect(unsafe_code, reason = "a waker asks for Sync")]
unsafe impl Sync for Task {}

/// Tasks that are to be polled with the next microtask.
struct Queue {
    waiting: RefCell<Vec<Arc<Task>>>,
    run: Closure<dyn FnMut(JsValue)>,
}

thread_local! {
    static QUEUE: Queue = Queue { waiting: RefCell::default(), run: Closure::new(|_| run_all()) };
}

fn spawn(future: PinnedLocalFuture<()>) {
    let task = Task { future: RefCell::new(Some(future)), is_queued: Cell::default() };
    Arc::new(task).wake();
}

fn run_all() {
    let tasks = QUEUE.with(|queue| queue.waiting.take());
    for task in tasks {
        task.is_queued.set(false);
        let waker = Waker::from(Arc::clone(&task));
        let mut future = task.future.borrow_mut();
        if let Some(running) = &mut *future
            && running.as_mut().poll(&mut Context::from_waker(&waker)).is_ready()
        {
            *future = None;
        }
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        if self.is_queued.replace(true) {
            return;
        }
        QUEUE.with(|queue| {
            let mut waiting = queue.waiting.borrow_mut();
            waiting.push(self);
            if waiting.len() == 1 {
                soon(queue.run.as_ref());
            }
        });
    }
}

/// A promise as a future: its value, or what it was rejected with. Any other value is ready at once.
pub struct Settled {
    seen: JsValue,
    state: Rc<State>,
}

#[derive(Default)]
struct State {
    is_there: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

/// Waits for a promise.
pub fn settled(promise: &JsValue) -> Settled {
    let state = Rc::new(State::default());
    let kept = Rc::clone(&state);
    // A promise calls once or never.
    let run = Closure::once_into_js(move |_: JsValue| {
        kept.is_there.set(true);
        if let Some(waker) = kept.waker.take() {
            waker.wake();
        }
    });
    Settled { seen: watch(promise, &run), state }
}

impl Future for Settled {
    type Output = Result<JsValue, JsValue>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.state.is_there.get() {
            return Poll::Ready(outcome(&self.seen));
        }
        *self.state.waker.borrow_mut() = Some(context.waker().clone());
        Poll::Pending
    }
}
