//! The layout around every page behind the sign-in: the menu, the site that is shown and who is signed in.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};

use crate::api::account;
use crate::context::{current_texts, session};
use crate::page::Page;
use crate::router::Pages;

/// Menu and page.
#[component]
pub fn Layout() -> impl IntoView {
    let texts = current_texts();
    announce_pages();
    view! {
        // The browser itself moves the focus there; the router would only scroll.
        <a class="skip" href="#main" rel="external">{texts.skip}</a>
        <div class="frame">
            <nav class="rail" aria-label="Tabiji">
                <p class="brand" translate="no">"旅路 "<span>"Tabiji"</span></p>
                <SiteSelect />
                <div class="pages">
                    <PageLink page=Page::Journey />
                    <PageLink page=Page::Inbox />
                    <PageLink page=Page::Clips />
                    <PageLink page=Page::Help />
                    <PageLink page=Page::Integration />
                </div>
                <Account />
            </nav>
            <main id="main" tabindex="-1">
                <Pages />
            </main>
        </div>
    }
}

/// Does what a browser does when it loads a page: the window has its title, and the focus goes to the page
/// that was opened.
fn announce_pages() {
    let texts = current_texts();
    let pathname = use_location().pathname;
    Effect::new(move |before: Option<Page>| {
        let page = Page::at(&pathname.get());
        if before != Some(page) {
            document().set_title(&[page.name(texts), " · Tabiji"].concat());
        }
        if before.is_some_and(|before| before != page) {
            focus_main();
        }
        page
    });
    on_cleanup(|| document().set_title("Tabiji"));
}

fn focus_main() {
    if let Some(main) = document().get_element_by_id("main") {
        // The menu stays in view, as it does when a page is loaded.
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        // An element of our own page: this cannot fail.
        let _ = main.unchecked_into::<HtmlElement>().focus_with_options(&options);
    }
}

/// Chooses the site that is shown.
#[component]
fn SiteSelect() -> impl IntoView {
    let (texts, session) = (current_texts(), session());
    let choices = session.sites().into_iter();
    let choices = choices.map(|(key, name)| view! { <option value=key>{name}</option> }).collect_view();
    view! {
        <label class="site">
            {texts.site}
            <select on:change=move |event| session.site.set(Some(event_target_value(&event).into()))>{choices}</select>
        </label>
    }
}

/// Who is signed in, and the way out.
#[component]
fn Account() -> impl IntoView {
    let (texts, session) = (current_texts(), session());
    let sign_out = move |_| {
        spawn_local(async move {
            // A session that has ended already is as good.
            let _ = account::sign_out().await;
            session.leave();
        });
    };
    view! {
        <div class="viewer">
            <span>{session.email().to_string()}</span>
            <PageLink page=Page::Security />
            <button type="button" class="plain" on:click=sign_out>{texts.sign_out}</button>
        </div>
    }
}

/// A link to a page; what stands in the query goes along.
#[component]
fn PageLink(page: Page) -> impl IntoView {
    let texts = current_texts();
    let location = use_location();
    let (pathname, search) = (location.pathname, location.search);
    let address = move || page.address(&search.get());
    let is_here = move || Page::at(&pathname.get()) == page;
    view! {
        <a class="page" href=address aria-current=move || is_here().then_some("page")>{page.name(texts)}</a>
    }
}
