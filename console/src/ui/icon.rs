//! Small drawings for buttons whose label is said by `aria-label`.

use leptos::prelude::*;

/// A drawing.
#[derive(Clone, Copy)]
pub enum Icon {
    /// Lines of text: canned replies.
    Lines,
    /// A picture that plays: a clip.
    Clip,
    /// A pin: a place on the screen.
    Place,
    /// A paper clip: a file.
    File,
    /// Three dots: more actions.
    More,
    /// A sound.
    Alert,
    /// A sound that is crossed out.
    Silent,
    /// A letter i: what is known.
    Details,
}

impl Icon {
    /// Draws it in the colour of the text.
    pub fn draw(self) -> impl IntoView {
        let path = match self {
            Self::Lines => "M4 6h16M4 12h16M4 18h9",
            Self::Clip => "M3 5h18v14H3zM10 9v6l5-3z",
            Self::Place => "M12 21s7-6.5 7-11.5a7 7 0 0 0-14 0C5 14.500 12 21 12 21zM12 7v5M9.500 9.500h5",
            Self::File => {
                "M20 11.500 11.500 20a5 5 0 0 1-7-7L13 4.500a3.300 3.300 0 0 1 4.700 4.700L9.500 17.500a1.600 1.600 0 0 1-2.300-2.300L14.500 8"
            }
            Self::More => "M5 12h.010M12 12h.010M19 12h.010",
            Self::Alert => "M6 10a6 6 0 0 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7zM10 20a2 2 0 0 0 4 0",
            Self::Silent => "M6 10a6 6 0 0 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7zM10 20a2 2 0 0 0 4 0M4 4l16 16",
            Self::Details => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 8h.010",
        };
        view! {
            <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d=path />
            </svg>
        }
    }
}
