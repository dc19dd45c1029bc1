//! Events: what happened in a browser, as the widget reports it.

use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::backend::FactValue;
use crate::files::{ElementState, FlowRef};
use crate::ids::{EventId, StageId, StepId};
use crate::{Millis, SortedMap};

/// An event in one person's browser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Event {
    /// Idempotency key; the same id is the same event, whatever else it says.
    pub id: EventId,
    /// The client's own clock when it happened.
    pub at: Millis,
    /// The visit it belongs to, from opening the page to closing it.
    pub session: EventId,
    /// Counts up within the session, from 1.
    pub n: u32,
    /// The kind.
    pub kind: EventKind,
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
    #[serde(default, skip_serializing_if = "SortedMap::is_empty")]
    pub data: SortedMap<String, FactValue>,
}

impl Event {
    /// Returns a text of `data`.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.data.get(name)? {
            FactValue::Text(text) => Some(text),
            _ => None,
        }
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// The kinds of event. The collector keeps an unknown kind as it came and shows it as unknown.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum EventKind {
            $($(#[$doc])* $variant,)*
            /// A kind that this version does not know.
            Unknown(String),
        }

        impl EventKind {
            /// The kind's name on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Unknown(name) => name,
                }
            }
        }

        impl From<&str> for EventKind {
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
    /// The account entered a stage of the journey.
    StageEntered = "stage.entered",
    /// A person saw the step in focus.
    StepShown = "step.shown",
    /// A person began the step.
    StepStarted = "step.started",
    /// The step's condition became true.
    StepCompleted = "step.completed",
    /// The step's condition stopped being true.
    StepReopened = "step.reopened",
    /// A person snoozed the step until a chosen time.
    StepSnoozed = "step.snoozed",
    /// The person said that the step does not apply.
    StepSkipped = "step.skipped",
    /// A person delegated the step to a colleague.
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
    /// A person said that a help article helped.
    FaqHelped = "faq.helped",
    /// A survey question was answered.
    SurveyAnswered = "survey.answered",
    /// A person requested a callback.
    CallbackRequested = "callback.requested",
    /// The widget noticed a frustration signal at a step; `data.signal` names it.
    StruggleNoticed = "struggle.noticed",
    /// The widget gave up `data.n` events, for `data.reason`.
    EventsDropped = "events.dropped",
    /// The widget itself failed; `data` says where and why.
    WidgetError = "widget.error",
    /// An event of the host's own, named in `data.name`.
    Custom = "custom",
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for EventKind {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "EventKind".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }
}

impl Serialize for EventKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for EventKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl Visitor<'_> for Name {
            type Value = EventKind;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an event kind")
            }
            fn visit_str<E>(self, name: &str) -> Result<EventKind, E> {
                Ok(EventKind::from(name))
            }
        }
        deserializer.deserialize_str(Name)
    }
}

/// Names under which a widget reports what a condition observes in the host's page.
pub struct Observation;

impl Observation {
    /// The event name that carries an observation in `data.leaf` and `data.holds`.
    pub const EVENT: &'static str = "tabiji.observed";

    /// Returns the observation's name for a page address.
    pub fn url(pattern: &str) -> String {
        String::from("url:") + pattern
    }

    /// Returns the observation's name for a control.
    pub fn element(selector: &str, state: ElementState) -> String {
        String::from("element:") + state.as_str() + ":" + selector
    }

    /// Returns the observation's name for a watched clip.
    pub fn video(clip: &str) -> String {
        String::from("video:") + clip
    }
}

/// A person's position in a guide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GuidePosition {
    /// The guided step.
    pub step: StepId,
    /// The stop, from 1; 0 when the tour has ended.
    pub stop: u32,
    /// When the person reached it.
    pub at: Millis,
}
