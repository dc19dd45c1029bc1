//! Inline forms: a step that a person completes inside the widget.

use serde::{Deserialize, Serialize};

use super::LocalizedText;

/// A form inside the widget: rows that a person enters or pastes, or only their consent. The widget hands
/// them to an action that the host's page declared with `tabiji('action', name, …)`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct InlineForm<T = LocalizedText> {
    /// The name of the host's action, such as `users.create`.
    pub action: String,
    /// One sentence that says what will happen.
    pub text: T,
    /// The columns of a row, in the order in which rows are pasted; empty when one press is enough.
    #[serde(default, rename = "column", skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column<T>>,
}

/// A column of an inline form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Column<T = LocalizedText> {
    /// The key under which the action receives the value.
    pub id: String,
    /// Its label.
    pub label: T,
    /// A value as an example, which the empty field shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<T>,
    /// The kind of its values.
    #[serde(default)]
    pub kind: ColumnKind,
    /// Whether a row may leave it empty.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

/// The kind of a column's values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ColumnKind {
    /// Any text that is not blank.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A number.
    Number,
}
