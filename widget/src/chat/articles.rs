//! Help first: what the step's clip and the articles answer needs nobody's time. One press leads to a person.

mod block;
mod clips;
mod fetch;
mod texts;

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};

use journey::search::{Searchable, rank};
use lazy::spawn_local;
use protocol::backend::FactValue;
use protocol::ids::StepId;
use protocol::widget::{EventKind, RenderedArticle};
use tachys::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{Event, HtmlElement};

use super::hours;
use super::session::Session;
use crate::browser::{self, fold};
use crate::card::{Card, actions, paragraph};
use crate::i18n::fill;
use crate::js;
use crate::part::Tab;
use crate::ui::{Handle, Region, Shown, Tag, button, dress_once, tag};
use clips::Clips;
use texts::{Texts, texts};

const STYLES: &str = include_str!(concat!(env!("OUT_DIR"), "/chat_articles.css"));
/// Articles that are offered before anything is searched for.
const OFFERED: usize = 4;
/// Characters of an article's title that an agent sees.
const TITLE: usize = 200;

/// The card with articles.
struct Articles {
    session: Weak<Session>,
    texts: &'static Texts,
    card: Card,
    step: Option<StepId>,
    all: RefCell<Vec<Rc<Article>>>,
    clips: Clips,
}

/// An article, what is searched of it, and what was said of it.
struct Article {
    content: RenderedArticle,
    letters: Searchable,
    viewed: Cell<bool>,
    helped: Cell<bool>,
    /// Its element, and what keeps it.
    row: OnceCell<(JsValue, RefCell<Shown>)>,
    /// Whether it helped; drawn by itself.
    end: Region,
}

/// Shows help for a step, where it is about one.
pub fn show(session: &Rc<Session>, step: Option<StepId>) {
    let state = session.state;
    let texts = texts(&state.locale());
    let card = Card::open_tab(state, state.texts.tab_answers, Tab::Answers);
    dress_once(&state.root(), "articles", STYLES);
    let has_articles = state.session().field("talk").get("help") == Some(true);
    let articles = Rc::new(Articles {
        session: Rc::downgrade(session),
        texts,
        card: card.clone(),
        step,
        all: RefCell::default(),
        clips: Clips::of(state, texts),
    });
    let handle = Handle::to(&articles);
    let clip = articles
        .step
        .clone()
        .filter(|step| session.is_shown_in_clip(step))
        .map(|step| button("plain", texts.step_clip, move |_| state.show_clip(&step)));
    let search = |event: &'static str, only_whole: bool| {
        let handle = handle.clone();
        (event, move |event: &Event| {
            if !only_whole || !js::is(event, "isComposing") {
                handle.with(|articles| articles.draw());
            }
        })
    };
    let ((input, typed), (end, composed)) = (search("input", true), search("compositionend", false));
    let has_answers = has_articles || !articles.clips.is_empty();
    let find = has_answers.then(|| {
        tag("INPUT", "")
            .with("type=search maxlength=200")
            .set("aria-label", texts.find)
            .set("placeholder", texts.find)
            .on(input, typed)
            .on(end, composed)
    });
    let promise =
        hours::promise(session.hours().as_ref(), session.server_now(), &state.locale(), session.texts);
    let person =
        tag("DIV", "person").add(paragraph("hint", &promise)).add(articles.to_person(session, "action"));
    let status = paragraph("hint", "").set("role", "status");
    let mut content = Vec::new();
    content.extend(clip);
    content.extend(find);
    content.push(status);
    content.push(tag("DIV", "faq"));
    content.push(tag("DIV", "shelf"));
    content.push(person);
    card.fill(content);
    card.keep(Rc::clone(&articles));
    articles.draw();
    if has_articles {
        card.write(".body > [role=status]", texts.looking);
        let loading = Rc::downgrade(&articles);
        let (base, body) = fetch::question(state);
        spawn_local(async move {
            let all = fetch::articles(&base, &body).await;
            if let Some(articles) = loading.upgrade() {
                articles.loaded(all);
            }
        });
    }
}

impl Articles {
    /// The way to a person.
    fn to_person(&self, session: &Rc<Session>, class: &'static str) -> Tag {
        let handle = Handle::to(session);
        let card = self.card.clone();
        button(class, self.texts.person, move |_| {
            // What was searched for in vain is what the person wants to ask.
            let question = card.value("[type=search]");
            handle.with(|session| {
                session.begin_draft(question);
                session.write();
            });
        })
    }

    fn loaded(self: &Rc<Self>, all: Option<Vec<RenderedArticle>>) {
        let Some(all) = all else {
            return self.card.write(".body > [role=status]", self.texts.no_articles);
        };
        for content in all {
            self.all.borrow_mut().push(Rc::new(Article::new(content)));
        }
        self.draw();
    }

