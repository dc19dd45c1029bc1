//! A form that was refused: the field to correct, why, and what was entered, so that nothing is typed twice.

use maud::{Markup, html};

/// What a form could not take.
pub struct Refused {
    field: &'static str,
    why: String,
    entered: Vec<(&'static str, String)>,
}

impl Refused {
    /// Names the field and says why; `entered` is every field of the form with its value.
    pub fn new(
        field: &'static str,
        why: &str,
        entered: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Self {
        Self { field, why: why.to_owned(), entered: entered.into_iter().collect() }
    }

    /// The complaint, for the top of the page; the field refers to it.
    pub fn message(&self) -> Markup {
        html! { p.said.refused id="refused" role="alert" { (self.why) } }
    }
}

/// What was entered into a field of a refused form.
pub fn entered<'a>(refused: Option<&'a Refused>, field: &str) -> Option<&'a str> {
    let entered = refused?.entered.iter().find(|(name, _)| *name == field)?;
    Some(&entered.1)
}

/// `aria-invalid` of a field: whether it is the one to correct.
pub fn invalid(refused: Option<&Refused>, field: &str) -> Option<&'static str> {
    refused.filter(|refused| refused.field == field).map(|_| "true")
}

/// `aria-errormessage` of a field: where its complaint is.
pub fn complaint(refused: Option<&Refused>, field: &str) -> Option<&'static str> {
    invalid(refused, field).map(|_| "refused")
}
