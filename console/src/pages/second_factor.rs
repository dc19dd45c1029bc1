//! A section of the security page: turns the codes of an authenticator on and off.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::console::TotpSetup;
use web_sys::SubmitEvent;

use crate::api::{ApiError, account};
use crate::context::current_texts;
use crate::i18n::Texts;

/// Turning on takes the password, then the authenticator's first code; turning off takes one more code.
#[component]
pub fn SecondFactor(
    /// Whether codes are asked for at sign-in.
    is_on: bool,
    /// Runs when that has changed.
    on_changed: Callback<()>,
) -> impl IntoView {
    let texts = current_texts();
    let setup = RwSignal::new(None::<TotpSetup>);
    let asks_code = RwSignal::new(false);
    // The password first, then the code.
    let entered = RwSignal::new(String::new());
    let error = RwSignal::new(None::<&'static str>);
    let fail = move |refused: ApiError| {
        // The page may be gone by now.
        let _ = error.try_set(Some(refused.sentence(texts).unwrap_or(texts.failed)));
    };
    let begin = move |event: SubmitEvent| {
        event.prevent_default();
        error.set(None);
        if is_on {
            return asks_code.set(true);
        }
        let password = entered.get_untracked();
        spawn_local(async move {
            match account::begin_second_factor(password).await {
                Ok(reply) => {
                    setup.set(Some(reply));
                    entered.set(String::new());
                    asks_code.set(true);
                }
                Err(refused) => fail(refused),
            }
        });
    };
    let give = move |event: SubmitEvent| {
        event.prevent_default();
        error.set(None);
        let code = entered.get_untracked();
        spawn_local(async move {
            let done = match is_on {
                true => account::remove_second_factor(code).await,
                false => account::confirm_second_factor(code).await,
            };
            match done {
                Ok(()) => drop(on_changed.try_run(())),
                Err(refused) => fail(refused),
            }
        });
    };
    // An unattended browser must not change sign-in settings, so turning on asks for the password again.
    let password = move || (!is_on).then(|| input(texts.password, Kind::Password, entered));
    let code = move || Some(input(texts.code, Kind::Code, entered));
    move || {
        if asks_code.get() {
            let press = if is_on { texts.codes_end } else { texts.codes_confirm };
            view! {
                {setup.get().map(|setup| authenticator(texts, setup))}
                {form(code(), press, error, give)}
            }
            .into_any()
        } else {
            let press = if is_on { texts.codes_end } else { texts.codes_begin };
            form(password(), press, error, begin).into_any()
        }
    }
}

/// A form with at most one input, where a refusal stands above the button.
fn form(
    input: Option<AnyView>,
    press: &'static str,
    error: RwSignal<Option<&'static str>>,
    submit: impl Fn(SubmitEvent) + 'static,
) -> impl IntoView {
    view! {
        <form class="give" on:submit=submit>
            {input}
            <p class="wrong" role="alert">{move || error.get()}</p>
            <button type="submit" class="action">{press}</button>
        </form>
    }
}

/// What an input takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Password,
    Code,
}

fn input(label: &'static str, kind: Kind, entered: RwSignal<String>) -> AnyView {
    let [type_, complete] = match kind {
        Kind::Password => ["password", "current-password"],
        Kind::Code => ["text", "one-time-code"],
    };
    let is_code = kind == Kind::Code;
    view! {
        <label>
            {label}
            <input type=type_ autocomplete=complete required=true inputmode=is_code.then_some("numeric")
                maxlength=is_code.then_some("8")
                on:input=move |event| entered.set(event_target_value(&event)) />
        </label>
    }
    .into_any()
}

/// The secret for the authenticator, as a QR code and as text.
fn authenticator(texts: &'static Texts, setup: TotpSetup) -> impl IntoView {
    let (path, size) = setup.qr_code;
    view! {
        <p>{texts.codes_scan}</p>
        // A QR code needs a quiet edge of four dots (ISO/IEC 18004).
        <svg class="qr" role="img" aria-label=texts.codes viewBox=format!("-4 -4 {0} {0}", size + 8)>
            <path d=path></path>
        </svg>
        <p class="facts">{texts.codes_type} " " <code translate="no">{setup.secret}</code></p>
    }
}
