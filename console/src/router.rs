//! What is shown at each address of the console.
//!
//! The collector answers every address below `/console` with the same page (`server/src/web/assets.rs`), so each
//! can be bookmarked; moving between them loads nothing. What stands in the query, such as `?lang=en`, goes
//! along.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::{OptionalParamSegment, StaticSegment, path};

use crate::api::Site;
use crate::context::current_texts;
use crate::inbox::Inbox;
use crate::pages::{Clips, Help, Integration, Journey, SecurityPage};

/// The page at the current address. The last route takes every other one: what the router calls a fallback has no
/// owner of its own, so its signals would go with the next change of the address, be it only after the `#`.
#[component]
pub fn Pages() -> impl IntoView {
    let journey = || at_site(|| view! { <Journey /> }.into_any());
    view! {
        <FlatRoutes fallback=|| ()>
            <Route path=path!("/console") view=journey />
            <Route
                path=(StaticSegment("console"), StaticSegment("inbox"), OptionalParamSegment("conversation"))
                view=|| at_site(|| view! { <Inbox /> }.into_any())
            />
            <Route path=path!("/console/clips") view=|| at_site(|| view! { <Clips /> }.into_any()) />
            <Route path=path!("/console/help") view=|| at_site(|| view! { <Help /> }.into_any()) />
            <Route path=path!("/console/integration") view=|| at_site(|| view! { <Integration /> }.into_any()) />
            <Route path=path!("/console/security") view=SecurityPage />
            <Route path=path!("/*unknown") view=journey />
        </FlatRoutes>
    }
}

/// A page that shows one site.
fn at_site(page: fn() -> AnyView) -> impl IntoView {
    let texts = current_texts();
    if use_context::<Site>().is_some() {
        return page();
    }
    view! {
        <h1>{texts.no_sites_title}</h1>
        <p>{texts.no_sites_text}</p>
    }
    .into_any()
}
