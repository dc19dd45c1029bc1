//! The layout around every page behind the sign-in: the menu, the site that is shown and who is signed in.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};

use crate::api::{Site, account};
use crate::base::{link, use_path};
use crate::context::{current_texts, language, session};
use crate::inbox::{self, CommandPalette, ToastBar};
use crate::page::{Page, with_query};
use crate::router::Pages;

/// Menu and page.
#[component]
pub fn Layout() -> impl IntoView {
    let (texts, here) = (current_texts(), use_location());
    announce_pages();
    // The page has a base, below which the browser would look for `#main` alone.
    let main = move || [&with_query(&here.pathname.get(), &here.search.get()), "#main"].concat();
    view! {
        // The browser itself moves the focus there; the router would only scroll.
        <a class="skip" href=main rel="external">{texts.skip}</a>
        <div class="frame">
            <nav class="rail" aria-label="Tabiji">
                <p class="brand" translate="no">"旅路 "<span>"Tabiji"</span></p>
                <SiteSelect />
                <div class="pages">
                    <PageLink page=Page::Inbox />
                    <PageLink page=Page::Journey />
                    <PageLink page=Page::Clips />
                    <PageLink page=Page::Help />
                    <PageLink page=Page::Integration />
                </div>
                <Account />
            </nav>
            <main id="main" tabindex="-1">
                <SitePages />
            </main>
        </div>
    }
}

/// The pages of the site that is shown, set up again when another one is chosen. Its inbox is followed on every
/// page, so that no question is missed.
#[component]
fn SitePages() -> impl IntoView {
    let (locale, session) = (language().locale, session());
    move || match session.site.get() {
        Some(key) => {
            provide_context(Site { key, locale });
            inbox::follow_site();
            view! {
                <Pages />
                <CommandPalette />
                <ToastBar />
            }
            .into_any()
        }
        None => view! { <Pages /> }.into_any(),
    }
}

/// Does what a browser does when it loads a page: the window has its title, and the focus goes to the page
/// that was opened. The title also says how many conversations wait.
fn announce_pages() {
    let (texts, session) = (current_texts(), session());
    let path = use_path();
    let page = Memo::new(move |_| Page::at(&path.get()));
    Effect::new(move |_| {
        let n = session.waiting.get();
        let count = if n > 0 { format!("({n}) ") } else { String::new() };
        document().set_title(&[&count, page.get().name(texts), " · Tabiji"].concat());
    });
    Effect::new(move |before: Option<Page>| {
        if before.is_some_and(|before| before != page.get()) {
            focus_main();
        }
        // The mark of the page has moved by then.
        request_animation_frame(reveal_link);
        page.get()
    });
    on_cleanup(|| document().set_title("Tabiji"));
}

/// Brings the link of the page into view, where the menu is a row that scrolls.
fn reveal_link() {
    /// Pixels of the link before it that stay in view.
    const BEFORE: i32 = 40;
    let find = |selector: &str| document().query_selector(selector).ok().flatten();
    let (Some(menu), Some(link)) = (find(".rail"), find(".rail [aria-current]")) else { return };
    let link: HtmlElement = link.unchecked_into();
    let is_seen = link.offset_left() + link.offset_width() <= menu.client_width();
    menu.set_scroll_left(if is_seen { 0 } else { link.offset_left() - BEFORE });
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

/// Chooses the site that is shown; nothing where there is one only.
#[component]
fn SiteSelect() -> impl IntoView {
    let (texts, session) = (current_texts(), session());
    let (navigate, path, search) = (use_navigate(), use_path(), use_location().search);
    let sites = session.sites();
    let is_only_one = sites.len() < 2;
    let choices = sites.into_iter();
    let choices = choices
        .map(|(key, name)| {
            let is_shown = session.site.get_untracked().as_deref() == Some(key.as_str());
            view! { <option value=key selected=is_shown>{name}</option> }
        })
        .collect_view();
    let choose = move |event| {
        // Another site has other conversations.
        let page = Page::at(&path.get_untracked());
        navigate(&page.address(&search.get_untracked()), NavigateOptions::default());
        session.site.set(Some(event_target_value(&event).into()));
    };
    view! {
        <label class="site" class:single=is_only_one>
            {texts.site}
            <select on:change=choose>{choices}</select>
        </label>
    }
}

/// Who is signed in, and the way out.
#[component]
fn Account() -> impl IntoView {
    let (texts, session) = (current_texts(), session());
    let sign_out = move |_| {
        inbox::forget_drafts(&session.email());
        spawn_local(async move {
            // A session that has ended already is as good.
            let _ = account::sign_out().await;
            session.leave();
        });
    };
    view! {
        <div class="viewer">
            <span>{move || Some(session.name.get()).filter(|name| !name.is_empty()).unwrap_or_else(|| session.email().to_string())}</span>
            <PageLink page=Page::Security />
            <button type="button" class="plain" on:click=sign_out>{texts.sign_out}</button>
        </div>
    }
}

/// A link to a page; what stands in the query goes along. The inbox says how many conversations wait.
#[component]
fn PageLink(page: Page) -> impl IntoView {
    let (texts, session) = (current_texts(), session());
    let (path, search) = (use_path(), use_location().search);
    let address = move || link(&page.address(&search.get()));
    let is_here = move || Page::at(&path.get()) == page;
    let count = move || Some(session.waiting.get()).filter(|n| page == Page::Inbox && *n > 0);
    view! {
        <a class="page" href=address aria-current=move || is_here().then_some("page")>
            {page.name(texts)}
            {move || count().map(|n| view! { <b class="count">{n}</b> })}
        </a>
    }
}
