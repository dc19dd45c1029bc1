//! Rules for the end of the set-up: figures that say their number, and an action that leads somewhere.

use protocol::files::Finish;

use super::findings::{Findings, join};
use super::positions::At;

impl Findings<'_> {
    pub(super) fn finish(&mut self, finish: &Finish) {
        let path = [At::Key("finish")];
        for (n, figure) in finish.figures.iter().enumerate() {
            let text = [At::Key("finish"), At::Key("figure"), At::Index(n), At::Key("text")];
            self.texts(&text, &figure.text);
            if figure.text.0.values().any(|text| !text.contains("{n}")) {
                let help = "put {n} where the number goes, as in { ja = \"商談 {n}件\", en = \"{n} deals\" }";
                self.error(&text, "no-number", format!("a text of {} lacks {{n}}", figure.fact), help);
            }
        }
        if let Some(link) = &finish.link {
            self.address(&join(&path, "link"), link);
        }
        match (&finish.link, &finish.action) {
            (Some(_), Some(action)) => self.texts(&join(&path, "action"), action),
            (None, None) => {}
            _ => {
                let help = "give both, or neither: the action is the text of the button that opens the link";
                self.error(&path, "half-an-action", "link and action go together".into(), help);
            }
        }
    }
}
