//! What the collector knows of the site's clips: asked once for a while, since addresses are good for hours.

use std::cell::RefCell;
use std::rc::Rc;

use journey::clips::Seen;
use protocol::Millis;

use crate::i18n::concat;
use crate::state::State;
use crate::wire::{Json, object, session_request};
use crate::{browser, js};

/// How long an answer is used, in milliseconds: less than its addresses are good for.
const FRESH: Millis = 60 * 60 * 1000;
/// How long the collector may take, in milliseconds.
const PATIENCE: u32 = 15_000;

/// Asks the collector, and keeps its answer.
pub struct Videos {
    state: State,
    known: RefCell<Option<Rc<Known>>>,
}

/// One answer, for the person who was there then.
pub struct Known {
    owner: String,
    at: Millis,
    reply: Json,
}

impl Videos {
    pub fn of(state: State) -> Self {
        Self { state, known: RefCell::default() }
    }

    /// What is known; what failed is asked again the next time.
    pub async fn ask(&self) -> Option<Rc<Known>> {
        let (owner, at) = (self.state.owner(), browser::now());
        let known = self.known.borrow().clone().filter(|known| known.owner == owner && at - known.at < FRESH);
        if known.is_some() {
            return known;
        }
        let body = self.state.with(|context| session_request(&context.request()))?;
        let answer = browser::post(&concat(&[&self.state.base(), "v1/clips"]), &body, PATIENCE).await.ok()?;
        let reply = Json::parse(&answer.text()).filter(|_| answer.status() == 200)?;
        let known = Rc::new(Known { owner, at, reply });
        *self.known.borrow_mut() = Some(Rc::clone(&known));
        Some(known)
    }

    /// What is known is too old, or not all there is.
    pub fn forget(&self) {
        self.known.take();
    }
}

impl Known {
    /// The video of a clip.
    pub fn video(&self, clip: &str) -> Option<Json> {
        let videos: Vec<Json> = self.reply.or_default("films");
        videos.into_iter().find(|video| video.or_default::<String>("clip") == clip)
    }

    /// Where the person stopped in a clip, and what they watched of it.
    pub fn watched(&self, clip: &str) -> (f64, Seen) {
        let watched = self.reply.field("watched").field(clip);
        let seen: String = watched.or_default("seen");
        (watched.field("at").number().unwrap_or_default(), Seen::read(&seen))
    }

    /// Notes what was watched here, so that the library shows it.
    pub fn note(&self, clip: &str, at: f64, seen: &Seen) {
        let watched = object(&[("at", at.into()), ("seen", seen.text().into())]);
        js::set(self.reply.field("watched").value(), clip, watched);
    }
}
