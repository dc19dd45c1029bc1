//! How-to clips: one beside the step that it helps with, and the library with all of them. This is a part: it comes when
//! a person wants to watch. What it decides is in `journey::clips`. Reasons: `docs/decisions/0008-clips.md`.

mod library;
mod player;
mod script;
mod texts;
mod videos;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use lazy::spawn_local;
use protocol::ids::StepId;

use crate::card::{Card, actions, paragraph};
use crate::part::{Clips, CoreEvent, Subscription};
use crate::state::State;
use crate::ui::{button, dress_once};
use crate::wire::Json;
use player::Player;
use texts::{Texts, texts};
use videos::{Known, Videos};

const STYLES: &str = include_str!(concat!(env!("OUT_DIR"), "/clips.css"));

/// Brings clips to a widget.
pub fn attach(state: State) -> Rc<dyn Clips> {
    Rc::new_cyclic(|me: &Weak<Desk>| {
        let handle = Weak::clone(me);
        let subscription = state.subscribe(move |event| {
            if let (CoreEvent::OwnerChanged | CoreEvent::Leaving, Some(desk)) = (event, handle.upgrade()) {
                desk.players.take().iter().for_each(|player| player.end());
            }
        });
        dress_once(&state.root(), "clips", STYLES);
        Desk {
            state,
            texts: texts(&state.locale()),
            me: Weak::clone(me),
            videos: Videos::of(state),
            players: RefCell::default(),
            _subscription: Cell::new(subscription),
        }
    })
}

/// What is shown of one widget's clips.
pub struct Desk {
    state: State,
    texts: &'static Texts,
    me: Weak<Self>,
    videos: Videos,
    /// The clip in the card, and one that floats in its small window.
    players: RefCell<Vec<Rc<Player>>>,
    _subscription: Cell<Option<Subscription>>,
}

/// What a person wants to see.
#[derive(Clone)]
enum Wanted {
    /// A clip from a second on, for a step.
    Clip(String, f64, Option<StepId>),
    /// All of them.
    Library,
}

impl Desk {
    /// Shows a card that says what it waits for, and tries again.
    fn open(&self, wanted: Wanted) {
        let Some(desk) = self.me.upgrade() else { return };
        let title = match &wanted {
            Wanted::Clip(clip, ..) => self.title(clip),
            Wanted::Library => self.texts.library.to_owned(),
        };
        let card = Card::open(self.state, &title, false);
        card.fill(vec![paragraph("hint", self.texts.loading).set("role", "status")]);
        spawn_local(async move {
            let known = desk.videos.ask().await;
            if card.is_open() && !known.is_some_and(|known| desk.show(&card, &known, &wanted)) {
                desk.say_failed(&card, wanted);
            }
        });
    }

    /// Fills a card; false when what is wanted is not there.
    fn show(&self, card: &Card, known: &Rc<Known>, wanted: &Wanted) -> bool {
        match wanted {
            Wanted::Library => library::show(self, card, known),
            Wanted::Clip(clip, from, step) => {
                let Some(video) = known.video(clip) else {
                    self.videos.forget();
                    return false;
                };
                let step = step.clone().or_else(|| self.helped(clip));
                let player = Player::show(self, card, known, video, *from, step);
                self.players.borrow_mut().push(player);
            }
        }
        true
    }

    fn say_failed(&self, card: &Card, wanted: Wanted) {
        let me = Weak::clone(&self.me);
        let again = button("action", self.texts.retry, move |_| {
            if let Some(desk) = me.upgrade() {
                desk.open(wanted.clone());
            }
        });
        card.turn(self.texts.failed, vec![paragraph("hint", self.texts.failed), actions(vec![again])]);
    }

    /// The clips of the flow, as it has them.
    fn clips(&self) -> Vec<Json> {
        self.state.session().field("flow").or_default("clip")
    }

    fn title(&self, clip: &str) -> String {
        let clips = self.clips();
        let named = clips.iter().find(|one| one.or_default::<String>("id") == clip);
        named.and_then(|one| one.get("title")).unwrap_or_else(|| clip.to_owned())
    }

    /// The step that a clip helps with: the first that is to be done, else the first.
    fn helped(&self, clip: &str) -> Option<StepId> {
        let mut helped = None;
        let stages: Vec<Json> = self.state.session().field("flow").or_default("stage");
        for step in stages.iter().flat_map(|stage| stage.or_default::<Vec<Json>>("step")) {
            if step.field("video").or_default::<String>("clip") == clip {
                let id = StepId(step.or_default("id"));
                if !self.is_done(&id) {
                    return Some(id);
                }
                helped = helped.or(Some(id));
            }
        }
        helped
    }

    /// Whether the collector says that a step is done.
    fn is_done(&self, step: &StepId) -> bool {
        let progress = self.state.progress_json().field("steps").field(step.as_str());
        progress.or_default::<String>("status") == "done"
    }

    /// A player is over.
    fn forget(&self, gone: &Player) {
        let mut players = self.players.take();
        players.retain(|player| !std::ptr::eq(&**player, gone));
        *self.players.borrow_mut() = players;
    }
}

impl Clips for Desk {
    fn watch(&self, clip: &str, from: f64) {
        self.open(Wanted::Clip(clip.to_owned(), from, None));
    }

    fn watch_step(&self, step: &StepId) {
        let video = self.state.step_json(step).map_or_else(Json::missing, |step| step.field("video"));
        self.open(match video.get("clip") {
            Some(clip) => {
                Wanted::Clip(clip, video.field("from").number().unwrap_or_default(), Some(step.clone()))
            }
            None => Wanted::Library,
        });
    }

    #[cfg(feature = "panic-drill")]
    fn drill(&self) {
        panic!("a drill");
    }
}
