//! Help articles as the widget shows them.

use serde::{Deserialize, Serialize};

use crate::ids::StepId;

/// The answer to `POST /v1/help`, whose body is a [`SessionRequest`](super::SessionRequest).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ArticlesReply {
    /// Every article, in the person's language.
    pub articles: Vec<RenderedArticle>,
}

/// An article that the collector has parsed from Markdown, in one language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RenderedArticle {
    /// The file's name.
    pub id: String,
    /// Steps at which it is offered first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepId>,
    /// The title, phrased as a question.
    pub title: String,
    /// The body.
    pub text: Vec<Block>,
}

/// A block of an article. Articles are never sent as HTML, so no client can be made to run any.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A paragraph.
    #[serde(rename = "p")]
    Paragraph(Vec<Span>),
    /// A heading within the article.
    #[serde(rename = "h")]
    Heading(Vec<Span>),
    /// A bulleted list.
    #[serde(rename = "ul")]
    BulletedList(Vec<Vec<Span>>),
    /// A numbered list.
    #[serde(rename = "ol")]
    NumberedList(Vec<Vec<Span>>),
}

/// A run of text within a block.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Span {
    /// The text.
    #[serde(rename = "t")]
    pub text: String,
    /// Whether it is strong.
    #[serde(rename = "b", default, skip_serializing_if = "std::ops::Not::not")]
    pub strong: bool,
    /// The link's target: an https, http or mailto address, a step as `step:users`,
    /// or a clip as `clip:first-setup`.
    #[serde(rename = "to", default, skip_serializing_if = "String::is_empty")]
    pub link: String,
}
