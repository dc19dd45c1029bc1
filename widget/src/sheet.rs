//! The sheet on a phone: drawn down at its grip, it closes.

use std::cell::Cell;
use std::rc::Rc;

use web_sys::Event;

use crate::js;
use crate::ui::Tag;

/// Pixels from which a pull closes the sheet; less is a slip.
const FAR: f64 = 64.0;

/// Lets a sheet be drawn down at its head. Where it is no sheet, the browser takes the pull for scrolling.
pub fn drawn_down(head: Tag, close: Rc<dyn Fn()>) -> Tag {
    let begun = Rc::new(Cell::new(None));
    let (begins, moves, ends) = (Rc::clone(&begun), Rc::clone(&begun), begun);
    head.on("pointerdown", move |event| {
        let is_touch = js::text(event, "pointerType") == "touch";
        begins.set(is_touch.then(|| js::number(event, "clientY")));
    })
    .on("pointermove", move |event| follow(event, moves.get()))
    .on("pointercancel", |event| follow(event, None))
    .on("pointerup", move |event| {
        let from = ends.take();
        follow(event, None);
        if from.is_some_and(|from| js::number(event, "clientY") - from > FAR) {
            close();
        }
    })
}

/// Moves the sheet with the finger that began there, or back to its place.
fn follow(event: &Event, begun: Option<f64>) {
    // Whole pixels: words for fractions cost a page ten kilobytes.
    let by = begun.map_or(0, |begun| (js::number(event, "clientY") - begun) as u32);
    let sheet = js::get(&js::get(event, "currentTarget"), "parentElement");
    js::set(&js::get(&sheet, "style"), "translate", ["0 ", &by.to_string(), "px"].concat());
}
