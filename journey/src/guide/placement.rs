//! Where a card goes beside its control: pure geometry in CSS pixels of the visible part of the page.

/// Between control and card: the cut-out's padding and the arrow.
const GAP: f64 = 16.0;
/// Between card and the edge of what can be seen.
const MARGIN: f64 = 8.0;
/// Narrower pages have no room beside anything.
const PHONE: f64 = 480.0;
/// The part of the height that a docked card may take, so that its control has the other.
const HALF: f64 = 0.5;
/// An arrow stays off the card's round corners by so much.
const CORNER: f64 = 20.0;

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// Its width.
    pub w: f64,
    /// Its height.
    pub h: f64,
}

impl Rect {
    /// Its right edge.
    #[must_use]
    pub fn right(self) -> f64 {
        self.x + self.w
    }

    /// Its lower edge.
    #[must_use]
    pub fn bottom(self) -> f64 {
        self.y + self.h
    }

    /// The same rectangle, larger by `by` on every side.
    #[must_use]
    pub fn grown(self, by: f64) -> Self {
        Self { x: self.x - by, y: self.y - by, w: self.w + 2.0 * by, h: self.h + 2.0 * by }
    }

    /// The same rectangle, moved.
    #[must_use]
    pub fn moved(self, x: f64, y: f64) -> Self {
        Self { x: self.x + x, y: self.y + y, ..self }
    }

    /// The part that both have; without area when there is none.
    #[must_use]
    pub fn common(self, other: Self) -> Self {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let (right, bottom) = (self.right().min(other.right()), self.bottom().min(other.bottom()));
        Self { x, y, w: (right - x).max(0.0), h: (bottom - y).max(0.0) }
    }

    /// Its area.
    #[must_use]
    pub fn area(self) -> f64 {
        self.w * self.h
    }

    fn holds(self, inner: Self) -> bool {
        inner.x >= self.x
            && inner.y >= self.y
            && inner.right() <= self.right()
            && inner.bottom() <= self.bottom()
    }
}

/// Where a card is, as the style sheet names it: `below`, `above`, `right` or `left` of its control, `docked` along an
/// edge of the page, or `centred`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The word of the style sheet.
    pub side: &'static str,
    /// What the card takes up.
    pub rect: Rect,
    /// How far along the card's edge the control's middle is, when the card is beside it.
    pub arrow: Option<f64>,
}

/// What speaks for one side or another.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Wish {
    /// The page is read from right to left: the left side is better than the right.
    pub rtl: bool,
    /// The browser's own bubble may hang below the control.
    pub beside: bool,
    /// What is pressed next: it is covered only where there is no other side.
    pub clear: Rect,
}

fn between(value: f64, low: f64, high: f64) -> f64 {
    low.max(value.min(high))
}

/// A place on an edge that is off its corners; the middle of an edge that is all corner.
fn on_edge(at: f64, length: f64) -> f64 {
    if length < 2.0 * CORNER { length / 2.0 } else { between(at, CORNER, length - CORNER) }
}

fn docked(top: bool, card: Rect, view: Rect) -> Place {
    let h = card.h.min(view.h * HALF - MARGIN).max(0.0);
    let w = card.w.max(view.w.min(PHONE) - 2.0 * MARGIN).min(view.w - 2.0 * MARGIN);
    let y = if top { view.y + MARGIN } else { view.bottom() - MARGIN - h };
    Place { side: "docked", rect: Rect { x: view.x + (view.w - w) / 2.0, y, w, h }, arrow: None }
}

/// In the middle, or along the lower edge of a phone: there is no control.
#[must_use]
pub fn centred(card: Rect, view: Rect) -> Place {
    if view.w < PHONE {
        return docked(false, card, view);
    }
    let (w, h) = (card.w.min(view.w - 2.0 * MARGIN), card.h.min(view.h - 2.0 * MARGIN));
    let (x, y) = (view.x + (view.w - w) / 2.0, view.y + (view.h - h) / 2.0);
    Place { side: "centred", rect: Rect { x, y, w, h }, arrow: None }
}

