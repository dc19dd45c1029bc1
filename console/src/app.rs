//! The whole console: the sign-in page, or the pages behind it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::Router;
use protocol::console::SignedInOperator;

use crate::api::account;
use crate::context::{Language, Session};
use crate::layout::Layout;
use crate::pages::SignInPage;

/// Whether a person is signed in.
#[derive(Clone, PartialEq)]
enum AuthState {
    /// The collector has not answered yet.
    Unknown,
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
        <Router>
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
            auth.set(account::viewer().await.map_or(AuthState::SignedOut, AuthState::SignedIn));
        });
    };
    check();
    let leave = Callback::new(move |()| auth.set(AuthState::SignedOut));
    move || match auth.get() {
        AuthState::Unknown => ().into_any(),
        AuthState::SignedOut => view! { <SignInPage on_signed_in=check /> }.into_any(),
        AuthState::SignedIn(viewer) => {
            provide_context(Session::new(viewer, leave));
            view! { <Layout /> }.into_any()
        }
    }
}
