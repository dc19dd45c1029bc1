//! Parts as the state knows them: fetched when they are wanted, once for all who want them, and fetched again after
//! a failure.

use std::cell::Cell;
use std::rc::Rc;

use lazy::spawn_local;
use protocol::ids::StepId;

use super::State;
use crate::browser;
use crate::i18n::concat;
use crate::part::{
    Activity, Chat, Clips, Forms, Guides, Name, Panel, Parts, Prompt, Prompts, Strip, Tab, Wish,
};
use crate::ui::sleep;
use crate::wire::Json;

/// The pause before the second attempt at what every page needs, in milliseconds; it doubles.
const PAUSE: u32 = 1_000;
/// After this pause the basic panel takes over, in milliseconds: half a minute in all.
const LONGEST_PAUSE: u32 = 16_000;

impl State {
    /// Runs with every part's place, unless the widget is gone.
    pub fn with_parts<T>(self, run: impl FnOnce(&Parts) -> T) -> Option<T> {
        self.with(|context| run(&context.parts))
    }

    /// Fetches a part, unless it is there or on its way.
    pub fn bring(self, name: Name) {
        if self.with_parts(|parts| parts.begin(name)) == Some(true) {
            spawn_local(fetch(self, name));
        }
    }

    /// Does something with a part, at once or when it is there.
    pub fn want(self, name: Name, wish: Wish) {
        match self.with_parts(|parts| parts.is_there(name)) {
            Some(true) => wish(),
            Some(false) => {
                self.with_parts(|parts| parts.add(name, wish));
                self.bring(name);
            }
            None => {}
        }
    }

    /// Lets a part show something, at once or when it is there. There is one place for it, so whatever was to be
    /// shown before is wanted no longer.
    pub fn want_shown(self, name: Name, wish: Wish) {
        self.with_parts(|parts| parts.to_show.set(Some((name, wish))));
        let show = move || {
            if let Some(wish) = self.take_shown(name) {
                wish();
            }
        };
        self.want(name, Box::new(show));
    }

    /// Takes out what a part was to show.
    fn take_shown(self, name: Name) -> Option<Wish> {
        self.with_parts(|parts| {
            let (wanted, wish) = parts.to_show.take()?;
            if wanted == name {
                return Some(wish);
            }
            parts.to_show.set(Some((wanted, wish)));
            None
        })
        .flatten()
    }

    /// What is done after the first look, if it is there.
    pub fn activity(self) -> Option<Rc<dyn Activity>> {
        self.with_parts(|parts| parts.activity.borrow().clone()).flatten()
    }

    /// The panel, if it is there.
    pub fn panel(self) -> Option<Rc<dyn Panel>> {
        self.with_parts(|parts| parts.panel.borrow().clone()).flatten()
    }

    /// The forms, if they are there.
    pub fn forms(self) -> Option<Rc<dyn Forms>> {
        self.with_parts(|parts| parts.forms.borrow().clone()).flatten()
    }

    /// The strip above the launcher, if it is there.
    pub fn strip(self) -> Option<Rc<dyn Strip>> {
        self.with_parts(|parts| parts.strip.borrow().clone()).flatten()
    }

    /// Does something with the strip, at once or when it is there.
    pub fn with_strip(self, run: impl FnOnce(&dyn Strip) + 'static) {
        let wish = move || {
            if let Some(strip) = self.strip() {
                run(&*strip);
            }
        };
        self.want(Name::Strip, Box::new(wish));
    }

    fn guides(self) -> Option<Rc<dyn Guides>> {
        self.with_parts(|parts| parts.guides.borrow().clone()).flatten()
    }

    fn clips(self) -> Option<Rc<dyn Clips>> {
        self.with_parts(|parts| parts.clips.borrow().clone()).flatten()
    }

    fn chat(self) -> Option<Rc<dyn Chat>> {
        self.with_parts(|parts| parts.chat.borrow().clone()).flatten()
    }

    fn prompts(self) -> Option<Rc<dyn Prompts>> {
        self.with_parts(|parts| parts.prompts.borrow().clone()).flatten()
    }

    /// Asks the host's page for another token; `TokenChanged` says that there is one.
    pub fn renew_token(self) {
        let renew = move || {
            if let Some(activity) = self.activity() {
                activity.renew_token();
            }
        };
        self.want(Name::Activity, Box::new(renew));
    }

    /// Points at the controls of a step, which a guide leads through; reports nothing by itself.
    pub fn show_step(self, step: &StepId) {
        let (step, owner) = (step.clone(), self.owner());
        let show = move || {
            // Another person may have come meanwhile.
            if let Some(guides) = self.guides().filter(|_| self.owner() == owner) {
                guides.show(&step);
            }
        };
        // No card in the panel's place: it stays wanted whatever is shown there.
        self.want(Name::Guide, Box::new(show));
    }

    /// Whether a guide is shown.
    pub fn is_guiding(self) -> bool {
        self.guides().is_some_and(|guides| guides.is_guiding())
    }

    /// Brings the guide where this person stood in one, here or on another device.
    pub fn resume_guide(self) {
        let stop = |json: &Json| json.get("stop").unwrap_or(0_u32);
        let kept = browser::recall(&self.guide_key()).and_then(|text| Json::parse(&text));
        if stop(&self.session().field("guide")) > 0 || kept.is_some_and(|kept| stop(&kept) > 0) {
            self.bring(Name::Guide);
        }
    }

