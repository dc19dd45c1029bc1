//! Rules for the clip library: unique ids, steps that name existing clips, videos with captions.

use std::collections::BTreeSet;

use super::findings::{Findings, join, some_of};
use super::positions::At;

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
        for (s, stage) in self.flow.stages.iter().enumerate() {
            for (k, step) in stage.steps.iter().enumerate() {
                let path = [At::Key("stage"), At::Index(s), At::Key("step"), At::Index(k)];
                match &step.video {
                    Some(video) if !known.contains(video.clip.as_str()) => {
                        let help = if known.is_empty() {
                            "describe it in a [[clip]] with id and title".to_owned()
                        } else {
                            let some = some_of(known.iter().copied());
                            format!("name one of {some}, or describe it in a [[clip]]")
                        };
                        let message = format!("there is no clip {}", video.clip);
                        self.error(&join(&path, "video"), "unknown-clip", message, &help);
                    }
                    None if !known.is_empty() => {
                        let help =
                            "add video = { clip = \"…\" }, with from = SECONDS where the answer begins";
                        self.warn(&path, "no-clip", format!("the step {} has no clip", step.id), help);
                    }
                    _ => {}
                }
            }
        }
    }

    /// Reports clips without a video, videos without captions in a language of the title, and videos without a
    /// clip.
    pub(super) fn films(&mut self, files: &BTreeSet<String>) {
        for (n, clip) in self.flow.clips.iter().enumerate() {
            let (path, id) = ([At::Key("clip"), At::Index(n)], &clip.id);
            if !files.contains(&format!("{id}.mp4")) {
                let help = format!("record it as {id}.mp4, then tabiji media add {id}.mp4");
                self.warn(&path, "no-film", format!("the clip {id} has no film"), &help);
                continue;
            }
            for lang in clip.title.0.keys().filter(|lang| !files.contains(&format!("{id}.{lang}.vtt"))) {
                let help =
                    format!("write {id}.{lang}.vtt, then tabiji media add … --captions {id}.{lang}.vtt");
                self.warn(&path, "no-captions", format!("the clip {id} has no captions in {lang}"), &help);
            }
        }
        let is_named = |id: &str| self.flow.clips.iter().any(|clip| clip.id == id);
        let films = files.iter().filter_map(|file| file.strip_suffix(".mp4"));
        let stray: Vec<&str> = films.filter(|id| !is_named(id)).collect();
        for id in stray {
            let help =
                format!("describe it in a [[clip]] with id = \"{id}\" and a title, or take the file away");
            self.warn(&[At::Key("clip")], "stray-film", format!("{id}.mp4 is on no shelf"), &help);
        }
    }
}
