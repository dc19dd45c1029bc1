//! The shelf: clips that are named once, and steps that name clips which are there.

use std::collections::BTreeSet;

use super::place::At;
use super::rules::{Findings, join};

impl Findings<'_> {
    pub(super) fn clips(&mut self) {
        let mut known = BTreeSet::new();
        for (n, clip) in self.flow.clips.iter().enumerate() {
            let path = [At::Key("clip"), At::Index(n)];
            self.id(&join(&path, "id"), &clip.id);
            self.texts(&join(&path, "title"), &clip.title);
            if !known.insert(clip.id.as_str()) {
                let help = "give one of them another id; an id names a clip across versions";
                self.error(
                    &join(&path, "id"),
                    "duplicate-clip",
                    format!("the clip {} is there twice", clip.id),
                    help,
                );
            }
        }
        let shelf: Vec<&str> = known.iter().copied().collect();
        for (s, stage) in self.flow.stages.iter().enumerate() {
            for (k, step) in stage.steps.iter().enumerate() {
                let path = [At::Key("stage"), At::Index(s), At::Key("step"), At::Index(k)];
                match &step.video {
                    Some(video) if !known.contains(video.clip.as_str()) => {
                        let help = match shelf.as_slice() {
                            [] => "describe it in a [[clip]] with id and title".to_owned(),
                            shelf => {
                                format!("name one of {}, or describe it in a [[clip]]", shelf.join(", "))
                            }
                        };
                        let message = format!("there is no clip {}", video.clip);
                        self.error(&join(&path, "video"), "unknown-clip", message, &help);
                    }
                    None if !shelf.is_empty() => {
                        let help =
                            "add video = { clip = \"…\" }, with from = SECONDS where the answer begins";
                        self.warn(&path, "no-clip", format!("the step {} has no clip", step.id), help);
                    }
                    _ => {}
                }
            }
        }
    }
}
