//! Rules for a guide's stops.

use protocol::files::{Stop, Target, WaitFor};

use super::findings::{Findings, join};
use super::positions::At;

impl Findings<'_> {
    /// Reports a stop without a target, or one that waits for what cannot happen.
    pub(super) fn stop(&mut self, path: &[At<'_>], number: usize, stop: &Stop) {
        self.texts(&join(path, "text"), &stop.text);
        for (key, texts) in
            [("title", &stop.title), ("target", &stop.target.name), ("target", &stop.target.label)]
        {
            if let Some(texts) = texts {
                self.texts(&join(path, key), texts);
            }
        }
        self.target(&join(path, "target"), &stop.target);
        self.repetition(path, number, stop);
        for (key, pattern) in [("page", &stop.page), ("to", &stop.to)] {
            if let Some(pattern) = pattern {
                self.pattern(&join(path, key), pattern);
            }
        }
        let belongs = [
            ("value", stop.value.is_some(), WaitFor::Value, true),
            ("to", stop.to.is_some(), WaitFor::Navigation, false),
            ("fact", stop.fact.is_some(), WaitFor::Fact, true),
            ("at_least", stop.at_least.is_some(), WaitFor::Fact, false),
        ];
        for (key, is_there, wait, is_needed) in belongs {
            let word = format!("{wait:?}").to_lowercase();
            // A repetition ends by a fact, too.
            let repeats = wait == WaitFor::Fact && stop.repeat_from.is_some();
            if is_there && stop.wait != wait && !repeats {
                let help = format!("write wait = \"{word}\", or leave {key} out");
                self.error(&join(path, key), "bad-wait", format!("{key} goes with another wait"), &help);
            } else if is_needed && !is_there && stop.wait == wait {
                let help = format!("add {key} = …: the stop would wait for ever");
                self.error(&join(path, "wait"), "bad-wait", format!("wait = \"{word}\" needs {key}"), &help);
            }
        }
    }

    fn repetition(&mut self, path: &[At<'_>], number: usize, stop: &Stop) {
        let Some(from) = stop.repeat_from else { return };
        if from == 0 || from as usize > number {
            let help = format!("write a number from 1 to {number}: the stop at which each round begins");
            let text = format!("there is no stop {from} before stop {number}");
            self.error(&join(path, "repeat_from"), "bad-repeat", text, &help);
        } else if stop.wait != WaitFor::Click {
            let help = "put repeat_from at the stop on the button that sends";
            let text = "only a stop that waits for a press can repeat".into();
            self.error(&join(path, "repeat_from"), "bad-repeat", text, help);
        }
    }

    fn target(&mut self, path: &[At<'_>], target: &Target) {
        let Target { hook, test_id, role, name, label, css } = target;
        let words = [hook, test_id, role, css];
        if words.into_iter().flatten().any(|word| word.trim().is_empty()) {
            let help = "leave out what is empty";
            self.error(path, "no-target", "a signal of the target says nothing".into(), help);
        }
        if let Some(css) = css.as_ref().filter(|css| !css.trim().is_empty()) {
            self.selector(path, css);
        }
        let is_sure = hook.is_some() || test_id.is_some() || name.is_some() || label.is_some();
        if !is_sure && css.is_none() {
            let help = "give it a data-tabiji hook and write target = { hook = \"…\" }";
            self.error(path, "no-target", "the stop points at nothing that could be found".into(), help);
        } else if !is_sure {
            let help = "add a hook, or a role and a name: a selector alone breaks with the next redesign";
            self.warn(path, "frail-target", "the control is found by its place alone".into(), help);
        }
    }
}