/// Finds the place of a card, of which only the size counts: below the control, else on a side that has room, else
/// along the edge of the page that the control is farther from. The card never leaves `view`, and it covers the control
/// only where the control leaves no room at all.
///
/// `target` is the control's visible part, and nothing is beside what cannot be seen.
#[must_use]
pub fn place(target: Rect, card: Rect, view: Rect, wish: Wish) -> Place {
    let Rect { w, h, .. } = card;
    let (middle_x, middle_y) = (target.x + target.w / 2.0, target.y + target.h / 2.0);
    let edge = docked(middle_y > view.y + view.h / 2.0, card, view);
    let is_cramped = view.w < PHONE || w + 2.0 * MARGIN > view.w || h + 2.0 * MARGIN > view.h;
    if target.common(view).area() == 0.0 || is_cramped {
        return edge;
    }
    let inner = view.grown(-MARGIN);
    let along_x = between(middle_x - w / 2.0, inner.x, inner.right() - w);
    let along_y = between(middle_y - h / 2.0, inner.y, inner.bottom() - h);
    let (over, under) = (on_edge(middle_x - along_x, w), on_edge(middle_y - along_y, h));
    let below = ("below", along_x, target.bottom() + GAP, over);
    let above = ("above", along_x, target.y - GAP - h, over);
    let right = ("right", target.right() + GAP, along_y, under);
    let left = ("left", target.x - GAP - w, along_y, under);
    let (ahead, behind) = if wish.rtl { (left, right) } else { (right, left) };
    // Where the browser's bubble hangs, below is the last resort.
    let sides = if wish.beside { [ahead, behind, above, below] } else { [below, above, ahead, behind] };
    for clear in [wish.clear, Rect::default()] {
        for (side, x, y, arrow) in sides {
            let rect = Rect { x, y, w, h };
            if inner.holds(rect) && rect.common(clear).area() == 0.0 {
                return Place { side, rect, arrow: Some(arrow) };
            }
        }
    }
    edge
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EPSILON: f64 = 1e-6;
    const WINDOW: Rect = Rect { x: 0.0, y: 0.0, w: 1280.0, h: 800.0 };
    const CARD: Rect = Rect { x: 0.0, y: 0.0, w: 320.0, h: 160.0 };

    fn rect(from: std::ops::Range<f64>, size: std::ops::Range<f64>) -> impl Strategy<Value = Rect> {
        (from.clone(), from, size.clone(), size).prop_map(|(x, y, w, h)| Rect { x, y, w, h })
    }

    fn card() -> impl Strategy<Value = Rect> {
        (120.0..320.0, 60.0..500.0).prop_map(|(w, h)| Rect { w, h, ..Rect::default() })
    }

    fn wish() -> impl Strategy<Value = Wish> {
        let clear = rect(0.0..900.0, 0.0..300.0);
        (any::<bool>(), any::<bool>(), clear).prop_map(|(rtl, beside, clear)| Wish { rtl, beside, clear })
    }

    fn at(x: f64, y: f64, w: f64, h: f64) -> Rect {
        Rect { x, y, w, h }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]
        #[test]
        fn g31_a_card_stays_on_the_page_and_off_its_control_and_its_arrow_on_its_edge(
            view in rect(-200.0..200.0, 200.0..1600.0), raw in rect(-300.0..1800.0, 1.0..900.0),
            size in card(), wish in wish(),
        ) {
            let target = raw.common(view);
            for Place { side, rect, arrow } in [place(target, size, view, wish), centred(size, view)] {
                prop_assert!(view.grown(EPSILON).holds(rect), "{side}: {rect:?} is not in the page");
                let Some(arrow) = arrow else { continue };
                let is_off = target.area() == 0.0 || rect.common(target.grown(GAP - EPSILON)).area() == 0.0;
                prop_assert!(is_off, "{side}: it is over its control");
                let edge = if matches!(side, "below" | "above") { rect.w } else { rect.h };
                prop_assert!((0.0..=edge).contains(&arrow));
            }
        }

        #[test]
        fn g31_where_there_is_room_for_a_card_on_any_side_it_is_beside_the_control(
            x in 0.0..1000.0, y in 0.0..700.0, wish in wish(),
        ) {
            prop_assert!(place(at(x, y, 100.0, 40.0), CARD, WINDOW, wish).arrow.is_some());
        }

        #[test]
        fn a_small_move_of_the_control_moves_the_card_little_unless_it_changes_sides(
            x in 0.0..1000.0, y in 0.0..700.0,
        ) {
            let [one, two] = [x, x + 1.0].map(|x| place(at(x, y, 100.0, 40.0), CARD, WINDOW, Wish::default()));
            prop_assert!(one.side != two.side || (one.rect.x - two.rect.x).abs() <= 1.0 + EPSILON);
        }
    }

    #[test]
    fn a_phone_gets_a_sheet_at_the_other_end() {
        let view = at(0.0, 0.0, 360.0, 640.0);
        let placed = |y| {
            let place = place(at(20.0, y, 100.0, 40.0), CARD, view, Wish::default());
            (place.side, place.rect.y)
        };
        assert_eq!(placed(560.0), ("docked", 8.0));
        assert_eq!(placed(40.0), ("docked", 640.0 - 8.0 - 160.0));
    }

    #[test]
    fn the_reading_direction_picks_the_side() {
        let view = Rect { h: 300.0, ..WINDOW };
        let size = Rect { h: 200.0, ..CARD };
        let side =
            |rtl| place(at(600.0, 100.0, 100.0, 100.0), size, view, Wish { rtl, ..Wish::default() }).side;
        assert_eq!([side(false), side(true)], ["right", "left"]);
    }

    #[test]
    fn a_bubble_below_a_control_is_left_free_while_there_is_another_side() {
        let side = |x, rtl| {
            place(at(x, 300.0, 100.0, 40.0), CARD, WINDOW, Wish { rtl, beside: true, ..Wish::default() }).side
        };
        assert_eq!([side(600.0, false), side(600.0, true), side(1180.0, false)], ["right", "left", "left"]);
        let wide = place(at(0.0, 0.0, 1280.0, 400.0), CARD, WINDOW, Wish { beside: true, ..Wish::default() });
        assert_eq!(wide.side, "below");
    }

    #[test]
    fn w1_what_is_pressed_next_is_covered_only_where_there_is_no_other_side() {
        let field = at(600.0, 300.0, 100.0, 40.0);
        let wish = |clear| Wish { beside: true, clear, ..Wish::default() };
        let side = |clear| place(field, CARD, WINDOW, wish(clear)).side;
        let (right, left) = (at(740.0, 300.0, 80.0, 40.0), at(500.0, 300.0, 80.0, 40.0));
        assert_eq!([side(right), side(left), side(at(0.0, 300.0, 1280.0, 40.0))], ["left", "right", "above"]);
        assert_eq!(side(WINDOW), "right");
    }

    #[test]
    fn each_side_is_taken_when_it_alone_has_room() {
        let side = |x, y, w, h| place(at(x, y, w, h), CARD, WINDOW, Wish::default()).side;
        assert_eq!(side(0.0, 0.0, 1280.0, 400.0), "below");
        assert_eq!(side(0.0, 400.0, 1280.0, 400.0), "above");
        assert_eq!(side(0.0, 0.0, 800.0, 800.0), "right");
        assert_eq!(side(480.0, 0.0, 800.0, 800.0), "left");
        assert_eq!(side(0.0, 0.0, 1280.0, 800.0), "docked");
    }
}
