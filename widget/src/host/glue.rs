//! What the page's glue calls: guides and questions report here, and say where the focus goes.

use protocol::backend::FactValue;
use protocol::ids::StepId;
use protocol::widget::EventKind;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;

use crate::browser::Page;
use crate::state::{Data, State};
use crate::wire::{Json, Read};

/// Functions that the page's glue calls, for as long as this lives.
pub struct Glue {
    _tell: Closure<dyn Fn(String, String, JsValue)>,
    _routed: Closure<dyn Fn()>,
    _closed: Closure<dyn Fn(bool)>,
}

impl Glue {
    /// Joins the two; `routed` hears that the page's address may have changed.
    pub fn new(page: &Page, state: State, routed: impl Fn() + 'static) -> Self {
        let tell: Closure<dyn Fn(String, String, JsValue)> = Closure::new(move |kind: String, step, data| {
            let told = Json::of(data).pairs().into_iter();
            let data: Data =
                told.filter_map(|(name, value)| Some((name, FactValue::read(&value)?))).collect();
            let step = StepId(step);
            match EventKind::from(kind.as_str()) {
                EventKind::StepSnoozed => state.promise(&step, data),
                kind => state.happened(kind, Some(&step).filter(|step| !step.as_str().is_empty()), data),
            }
        });
        let closed: Closure<dyn Fn(bool)> = Closure::new(move |focused| {
            if focused {
                crate::ui::focus(state, ".launcher");
            }
        });
        let routed: Closure<dyn Fn()> = Closure::new(routed);
        page.set_tell(tell.as_ref());
        page.set_routed(routed.as_ref());
        page.set_closed(closed.as_ref());
        Self { _tell: tell, _routed: routed, _closed: closed }
    }
}
