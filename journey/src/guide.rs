//! Rules of guides: which control is meant, where the card goes, and which page a stop belongs to. They know no
//! page. Reasons: `docs/decisions/0006-guide.md`.

pub mod placement;
pub mod route;
pub mod score;
