//! Timers that end when they are dropped.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/browser.js")]
extern "C" {
    fn start(run: &JsValue, millis: u32, again: bool) -> i32;
    fn stop(timer: i32, again: bool);
    #[wasm_bindgen(js_name = sleep)]
    fn pause(millis: u32) -> JsValue;
    fn frame(run: &JsValue);
    #[wasm_bindgen(js_name = whenIdle)]
    fn idle(run: &JsValue);
}

/// Runs something once, unless it is dropped before.
pub struct Timeout {
    _timer: Timer,
}

/// Runs something again and again until it is dropped.
pub struct Interval {
    _timer: Timer,
}

struct Timer {
    id: i32,
    again: bool,
    _run: Closure<dyn FnMut(JsValue)>,
}

impl Timeout {
    /// Runs after so many milliseconds.
    pub fn new(millis: u32, run: impl FnOnce() + 'static) -> Self {
        Self { _timer: Timer::once(millis, Box::new(run)) }
    }
}

impl Interval {
    /// Runs every so many milliseconds.
    pub fn new(millis: u32, run: impl FnMut() + 'static) -> Self {
        Self { _timer: Timer::new(millis, true, Box::new(run)) }
    }
}

impl Timer {
    fn new(millis: u32, again: bool, mut run: Box<dyn FnMut()>) -> Self {
        let run: Closure<dyn FnMut(JsValue)> = Closure::new(move |_| run());
        Self { id: start(run.as_ref(), millis, again), again, _run: run }
    }

    fn once(millis: u32, run: Box<dyn FnOnce()>) -> Self {
        let mut run = Some(run);
        let run = move || {
            if let Some(run) = run.take() {
                run();
            }
        };
        Self::new(millis, false, Box::new(run))
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        stop(self.id, self.again);
    }
}

/// Is ready after so many milliseconds.
pub async fn sleep(millis: u32) {
    let _ = lazy::settled(&pause(millis)).await;
}

/// Runs in the next frame; never on a page that is not drawn.
pub fn next_frame(run: impl FnOnce() + 'static) {
    frame(&once(Box::new(run)));
}

/// Runs when the page has nothing else to do.
pub fn when_idle(run: impl FnOnce() + 'static) {
    idle(&once(Box::new(run)));
}

/// One function for closures of all types: each type of its own costs a browser some hundred bytes.
fn once(run: Box<dyn FnOnce()>) -> JsValue {
    Closure::once_into_js(move |_: JsValue| run())
}
