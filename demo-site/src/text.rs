//! Texts in two languages, side by side where they are used: a page of the demo is read more easily that way
//! than with locale files.

/// The language of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// 日本語
    Japanese,
    /// English
    English,
}

impl Language {
    /// From the cookie or the browser's `Accept-Language`; Japanese otherwise.
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

    /// The value of `lang="…"`.
    pub fn tag(self) -> &'static str {
        self.say("ja", "en")
    }
}
