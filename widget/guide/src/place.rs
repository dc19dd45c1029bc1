//! Where a card goes beside its control: pure geometry in CSS pixels of the visible part of the page.

/// An upright rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Rect {
    /// The right edge.
    pub fn right(self) -> f64 {
        self.x + self.w
    }

    /// The lower edge.
    pub fn bottom(self) -> f64 {
        self.y + self.h
    }

    /// The same rectangle, larger by `by` on every side.
    pub fn grown(self, by: f64) -> Self {
        Self { x: self.x - by, y: self.y - by, w: self.w + 2.0 * by, h: self.h + 2.0 * by }
    }

    /// The part that both have; without area when there is none.
    pub fn common(self, other: Self) -> Self {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let w = (self.right().min(other.right()) - x).max(0.0);
        let h = (self.bottom().min(other.bottom()) - y).max(0.0);
        Self { x, y, w, h }
    }

    /// Whether `other` lies inside, edges included.
    pub fn holds(self, other: Self) -> bool {
        other.x >= self.x
            && other.y >= self.y
            && other.right() <= self.right()
            && other.bottom() <= self.bottom()
    }

    /// Its area.
    pub fn area(self) -> f64 {
        self.w * self.h
    }
}

/// The side of the control that the card is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Under it.
    Below,
    /// Over it.
    Above,
    /// To the right of it.
    Right,
    /// To the left of it.
    Left,
}

/// Where the card goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// Beside the control; `arrow` is how far along the card's edge the control's middle is.
    Beside {
        /// Left edge of the card.
        x: f64,
        /// Top edge of the card.
        y: f64,
        /// Its side.
        side: Side,
        /// From the card's left or top edge.
        arrow: f64,
    },
    /// Along the lower edge, or the upper one when the control is low.
    Docked {
        /// Whether along the upper edge.
        top: bool,
    },
    /// In the middle: there is no control.
    Centred,
}

/// Between control and card: the cut-out's padding and the arrow.
pub const GAP: f64 = 16.0;
/// Between card and the edge of what can be seen.
pub const MARGIN: f64 = 8.0;
/// Narrower pages have no room beside anything.
pub const PHONE: f64 = 480.0;
/// The part of the height that a docked card may take, so that its control has the other.
const HALF: f64 = 0.5;
/// An arrow stays off the card's round corners by so much.
const CORNER: f64 = 20.0;

/// Finds the place: the preferred side, else one that has room, else along an edge of the page. The card
/// never leaves `view`, and it covers the control only where the control leaves no room at all.
///
/// `target` is the control's visible part, and nothing is beside what cannot be seen; `rtl` prefers the left side to the right.
pub fn place(target: Rect, card: (f64, f64), view: Rect, rtl: bool) -> Place {
    let docked = Place::Docked { top: target.y + target.h / 2.0 > view.y + view.h / 2.0 };
    let (w, h) = card;
    if target.common(view).area() == 0.0
        || view.w < PHONE
        || w + 2.0 * MARGIN > view.w
        || h + 2.0 * MARGIN > view.h
    {
        return docked;
    }
    let inner = view.grown(-MARGIN);
    let room = |side| match side {
        Side::Below => inner.bottom() - target.bottom() - GAP >= h,
        Side::Above => target.y - GAP - inner.y >= h,
        Side::Right => inner.right() - target.right() - GAP >= w,
        Side::Left => target.x - GAP - inner.x >= w,
    };
    let (near, far) = if rtl { (Side::Left, Side::Right) } else { (Side::Right, Side::Left) };
    let Some(side) = [Side::Below, Side::Above, near, far].into_iter().find(|side| room(*side)) else {
        return docked;
    };
    let (middle_x, middle_y) = (target.x + target.w / 2.0, target.y + target.h / 2.0);
    let along_x = between(middle_x - w / 2.0, inner.x, inner.right() - w);
    let along_y = between(middle_y - h / 2.0, inner.y, inner.bottom() - h);
    let (x, y) = match side {
        Side::Below => (along_x, target.bottom() + GAP),
        Side::Above => (along_x, target.y - GAP - h),
        Side::Right => (target.right() + GAP, along_y),
        Side::Left => (target.x - GAP - w, along_y),
    };
    let arrow = match side {
        Side::Below | Side::Above => on_edge(middle_x - x, w),
        Side::Right | Side::Left => on_edge(middle_y - y, h),
    };
    Place::Beside { x, y, side, arrow }
}

/// A place on an edge that is off its corners; the middle of an edge that is all corner.
fn on_edge(at: f64, length: f64) -> f64 {
    if length < 2.0 * CORNER { length / 2.0 } else { between(at, CORNER, length - CORNER) }
}

/// `clamp` can fail, and saying so would take ten kilobytes for printing two numbers.
fn between(value: f64, low: f64, high: f64) -> f64 {
    value.min(high).max(low)
}

