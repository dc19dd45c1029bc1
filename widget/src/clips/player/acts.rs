//! What a person can do with a clip, by a press or a key.

use lazy::spawn_local;

use super::controls::SPEEDS;
use super::{Player, forgive};
use crate::browser;
use crate::clips::Wanted;
use crate::js::{get, invoke, is, number, set};

impl Player {
    /// Does what a button or a key stands for; where it has an `amount`, that is a second, a step or a direction.
    pub fn act(&self, act: &str, amount: f64) {
        match act {
            "toggle" if is(&self.element, "paused") => self.start(self.beginning()),
            "toggle" => drop(self.run("pause")),
            "start" => {
                self.start(Some(amount));
                self.card.focus(".play");
            }
            "jump" => self.jump(amount),
            "play" => {
                self.jump(amount);
                if is(&self.element, "paused") {
                    self.start(Some(amount).filter(|_| !self.is_fetched()));
                }
            }
            "again" => self.again(),
            "mute" => set(&self.element, "muted", !is(&self.element, "muted")),
            "louder" => {
                let volume = number(&self.element, "volume") + amount;
                // `clamp` prints its bounds when it panics, which a browser would download.
                let volume = if volume > 1.0 { 1.0 } else { volume.max(0.0) };
                set(&self.element, "volume", volume);
            }
            "faster" => self.change_pace(amount > 0.0),
            "captions" => self.caption(!self.is_captioned.get()),
            "float" => self.float(),
            "large" => self.enlarge(),
            "full" => self.fill_screen(),
            "copy" => self.copy(),
            "step" => {
                self.card.close(false);
                self.step.iter().for_each(|step| self.state.show_step(step));
            }
            _ => {
                if let Some(desk) = self.desk.upgrade() {
                    desk.open(Wanted::Library);
                }
            }
        }
    }

    /// Where it begins when the person only says that it is to play.
    fn beginning(&self) -> Option<f64> {
        let left = if self.report.resume > 0.0 { self.report.resume } else { self.from };
        (!self.is_fetched()).then(|| self.aim.get().unwrap_or(left))
    }

    pub(super) fn jump(&self, at: f64) {
        let there = at.min(self.seconds - 0.1).max(0.0);
        if self.is_fetched() {
            set(&self.element, "currentTime", there);
        } else {
            self.aim.set(Some(there));
        }
        self.draw_place();
    }

    /// Plays, from a second on where one is given.
    fn start(&self, at: Option<f64>) {
        if get(&self.element, "error").is_object() {
            return self.again();
        }
        if !self.is_fetched() {
            self.fetch();
        }
        let focused = browser::active(&self.state.root());
        let was_covering = focused.is_some_and(|it| invoke(&it, "closest", &[".begin".into()]).is_object());
        self.cover(None);
        if was_covering {
            self.card.focus(".play");
        }
        // Inside the press: browsers refuse what comes later.
        if let Some(at) = at {
            self.jump(at);
        }
        forgive(&self.run("play"));
    }

    /// Addresses expire, and video files are replaced: the player asks for everything again.
    fn again(&self) {
        let (at, Some(player)) = (self.place(), self.me.upgrade()) else { return };
        let Some(desk) = self.desk.upgrade() else { return };
        desk.videos.forget();
        spawn_local(async move {
            let known = desk.videos.ask().await;
            if let (Some(video), false) =
                (known.and_then(|known| known.video(&player.clip)), player.is_over.get())
            {
                player.video.replace(video);
                player.fetch();
                player.start(Some(at));
            }
        });
    }

    /// The person moves the slider.
    pub(super) fn slide(&self, at: f64) {
        self.is_own.set(true);
        self.jump(at);
        self.is_own.set(false);
    }

    /// Fetching sets the speed back to the usual one.
    pub(super) fn pace(&self, speed: f64) {
        set(&self.element, "defaultPlaybackRate", speed);
        set(&self.element, "playbackRate", speed);
    }

    fn change_pace(&self, faster: bool) {
        let now = number(&self.element, "playbackRate");
        let mut next = now;
        for speed in SPEEDS {
            let is_nearer = if faster { speed > now && next == now } else { speed < now };
            if is_nearer {
                next = speed;
            }
        }
        self.pace(next);
    }

    fn caption(&self, on: bool) {
        self.is_captioned.set(on);
        self.press_state(".captions", on);
        self.go_elsewhere(self.is_elsewhere.get());
        self.draw_place();
    }
}
