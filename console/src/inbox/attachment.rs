//! A file beside an answer: brought when it is chosen, sent with the words.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{ConversationId, File, FileAsk, FilePlace};
use web_sys::HtmlInputElement;

use super::conversation::fresh_id;
use super::state::Desk;
use crate::api;
use crate::i18n::fill;

/// The file that goes with the next answer; a handle.
#[derive(Clone, Copy)]
pub struct Bring {
    desk: Desk,
    /// The file, when it is whole.
    pub file: RwSignal<Option<File>>,
    /// How much of it is there, in percent, while it is on its way.
    percent: RwSignal<Option<u32>>,
    wrong: RwSignal<Option<&'static str>>,
    /// Counts what was chosen: only the last one counts.
    chosen: StoredValue<u32>,
}

impl Bring {
    /// None yet.
    pub fn new(desk: Desk) -> Self {
        Self {
            desk,
            file: RwSignal::new(None),
            percent: RwSignal::new(None),
            wrong: RwSignal::new(None),
            chosen: StoredValue::new(0),
        }
    }

    /// Whether it is not whole yet.
    pub fn is_on_its_way(self) -> bool {
        self.percent.get().is_some()
    }

    /// It was sent, or is not wanted.
    pub fn forget(self) {
        self.chosen.update_value(|chosen| *chosen += 1);
        self.file.set(None);
        self.percent.set(None);
        self.wrong.set(None);
    }

    fn choose(self, blob: web_sys::File) {
        self.forget();
        let Some(c) = self.desk.chosen.get_untracked() else { return };
        let number = self.chosen.get_value();
        self.percent.set(Some(0));
        spawn_local(async move {
            let done = self.bring(c, &blob, number).await;
            if self.chosen.try_get_value() != Some(number) {
                return;
            }
            self.percent.set(None);
            match done {
                Ok(file) => self.file.set(Some(file)),
                Err(tag) => self.wrong.set(Some(match tag.as_str() {
                    "bad_file" => self.desk.texts.file_bad,
                    "too_large" => self.desk.texts.file_large,
                    "files_full" => self.desk.texts.file_full,
                    _ => self.desk.texts.not_sent,
                })),
            }
        });
    }

    async fn bring(self, c: ConversationId, blob: &web_sys::File, number: u32) -> Result<File, String> {
        let size = blob.size();
        let ask = FileAsk { id: fresh_id(), name: blob.name(), size: size as u64, ..FileAsk::default() };
        let FilePlace { to, piece, mut at } = api::place(&self.desk.site(), c, &ask).await?;
        while at.file.is_none() {
            if self.chosen.try_get_value() != Some(number) {
                // What is not wanted takes no room.
                let _ = api::drop_file(&to).await;
                return Err(String::new());
            }
            let from = at.at as f64;
            let part = blob.slice_with_f64_and_f64(from, (from + piece as f64).min(size));
            at = api::piece(&to, at.at, &part.map_err(|_| "failed")?).await?;
            let _ = self.percent.try_set(Some((at.at as f64 * 100.0 / size) as u32));
        }
        at.file.ok_or_else(String::new)
    }

    /// The field, and what becomes of what was chosen.
    pub fn view(self) -> impl IntoView {
        let texts = self.desk.texts;
        let choose = move |event: web_sys::Event| {
            let field = event_target::<HtmlInputElement>(&event);
            if let Some(file) = field.files().and_then(|files| files.get(0)) {
                self.choose(file);
            }
            field.set_value("");
        };
        view! {
            <label class="attach plain">
                {texts.attach}
                <input type="file" on:change=choose />
            </label>
            {move || {
                let name = self.file.with(|file| file.as_ref().map(|file| file.name.clone()))?;
                Some(view! {
                    <button
                        type="button"
                        class="mark"
                        aria-label=fill(texts.file_remove, &[("name", &name)])
                        on:click=move |_| self.forget()
                    >
                        {name.clone()}
                        " ×"
                    </button>
                })
            }}
            <span class="facts" role="status">
                {move || self.percent.get().map(|percent| format!("{percent} %"))}
            </span>
            <span class="wrong" role="alert">{move || self.wrong.get()}</span>
        }
    }
}
