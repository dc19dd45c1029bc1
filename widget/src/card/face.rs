//! Five faces, from sad to glad.

use web_sys::Element;

use crate::ui::icon;

/// Mouths as curves.
const MOUTHS: [&str; 5] =
    ["M8 17q4-5 8 0", "M8 16.5q4-2.5 8 0", "M8 16h8", "M8 15q4 3 8 0", "M7.5 14.5q4.5 6 9 0"];

/// Draws the face of an answer from 1 to 5 into its button.
pub fn draw(button: &Element, answer: u32) {
    let mouth = MOUTHS.into_iter().zip(1..).find(|(_, at)| *at == answer).map_or("", |(mouth, _)| mouth);
    let eye = |x| [("class", "eye"), ("cx", x), ("cy", "10"), ("r", "1.25")];
    let shapes: [icon::Shape<'_>; 4] = [
        ("circle", &[("cx", "12"), ("cy", "12"), ("r", "10")]),
        ("circle", &eye("9")),
        ("circle", &eye("15")),
        ("path", &[("d", mouth)]),
    ];
    icon::draw(button, &shapes);
}