/// Where the card's box is, for a place.
pub fn card_box(place: Place, card: (f64, f64), view: Rect) -> Rect {
    match place {
        Place::Beside { x, y, .. } => Rect { x, y, w: card.0, h: card.1 },
        Place::Centred if view.w >= PHONE => {
            let (w, h) = (card.0.min(view.w - 2.0 * MARGIN), card.1.min(view.h - 2.0 * MARGIN));
            Rect { x: view.x + (view.w - w) / 2.0, y: view.y + (view.h - h) / 2.0, w, h }
        }
        Place::Centred => card_box(Place::Docked { top: false }, card, view),
        Place::Docked { top } => {
            let h = card.1.min(view.h * HALF - MARGIN).max(0.0);
            let y = if top { view.y + MARGIN } else { view.bottom() - MARGIN - h };
            let w = card.0.max(view.w.min(PHONE) - 2.0 * MARGIN).min(view.w - 2.0 * MARGIN);
            Rect { x: view.x + (view.w - w) / 2.0, y, w, h }
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rect(
        x: std::ops::Range<f64>,
        y: std::ops::Range<f64>,
        size: std::ops::Range<f64>,
    ) -> impl Strategy<Value = Rect> {
        (x, y, size.clone(), size).prop_map(|(x, y, w, h)| Rect { x, y, w, h })
    }

    const EPSILON: f64 = 1e-6;

    proptest! {
        /// G31: never off screen, never over the control when it is beside it, and the arrow on its edge.
        #[test]
        fn g31_a_card_stays_on_the_page_and_off_its_control(
            view in rect(-200.0..200.0, -200.0..200.0, 200.0..1600.0),
            raw in rect(-300.0..1800.0, -300.0..1800.0, 1.0..900.0),
            card in (120.0..320.0f64, 60.0..500.0f64),
            rtl: bool,
        ) {
            let target = raw.common(view);
            let place = place(target, card, view, rtl);
            let there = card_box(place, card, view);
            prop_assert!(view.grown(EPSILON).holds(there), "{there:?} is not in {view:?}");
            if let Place::Beside { side, arrow, .. } = place {
                let common = there.common(target.grown(GAP - EPSILON));
                prop_assert!(target.area() == 0.0 || common.area() == 0.0, "{there:?} is over {target:?}");
                let length = if matches!(side, Side::Below | Side::Above) { there.w } else { there.h };
                prop_assert!((0.0..=length).contains(&arrow));
            }
        }

        /// G31: where there is room for a card on any side, it is beside the control.
        #[test]
        fn g31_room_is_used(x in 0.0..1000.0f64, y in 0.0..700.0f64, rtl: bool) {
            let view = Rect { x: 0.0, y: 0.0, w: 1280.0, h: 800.0 };
            let target = Rect { x, y, w: 100.0, h: 40.0 };
            let place = place(target, (320.0, 160.0), view, rtl);
            prop_assert!(matches!(place, Place::Beside { .. }), "{place:?}");
        }

        /// A small move of the control moves the card little, unless it changes sides.
        #[test]
        fn a_card_follows_smoothly(x in 0.0..1000.0f64, y in 0.0..700.0f64) {
            let view = Rect { x: 0.0, y: 0.0, w: 1280.0, h: 800.0 };
            let at = |x: f64| place(Rect { x, y, w: 100.0, h: 40.0 }, (320.0, 160.0), view, false);
            if let (Place::Beside { x: a, side: one, .. }, Place::Beside { x: b, side: two, .. }) =
                (at(x), at(x + 1.0)) && one == two
            {
                prop_assert!((b - a).abs() <= 1.0 + EPSILON);
            }
        }
    }

    #[test]
    fn a_phone_gets_a_sheet_at_the_other_end() {
        let view = Rect { x: 0.0, y: 0.0, w: 360.0, h: 640.0 };
        let low = Rect { x: 20.0, y: 560.0, w: 100.0, h: 40.0 };
        assert_eq!(place(low, (320.0, 160.0), view, false), Place::Docked { top: true });
        let high = Rect { y: 40.0, ..low };
        assert_eq!(place(high, (320.0, 160.0), view, false), Place::Docked { top: false });
    }

    #[test]
    fn the_reading_direction_picks_the_side() {
        let view = Rect { x: 0.0, y: 0.0, w: 1280.0, h: 300.0 };
        let target = Rect { x: 600.0, y: 100.0, w: 100.0, h: 100.0 };
        let side = |rtl| match place(target, (320.0, 200.0), view, rtl) {
            Place::Beside { side, .. } => Some(side),
            Place::Docked { .. } | Place::Centred => None,
        };
        assert_eq!((side(false), side(true)), (Some(Side::Right), Some(Side::Left)));
    }
}