    /// Shows what fits what is searched for, or what is offered.
    fn draw(self: &Rc<Self>) {
        let Some(session) = self.session.upgrade() else { return };
        let question = self.card.value("[type=search]");
        let all = self.all.borrow();
        let mut found = Vec::new();
        if question.is_empty() {
            // The step's own first.
            for its in [true, false] {
                for article in all.iter() {
                    let is_its = self.step.as_ref().is_some_and(|step| article.content.steps.contains(step));
                    if is_its == its && found.len() < OFFERED {
                        found.push(Rc::clone(article));
                    }
                }
            }
        } else {
            for at in rank(&fold(&question), all.len(), |at| all.get(at).map(|article| &article.letters)) {
                found.extend(all.get(at).map(Rc::clone));
            }
        }
        let clips = self.clips.draw(&self.card, &question);
        let status = match found.len() + clips {
            _ if question.is_empty() => String::new(),
            0 => self.texts.not_found.to_owned(),
            n => fill(self.texts.found, &[("n", &n.to_string())]),
        };
        self.card.write(".body > [role=status]", &status);
        // What is open stays open, whatever is searched for: each row is an element of its own that is moved.
        if let Some(list) = self.card.find(".faq") {
            js::invoke(&list, "replaceChildren", &[]);
            for article in &found {
                js::invoke(&list, "append", &[self.row(&session, article)]);
            }
        }
    }

    /// The element of an article, made when it is shown for the first time.
    fn row(self: &Rc<Self>, session: &Rc<Session>, article: &Rc<Article>) -> JsValue {
        let (element, _) = article.row.get_or_init(|| {
            let (handle, shown) = (Handle::to(self), Handle::to(article));
            let place: Rc<RefCell<JsValue>> = Rc::default();
            let made = Rc::clone(&place);
            let mut answer = tag("DIV", "answer");
            for content in &article.content.text {
                answer = answer.add(block::draw(session, content));
            }
            let row = tag("DETAILS", "")
                .set("name", "faq")
                .made(move |element| *made.borrow_mut() = element.into())
                .add(tag("SUMMARY", "").text(article.content.title.as_str()))
                .add(answer.add(actions(Vec::new())))
                .on("toggle", move |event| {
                    if js::is(&js::get(event, "target"), "open") {
                        handle.with(|articles| shown.with(|article| articles.viewed(article)));
                    }
                });
            let drawn = row.draw().build();
            let element = place.borrow().clone();
            (element, RefCell::new(drawn))
        });
        if let Some(place) = article.actions() {
            article.end.draw(&place, self.judge(session, article));
        }
        element.clone()
    }

    /// Whether it helped, and the way to a person.
    fn judge(self: &Rc<Self>, session: &Rc<Session>, article: &Rc<Article>) -> Vec<Tag> {
        if article.helped.get() {
            return vec![paragraph("did", self.texts.glad).with("role=status tabindex=-1")];
        }
        let (handle, judged) = (Handle::to(self), Handle::to(article));
        let helped = button("plain", self.texts.helped, move |_| {
            handle.with(|articles| judged.with(|article| articles.helped(article)));
        });
        vec![helped, self.to_person(session, "quiet")]
    }

    fn report(&self, kind: EventKind, article: &Article) {
        if let Some(session) = self.session.upgrade() {
            let id = FactValue::Text(article.content.id.clone());
            session.report(kind, self.step.as_ref(), vec![("article".to_owned(), id)]);
        }
    }

    fn viewed(&self, article: &Article) {
        if !article.viewed.replace(true)
            && let Some(session) = self.session.upgrade()
        {
            let title: String = article.content.title.chars().take(TITLE).collect();
            session.state.note_concern(|concern| concern.article = Some(title));
            self.report(EventKind::FaqViewed, article);
        }
    }

    fn helped(self: &Rc<Self>, article: &Rc<Article>) {
        let Some(session) = self.session.upgrade() else { return };
        article.helped.set(true);
        self.report(EventKind::FaqHelped, article);
        if let Some(place) = article.actions() {
            article.end.draw(&place, self.judge(&session, article));
        }
        self.card.focus(".faq [open] .did");
    }
}

impl Article {
    fn new(content: RenderedArticle) -> Self {
        let letters = Searchable::new(&fold(&content.title), &fold(&block::text(&content.text)));
        let (viewed, helped) = (Cell::default(), Cell::default());
        Self { content, letters, viewed, helped, row: OnceCell::new(), end: Region::default() }
    }

    /// Where one says whether it helped.
    fn actions(&self) -> Option<HtmlElement> {
        let (row, _) = self.row.get()?;
        browser::find(row, ".actions")
    }
}