    /// The key under which this device remembers where the person is in a guide.
    pub fn guide_key(self) -> String {
        concat(&["tabiji:guide:", &self.owner()])
    }

    /// Shows the clip of a step.
    pub fn show_clip(self, step: &StepId) {
        let step = step.clone();
        self.with_clips(move |clips| clips.watch_step(&step));
    }

    /// Shows a place `from` (in seconds) of a clip that is named by itself.
    pub fn show_clip_at(self, clip: &str, from: f64) {
        let clip = clip.to_owned();
        self.with_clips(move |clips| clips.watch(&clip, from));
    }

    fn with_clips(self, run: impl FnOnce(&dyn Clips) + 'static) {
        let owner = self.owner();
        let show = move || {
            // Another person may have come meanwhile.
            if let Some(clips) = self.clips().filter(|_| self.owner() == owner) {
                run(&*clips);
            }
        };
        self.want_shown(Name::Clips, Box::new(show));
    }

    /// Opens a tab of the chat, or else the one that the person has use for, once it is there.
    pub fn open_chat(self, tab: Option<Tab>, step: Option<StepId>) {
        let open = move || {
            if let Some(chat) = self.chat() {
                chat.open(tab, step.as_ref());
            }
        };
        self.want_shown(Name::Chat, Box::new(open));
        // What it most likely shows first comes along with it.
        let talk = self.session().field("talk");
        let helps = talk.get("help") == Some(true) && talk.get("open") != Some(true);
        let articles = tab.map_or(helps, |tab| tab == Tab::Answers);
        self.bring(if articles { Name::ChatArticles } else { Name::ChatThread });
    }

    /// Brings the chat without showing anything: it listens for answers to the person who is there now.
    pub fn listen_for_chat(self) {
        let listen = move || {
            if let Some(chat) = self.chat() {
                chat.listen();
            }
        };
        self.want(Name::Chat, Box::new(listen));
    }

    /// Shows a prompt, once that part is there.
    pub fn prompt(self, prompt: Prompt, step: StepId) {
        let ask = move || {
            if let Some(prompts) = self.prompts() {
                prompts.ask(prompt, &step);
            }
        };
        self.want_shown(Name::Prompts, Box::new(ask));
    }

    /// Says that a part could not be fetched; the person may try again.
    pub fn not_fetched(self, retry: Box<dyn Fn()>) {
        let say = move || {
            if let Some(prompts) = self.prompts() {
                prompts.not_fetched(retry);
            }
        };
        self.want_shown(Name::Prompts, Box::new(say));
    }
}

async fn fetch(state: State, name: Name) {
    let mut pause = PAUSE;
    let mut fetched = (state.load)(state, name).await;
    // Every page needs these soon: they are fetched again by themselves.
    while fetched.is_err() && matches!(name, Name::Activity | Name::Panel) {
        if pause > LONGEST_PAUSE {
            return state.give_up("a part of the widget cannot be fetched");
        }
        sleep(pause).await;
        pause *= 2;
        fetched = (state.load)(state, name).await;
    }
    let there = fetched.is_ok();
    state.with_parts(|parts| parts.end(name, there));
    if !there {
        return say_not_fetched(state, name);
    }
    while let Some(wish) = state.with_parts(|parts| parts.take_wish(name)).flatten() {
        wish();
    }
    if name == Name::Panel {
        // It is drawn where it is open.
        state.open.notify();
    }
}

/// Says that a part could not be fetched, if a person waits for it; they may try again.
fn say_not_fetched(state: State, name: Name) {
    match (name, state.take_shown(name)) {
        // This is what would say it.
        (Name::Prompts, _) => {}
        (_, Some(wish)) => {
            let wish = Cell::new(Some(wish));
            state.not_fetched(Box::new(move || {
                if let Some(wish) = wish.take() {
                    state.want_shown(name, wish);
                }
            }));
        }
        (Name::Guide, None) if state.with_parts(|parts| parts.has_wish(name)) != Some(true) => {}
        // What was wanted of it is still wanted.
        (Name::ChatExtras | Name::Guide, None) => state.not_fetched(Box::new(move || state.bring(name))),
        _ => {}
    }
}

/// For the test of crashes.
#[cfg(feature = "panic-drill")]
impl State {
    /// Panics in a part, once it is there.
    pub fn drill(self, part: &str) {
        let (name, run): (Name, fn(Self)) = match part {
            "activity" => (Name::Activity, |state| state.activity().iter().for_each(|part| part.drill())),
            "panel" => (Name::Panel, |state| state.panel().iter().for_each(|part| part.drill())),
            "guide" => (Name::Guide, |state| state.guides().iter().for_each(|part| part.drill())),
            "clips" => (Name::Clips, |state| state.clips().iter().for_each(|part| part.drill())),
            "chat" => (Name::Chat, |state| state.chat().iter().for_each(|part| part.drill())),
            _ => (Name::Prompts, |state| state.prompts().iter().for_each(|part| part.drill())),
        };
        self.want(name, Box::new(move || run(self)));
    }
}

#[cfg(test)]
mod tests;
