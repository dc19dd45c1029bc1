//! The library: every clip with its length and how much of it was watched, found by title and by what is said in it.

use std::rc::{Rc, Weak};

use journey::clips::script::{clock, contains};
use journey::clips::viewing::is_done;
use web_sys::Event;

use super::script::{Script, leads_to, list, said, second};
use super::texts::Texts;
use super::videos::Known;
use super::{Clips, Desk};
use crate::browser::{self, fold};
use crate::card::{Card, paragraph};
use crate::i18n::{concat, fill};
use crate::js::{get, invoke, text};
use crate::ui::{EventListener, Handle, Region, Tag, deed, tag, template};
use crate::wire::Json;

/// Places in one clip that a search shows.
const PLACES: usize = 3;
const CONTENT: &str = "DIV library
 INPUT type=search aria-label=$0 placeholder=$0
 P hint role=status
 OL shelf";

/// All clips, and where they are listed.
struct Library {
    desk: Weak<Desk>,
    texts: &'static Texts,
    card: Card,
    all: Vec<Clip>,
    list: Region,
}

/// A clip, and what is searched of it.
struct Clip {
    id: String,
    title: String,
    poster: Option<String>,
    /// Its length, and how much of it was watched.
    state: String,
    letters: String,
    /// Everything that is said, folded and as it is.
    letters_said: Vec<String>,
    cues: Vec<Json>,
}

/// Shows the clips of the flow that have a video.
pub fn show(desk: &Desk, card: &Card, known: &Known) {
    let texts = desk.texts;
    let mut all = Vec::new();
    for clip in desk.clips() {
        let id: String = clip.or_default("id");
        let Some(video) = known.video(&id) else { continue };
        let title: String = clip.or_default("title");
        let cues = Script::of(desk.state, &video).map_or_else(Vec::new, |script| script.cues);
        let seconds = video.field("seconds").number().unwrap_or_default();
        let watched = known.watched(&id).1.percent(seconds);
        let poster = video.get::<String>("poster").map(|poster| desk.state.base() + &poster);
        let state = clock(seconds) + &amount(texts, watched);
        let letters_said = cues.iter().map(|cue| fold(&said(cue))).collect();
        all.push(Clip { letters: fold(&title), id, title, poster, state, letters_said, cues });
    }
    if all.is_empty() {
        card.turn("", vec![paragraph("hint", texts.empty)]);
        return;
    }
    let desk = Weak::clone(&desk.me);
    let library = Rc::new(Library { desk, texts, card: card.clone(), all, list: Region::default() });
    card.turn("", vec![template(CONTENT, &[texts.library_search])]);
    library.look();
    if let Some(content) = card.find(".library") {
        let me = Handle::to(&library);
        let run: Rc<dyn Fn(&Event)> = Rc::new(move |event| me.with(|library| library.heard(event)));
        card.keep((EventListener::all(&content, "input click", &run), library));
    }
    // Nobody asked for a keyboard on the screen.
    if browser::is_touch() {
        card.focus("h2");
    }
}

fn amount(texts: &Texts, watched: f64) -> String {
    let percent = (watched + 0.5) as u32;
    match percent {
        0 => String::new(),
        _ if is_done(percent.into()) => concat(&["・", texts.done]),
        _ => concat(&["・", &fill(texts.watched, &[("n", &percent.to_string())])]),
    }
}

impl Library {
    /// Something was searched for, or a clip was chosen.
    fn heard(&self, event: &Event) {
        if text(event, "type") == "input" {
            return self.look();
        }
        let Some((button, _)) = deed(event) else { return };
        let clip = get(&get(&invoke(&button, "closest", &["[data-clip]".into()]), "dataset"), "clip");
        if let (Some(clip), Some(desk)) = (clip.as_string(), self.desk.upgrade()) {
            desk.watch(&clip, second(&button));
        }
    }

    /// Lists what fits what is searched for.
    fn look(&self) {
        let wanted = fold(&self.card.value(".library > input"));
        let mut rows = Vec::new();
        for clip in &self.all {
            let mut places = Vec::new();
            for (letters, cue) in clip.letters_said.iter().zip(&clip.cues) {
                if !wanted.is_empty() && places.len() < PLACES && contains(letters, &wanted) {
                    places.push(cue.clone());
                }
            }
            if !places.is_empty() || contains(&clip.letters, &wanted) {
                rows.push(row(clip, &places));
            }
        }
        let status = match rows.len() {
            0 => self.texts.none.to_owned(),
            _ if wanted.is_empty() => String::new(),
            n => fill(self.texts.found, &[("n", &n.to_string())]),
        };
        self.card.write(".library .hint", &status);
        if let Some(list) = self.card.find(".shelf") {
            self.list.draw(&list, rows);
        }
    }
}

fn row(clip: &Clip, places: &[Json]) -> Tag {
    let poster = match &clip.poster {
        Some(poster) => {
            tag("IMG", "").with("alt loading=lazy width=96 height=54").set("src", poster.as_str())
        }
        None => tag("I", "blank"),
    };
    let title = tag("SPAN", "").text(clip.title.clone()).add(tag("SMALL", "").text(clip.state.clone()));
    let row =
        leads_to(tag("BUTTON", "film").with("part=row type=button data-do=play"), 0.0).add(poster).add(title);
    let places = (!places.is_empty()).then(|| list("lines", places));
    tag("LI", "").set("data-clip", clip.id.clone()).add(row).add_maybe(places)
}
