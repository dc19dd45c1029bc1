//! Two languages, side by side where they are used.

/// The language of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// 日本語
    Japanese,
    /// English
    English,
}

impl Language {
    /// Of the cookie or the browser's wish, Japanese otherwise.
    pub fn of(wish: &str) -> Self {
        if wish.starts_with("en") { Self::English } else { Self::Japanese }
    }

    /// One of two texts.
    pub fn say(self, ja: &'static str, en: &'static str) -> &'static str {
        match self {
            Self::Japanese => ja,
            Self::English => en,
        }
    }

    /// As in `lang="…"`.
    pub fn tag(self) -> &'static str {
        self.say("ja", "en")
    }
}
