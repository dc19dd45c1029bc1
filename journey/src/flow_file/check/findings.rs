//! The findings of a check: rules for a flow beyond its syntax.

use std::collections::{BTreeMap, BTreeSet};

use protocol::files::{Condition, Flow, LocalizedText, Need, Stage, Step};
use protocol::ids::StepId;

use super::positions::{At, Places};
use super::{MAX_PROBLEMS, Problem, Severity, selectors};

/// The most occurrences that a condition may count, since the store keeps each of them for every account.
const MOST_TIMES: u32 = 50;

/// The most languages of a flow: each text is looked at in each of them.
const MAX_LOCALES: usize = 32;
/// How many of the names that could be meant are listed.
const MAX_NAMED: usize = 20;

pub(super) fn problems(flow: &Flow, places: &Places<'_>) -> Vec<Problem> {
    let mut found = Findings::new(flow, places);
    if flow.locales.len() > MAX_LOCALES {
        let message = format!("{} languages", flow.locales.len());
        let help = format!("name at most {MAX_LOCALES}");
        found.error(&[At::Key("locales")], "too-many-locales", message, &help);
        return found.problems;
    }
    found.head();
    found.ids();
    for (s, stage) in flow.stages.iter().enumerate() {
        found.stage(s, stage);
        for (k, step) in stage.steps.iter().enumerate() {
            found.step(&[At::Key("stage"), At::Index(s), At::Key("step"), At::Index(k)], step);
        }
    }
    found.clips();
    found.circles();
    found.problems
}

pub(super) struct Findings<'a> {
    pub(super) flow: &'a Flow,
    places: &'a Places<'a>,
    steps: BTreeSet<&'a StepId>,
    /// How often each question is there.
    pub(super) questions: BTreeMap<&'a str, usize>,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(flow: &'a Flow, places: &'a Places<'a>) -> Self {
        let steps = flow.steps().map(|(_, step)| &step.id).collect();
        let mut questions = BTreeMap::new();
        for question in flow.stages.iter().flat_map(|stage| &stage.surveys) {
            *questions.entry(question.id.as_str()).or_default() += 1;
        }
        Self { flow, places, steps, questions, problems: Vec::new() }
    }
}

