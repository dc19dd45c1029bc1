//! What a message shows the customer with one press: a place on the screen, or a clip from a moment on.

use leptos::prelude::*;
use protocol::chat::ClipMoment;
use protocol::ids::StepId;

use crate::inbox::state::inbox;

/// The step or clip that goes with the next message; a handle.
#[derive(Clone, Copy)]
pub struct Attached {
    /// `step:ID` or `clip:ID`; empty for none.
    target: RwSignal<String>,
    /// The second at which a clip begins.
    from: RwSignal<u32>,
}

impl Attached {
    /// Begins with none.
    pub fn new() -> Self {
        Self { target: RwSignal::new(String::new()), from: RwSignal::new(0) }
    }

    /// Returns the clip.
    pub fn clip(self) -> Option<ClipMoment> {
        let target = self.target.get_untracked();
        let clip = target.strip_prefix("clip:")?.to_owned();
        Some(ClipMoment { clip, from: self.from.get_untracked() })
    }

    /// Returns the step.
    pub fn step(self) -> Option<StepId> {
        self.target.get_untracked().strip_prefix("step:").map(StepId::from)
    }

    /// Goes back to none.
    pub fn clear(self) {
        self.target.set(String::new());
        self.from.set(0);
    }
}

/// Chooses a step or a clip; nothing is shown where the site has neither.
#[component]
pub fn AttachSelect(attached: Attached) -> impl IntoView {
    let inbox = inbox();
    let texts = inbox.agent.texts;
    let Attached { target, from } = attached;
    let option = |value: String, title: String| view! { <option value=value>{title}</option> };
    let known = Memo::new(move |_| inbox.options.with(|known| (known.steps.clone(), known.clips.clone())));
    move || {
        let (steps, clips) = known.get();
        if steps.is_empty() && clips.is_empty() {
            return None;
        }
        let steps = steps.into_iter().map(|(id, title)| option(["step:", id.as_str()].concat(), title));
        let clips = clips.into_iter().map(|(id, title, _)| option(["clip:", &id].concat(), title));
        Some(view! {
            <div class="pointer">
                <label>
                    {texts.pointer}
                    <select prop:value=move || target.get() on:change=move |event| target.set(event_target_value(&event))>
                        <option value="">{texts.pointer_none}</option>
                        <optgroup label=texts.pointer_steps>{steps.collect_view()}</optgroup>
                        <optgroup label=texts.pointer_clips>{clips.collect_view()}</optgroup>
                    </select>
                </label>
                {move || target.with(|target| target.starts_with("clip:")).then(|| view! {
                    <label>
                        {texts.from_second}
                        <input
                            type="number"
                            min="0"
                            max="300"
                            prop:value=move || from.get().to_string()
                            on:change=move |event| from.set(event_target_value(&event).parse().unwrap_or_default())
                        />
                    </label>
                })}
            </div>
        })
    }
}
