//! The clips of the flow below the articles: who looks for an answer may rather watch it.

use journey::search::{Searchable, rank};

use super::texts::Texts;
use crate::browser::fold;
use crate::card::Card;
use crate::state::State;
use crate::ui::{Region, button, tag};
use crate::wire::Json;

/// All clips, and where they are listed.
pub struct Clips {
    state: State,
    texts: &'static Texts,
    all: Vec<Clip>,
    list: Region,
}

/// A clip, and what is searched of it.
struct Clip {
    id: String,
    title: String,
    letters: Searchable,
}

impl Clips {
    /// The clips of the flow.
    pub fn of(state: State, texts: &'static Texts) -> Self {
        let mut all = Vec::new();
        let clips: Vec<Json> = state.session().field("flow").get("clip").unwrap_or_default();
        for clip in &clips {
            let (id, title): (String, String) = (clip.or_default("id"), clip.or_default("title"));
            let letters = Searchable::new(&fold(&title), &fold(texts.clip_words));
            all.push(Clip { id, title, letters });
        }
        Self { state, texts, all, list: Region::default() }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Shows those that fit what is searched for, or all of them; gives their number.
    pub fn draw(&self, card: &Card, question: &str) -> usize {
        let mut found: Vec<&Clip> = self.all.iter().collect();
        if !question.is_empty() {
            let fits = rank(&fold(question), self.all.len(), |at| self.all.get(at).map(|clip| &clip.letters));
            found = fits.into_iter().filter_map(|at| self.all.get(at)).collect();
        }
        let mut rows = Vec::new();
        if !found.is_empty() {
            rows.push(tag("H3", "").text(self.texts.clips));
        }
        for clip in &found {
            let (state, id) = (self.state, clip.id.clone());
            rows.push(button("clip", &clip.title, move |_| state.show_clip_at(&id, 0.0)));
        }
        if let Some(place) = card.find(".shelf") {
            self.list.draw(&place, rows);
        }
        found.len()
    }
}