impl Findings<'_> {
    pub(super) fn error(&mut self, path: &[At<'_>], tag: &'static str, message: String, help: &str) {
        self.add(Severity::Error, path, tag, message, help);
    }

    pub(super) fn warn(&mut self, path: &[At<'_>], tag: &'static str, message: String, help: &str) {
        self.add(Severity::Warning, path, tag, message, help);
    }

    fn add(&mut self, severity: Severity, path: &[At<'_>], tag: &'static str, message: String, help: &str) {
        if self.problems.len() >= MAX_PROBLEMS {
            return;
        }
        let span = self.places.find(path);
        self.problems.push(Problem { severity, tag, message, help: help.to_owned(), span });
    }

    fn head(&mut self) {
        self.id(&[At::Key("name")], &self.flow.name);
        self.texts(&[At::Key("title")], &self.flow.title);
        if self.flow.version != 0 {
            let help = "leave it out: the collector counts versions when you publish";
            self.error(
                &[At::Key("version")],
                "own-version",
                "a flow file has no version of its own".into(),
                help,
            );
        }
        if !self.locales().contains(&self.flow.default_locale) {
            let help = format!("add it to locales, or write default_locale = {:?}", self.locales()[0]);
            let message =
                format!("the flow is not written in {}, its default_locale", self.flow.default_locale);
            self.error(&[At::Key("locales")], "bad-locale", message, &help);
        }
        if !(1..=365).contains(&self.flow.window_days) {
            let help = "give 1 to 365 days";
            self.error(&[At::Key("window_days")], "bad-window", "the window is out of range".into(), help);
        }
        if let Some(contact) = &self.flow.contact {
            self.address(&[At::Key("contact")], contact);
        }
        if let Some(finish) = &self.flow.finish {
            self.finish(finish);
        }
        let mut steps = self.flow.steps();
        if !steps.any(|(_, step)| step.need == Need::MustHave) {
            let help = "give at least one step need = \"must-have\", or the set-up is done before it began";
            self.error(&[At::Key("stage")], "nothing-to-do", "no step is a must-have".into(), help);
        }
    }

    fn ids(&mut self) {
        let mut stages = BTreeSet::new();
        let mut steps = BTreeSet::new();
        for (s, stage) in self.flow.stages.iter().enumerate() {
            let path = [At::Key("stage"), At::Index(s), At::Key("id")];
            if !stages.insert(&stage.id) {
                let help = "stages have ids of their own: rename one, or put the steps together";
                self.error(&path, "duplicate-stage", format!("the stage {} is there twice", stage.id), help);
            }
            for (k, step) in stage.steps.iter().enumerate() {
                if !steps.insert(&step.id) {
                    let path = [At::Key("stage"), At::Index(s), At::Key("step"), At::Index(k), At::Key("id")];
                    let help = "give one of them another id; an id names a step across versions";
                    self.error(&path, "duplicate-step", format!("the step {} is there twice", step.id), help);
                }
            }
        }
    }

    fn stage(&mut self, s: usize, stage: &Stage) {
        let path = [At::Key("stage"), At::Index(s)];
        self.id(&join(&path, "id"), stage.id.as_str());
        self.texts(&join(&path, "title"), &stage.title);
        if stage.steps.is_empty() {
            let help = "add a [[stage.step]] below it, or remove the stage";
            self.error(&path, "empty-stage", format!("the stage {} has no steps", stage.id), help);
        }
        for (n, ask) in stage.surveys.iter().enumerate() {
            let path: Vec<At<'_>> = join(&path, "ask").into_iter().chain([At::Index(n)]).collect();
            self.question(&path, ask);
        }
    }

    fn step(&mut self, path: &[At<'_>], step: &Step) {
        self.id(&join(path, "id"), step.id.as_str());
        self.texts(&join(path, "title"), &step.title);
        self.texts(&join(path, "why"), &step.why);
        if !(1..=60).contains(&step.minutes) {
            let help = "give 1 to 60 minutes; split a step that takes longer";
            self.error(&join(path, "minutes"), "bad-minutes", format!("{} minutes", step.minutes), help);
        }
        if let Some(link) = &step.link {
            self.address(&join(path, "link"), link);
        }
        for (n, stop) in step.guide.iter().enumerate() {
            let path: Vec<At<'_>> = join(path, "guide").into_iter().chain([At::Index(n)]).collect();
            self.stop(&path, n + 1, stop);
        }
        if let Some(here) = &step.inline_form {
            self.here(&join(path, "here"), here);
        }
        for (n, when) in step.variants.iter().enumerate() {
            let path: Vec<At<'_>> = join(path, "when").into_iter().chain([At::Index(n)]).collect();
            self.when(&path, when);
        }
        for (i, before) in step.after.iter().enumerate() {
            let path: Vec<At<'_>> = join(path, "after").into_iter().chain([At::Index(i)]).collect();
            self.known(&path, before);
        }
        self.condition(&join(path, "done"), &step.done);
    }

    fn condition(&mut self, path: &[At<'_>], condition: &Condition) {
        condition.walk(&mut |part| match part {
            Condition::Step(id) => self.known(path, id),
            Condition::Fact { at_least: Some(bound), .. } if !bound.is_finite() => {
                let help = "give a plain number";
                self.error(path, "bad-bound", format!("{bound} cannot be reached"), help);
            }
            Condition::Event { times, .. } if *times > MOST_TIMES => {
                let help = "count up to 50 events; for more, let your backend post the count as a fact";
                self.error(
                    path,
                    "too-many-times",
                    format!("{times} is more than a condition can count"),
                    help,
                );
            }
            Condition::Url(pattern) => self.pattern(path, pattern),
            Condition::Element { selector, .. } => self.selector(path, selector),
            _ => {}
        });
    }

    pub(super) fn selector(&mut self, path: &[At<'_>], selector: &str) {
        if let Some(fault) = selectors::fault(selector) {
            let help = "try it in the browser's console: document.querySelector(\"…\")";
            self.error(path, "bad-selector", format!("the selector {selector} {fault}"), help);
        }
    }

    pub(super) fn pattern(&mut self, path: &[At<'_>], pattern: &str) {
        if !pattern.starts_with(['/', '*']) || pattern.trim() != pattern {
            let help = "begin with / as in \"/reports*\"; the host's name is left out";
            self.error(path, "bad-url", format!("{pattern:?} is not a path"), help);
        }
        // A fragment may have one of its own, as routers write it.
        if pattern.split('#').next().is_some_and(|path| path.contains('?')) {
            let help = "leave out ? and what follows: the path alone is looked at; tell pages that differ in it alone by an event or a fact";
            self.error(
                path,
                "bad-url",
                format!("{pattern} has a query, which no address is compared with"),
                help,
            );
        }
    }

    fn known(&mut self, path: &[At<'_>], id: &StepId) {
        if !self.steps.contains(id) {
            let help = format!("name one of: {}", some_of(self.steps.iter().map(|step| step.as_str())));
            self.error(path, "unknown-step", format!("there is no step {id}"), &help);
        }
    }

    pub(super) fn id(&mut self, path: &[At<'_>], id: &str) {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if id.is_empty() || id.len() > 64 || !id.chars().all(plain) {
            let help = "use lower-case letters, digits, - and _, at most 64 of them";
            self.error(path, "bad-id", format!("{id:?} is not an id"), help);
        }
    }

    pub(super) fn texts(&mut self, path: &[At<'_>], texts: &LocalizedText) {
        let default = &self.flow.default_locale;
        let blank = |locale: &str| texts.0.get(locale).is_none_or(|text| text.trim().is_empty());
        if blank(default) {
            let help = format!("add {default} = \"…\": it stands in where another language is missing");
            self.error(path, "no-text", format!("no text in {default}"), &help);
        }
        for locale in self.locales().into_iter().filter(|locale| locale != default && blank(locale)) {
            let help = format!("add {locale} = \"…\"; until then people see the {default} text");
            self.warn(path, "untranslated", format!("no text in {locale}"), &help);
        }
    }

    /// The languages that texts are expected in.
    fn locales(&self) -> Vec<String> {
        match self.flow.locales.as_slice() {
            [] => ["ja", "en"].map(str::to_owned).to_vec(),
            locales => locales.to_vec(),
        }
    }

    /// Links are opened in the customer's page, so only web and mail addresses are accepted.
    pub(super) fn address(&mut self, path: &[At<'_>], address: &str) {
        let allowed = ["https://", "http://", "mailto:", "tel:"];
        let local = crate::progress::entry::is_path(address);
        if !local && !allowed.iter().any(|scheme| address.starts_with(scheme)) {
            let help = "use a path that begins with /, or https:, http:, mailto: or tel:";
            self.error(path, "bad-link", format!("{address} is no address to send people to"), help);
        }
    }
}

/// The first of several names.
pub(super) fn some_of<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut names = names.peekable();
    let mut some: Vec<&str> = names.by_ref().take(MAX_NAMED).collect();
    if names.peek().is_some() {
        some.push("…");
    }
    some.join(", ")
}

pub(super) fn join<'a>(path: &[At<'a>], key: &'a str) -> Vec<At<'a>> {
    path.iter().copied().chain([At::Key(key)]).collect()
}
