//! The whole console: the sign-in page, or the pages behind it.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::Router;
use protocol::console::SignedInOperator;

use crate::api::{ApiError, account};
use crate::base::base_path;
use crate::context::{Language, Session, current_texts};
use crate::layout::Layout;
use crate::pages::SignInPage;

/// How often a collector that did not answer is asked again.
const RETRY_INTERVAL: Duration = Duration::from_secs(5);

/// Whether a person is signed in.
#[derive(Clone, PartialEq)]
enum AuthState {
    /// The collector has not answered yet.
    Unknown,
    /// The collector could not be asked.
    Unreachable,
    /// Nobody is signed in.
    SignedOut,
    /// This person is signed in.
    SignedIn(SignedInOperator),
}

/// The console in the reader's language.
#[component]
pub fn App() -> impl IntoView {
    let language = Language::of_page();
    if let Some(root) = document().document_element() {
        // An attribute of our own page: this cannot fail.
        let _ = root.set_attribute("lang", language.locale);
    }
    provide_context(language);
    view! {
        <Router base=base_path()>
            <Authenticated />
        </Router>
    }
}

/// The pages for the person who is signed in, or the sign-in page.
#[component]
fn Authenticated() -> impl IntoView {
    let auth = RwSignal::new(AuthState::Unknown);
    let check = move || {
        spawn_local(async move {
            let answer = match account::viewer().await {
                Ok(viewer) => AuthState::SignedIn(viewer),
                Err(ApiError::SignedOut) => AuthState::SignedOut,
                Err(_) => AuthState::Unreachable,
            };
            // The same answer again leaves the page, and the focus in it, as it is.
            if auth.get_untracked() != answer {
                auth.set(answer);
            }
        });
    };
    check();
    let leave = Callback::new(move |()| auth.set(AuthState::SignedOut));
    move || match auth.get() {
        AuthState::Unknown => ().into_any(),
        AuthState::Unreachable => view! { <Unreachable on_retry=check /> }.into_any(),
        AuthState::SignedOut => view! { <SignInPage on_signed_in=check /> }.into_any(),
        AuthState::SignedIn(viewer) => {
            provide_context(Session::new(viewer, leave));
            view! { <Layout /> }.into_any()
        }
    }
}

/// What stands on the page while the collector does not answer; it asks again by itself.
#[component]
fn Unreachable(
    /// Asks again.
    on_retry: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let texts = current_texts();
    if let Ok(interval) = set_interval_with_handle(on_retry, RETRY_INTERVAL) {
        on_cleanup(move || interval.clear());
    }
    view! {
        <main class="door">
            <p class="brand" translate="no">"旅路 "<span>"Tabiji"</span></p>
            <div class="failed">
                <p role="alert">{texts.failed}</p>
                <button type="button" class="plain" on:click=move |_| on_retry()>{texts.retry}</button>
            </div>
        </main>
    }
}
