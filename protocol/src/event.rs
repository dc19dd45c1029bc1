//! What happened, as the widget reports it.

use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{EventId, FactValue, FlowRef, Millis, StageId, StepId, Table};

/// One thing that happened in one person's browser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Idempotency key; the same id is the same event, whatever else it says.
    pub id: EventId,
    /// The client's own clock when it happened.
    pub at: Millis,
    /// The visit it belongs to: from opening the page to closing it.
    pub session: EventId,
    /// Counts up within the session, from 1.
    pub n: u32,
    /// What kind of thing.
    pub kind: Kind,
    /// The flow and version the person was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<FlowRef>,
    /// The step it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepId>,
    /// The stage it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageId>,
    /// Flat details: names, numbers, flags. `name` is the event's name for `custom`.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub data: Table<String, FactValue>,
}

impl Event {
    /// A text from `data`, when there is one of that name.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.data.get(name)? {
            FactValue::Text(text) => Some(text),
            _ => None,
        }
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// The kinds of event; an unknown one is kept as it came and shown as unknown.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Kind {
            $($(#[$doc])* $variant,)*
            /// A kind that this version does not know.
            Unknown(String),
        }

        impl Kind {
            /// The kind's name on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Unknown(name) => name,
                }
            }
        }

        impl From<&str> for Kind {
            fn from(name: &str) -> Self {
                match name {
                    $($name => Self::$variant,)*
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }
    };
}

kinds! {
    /// The account came into a stage of the journey.
    StageEntered = "stage.entered",
    /// A person saw the step in focus.
    StepShown = "step.shown",
    /// A person began the step.
    StepStarted = "step.started",
    /// The step's condition became true.
    StepCompleted = "step.completed",
    /// The step's condition stopped being true.
    StepReopened = "step.reopened",
    /// "Later", until a chosen time.
    StepSnoozed = "step.snoozed",
    /// The person said that the step does not apply.
    StepSkipped = "step.skipped",
    /// A colleague was asked.
    StepDelegated = "step.delegated",
    /// A guide began to point at a control.
    GuideStarted = "guide.started",
    /// A guide ended, with a reason.
    GuideEnded = "guide.ended",
    /// A guide's control was not found.
    GuideTargetMissing = "guide.target_missing",
    /// A clip began to play.
    VideoStarted = "video.started",
    /// A quarter of a clip was watched.
    VideoProgress = "video.progress",
    /// At least 95 % of a clip was watched.
    VideoCompleted = "video.completed",
    /// The chat panel was opened.
    ChatOpened = "chat.opened",
    /// A conversation was resolved.
    ChatResolved = "chat.resolved",
    /// A help article was read.
    FaqViewed = "faq.viewed",
    /// A help article solved it.
    FaqHelped = "faq.helped",
    /// A survey question was answered.
    SurveyAnswered = "survey.answered",
    /// A phone call was asked for.
    CallbackRequested = "callback.requested",
    /// Somebody seemed to struggle with a step; `data.signal` says how.
    StruggleNoticed = "struggle.noticed",
    /// The widget itself failed at something.
    WidgetError = "widget.error",
    /// An event of the host's own, named in `data.name`.
    Custom = "custom",
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl Visitor<'_> for Name {
            type Value = Kind;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an event kind")
            }
            fn visit_str<E>(self, name: &str) -> Result<Kind, E> {
                Ok(Kind::from(name))
            }
        }
        deserializer.deserialize_str(Name)
    }
}
