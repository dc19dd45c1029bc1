//! Five faces, from sad to glad.

use web_sys::Element;

use crate::ui::icon;

/// Mouths as curves.
const MOUTHS: [&str; 5] =
    ["M8 17q4-5 8 0", "M8 16.5q4-2.5 8 0", "M8 16h8", "M8 15q4 3 8 0", "M7.5 14.5q4.5 6 9 0"];
/// Eyes as points, which the style sheet makes round.
const EYES: &str = "M9 10h.01M15 10h.01";

/// Draws the face of an answer from 1 to 5 into its button.
pub fn draw(button: &Element, answer: u32) {
    let mouth = MOUTHS.get((answer as usize).wrapping_sub(1)).copied().unwrap_or_default();
    let head = [("cx", "12"), ("cy", "12"), ("r", "10")];
    icon::draw(
        button,
        &[("circle", &head), ("path", &[("class", "eye"), ("d", EYES)]), ("path", &[("d", mouth)])],
    );
}
