//! From JSON: the protocol's words.

use protocol::backend::FactValue;
use protocol::files::{Condition, ElementState, Flow, Need, Stage, Step};
use protocol::ids::{AccountId, EventId, OrderKey, StageId, StepId, UserId};
use protocol::stored::{Delegation, DoneBy, Progress, Snooze, StepProgress, StepStatus, Tally};
use protocol::widget::{BatchLimits, BatchReply, ChecklistSession, EventOutcome, EventResult, ProgressReply};

use super::read::{Json, Read, table};

impl Read for EventId {
    fn read(json: &Json) -> Option<Self> {
        EventId::parse(&json.0.as_string()?)
    }
}

impl Read for FactValue {
    fn read(json: &Json) -> Option<Self> {
        let number = json.number().filter(|number| number.is_finite()).map(Self::Number);
        number.or_else(|| json.0.as_bool().map(Self::Flag)).or_else(|| json.0.as_string().map(Self::Text))
    }
}

impl Read for BatchReply {
    fn read(json: &Json) -> Option<Self> {
        Some(Self { results: json.get("results")?, server_time: json.get("server_time")? })
    }
}

impl Read for EventResult {
    fn read(json: &Json) -> Option<Self> {
        let outcome = match json.get::<String>("outcome")?.as_str() {
            "stored" => EventOutcome::Stored,
            "duplicate" => EventOutcome::Duplicate,
            "quarantined" => EventOutcome::Quarantined,
            _ => EventOutcome::Retry,
        };
        let index = json.or_default::<u32>("index") as usize;
        Some(Self { id: json.get("id"), index, outcome, reason: json.get("reason") })
    }
}

impl Read for ChecklistSession {
    fn read(json: &Json) -> Option<Self> {
        let limits = json.field("limits");
        let limit = |name: &str| limits.or_default::<u32>(name) as usize;
        Some(Self {
            user: UserId(json.get("user")?),
            account: AccountId(json.get("account")?),
            name: json.get("name"),
            verified: json.get("verified")?,
            expectation: json.get("expectation"),
            flow: if json.has("flow") { Some(json.get("flow")?) } else { None },
            progress: json.get("progress")?,
            people: table(&json.field("people"), UserId),
            revision: json.get("revision")?,
            server_time: json.get("server_time")?,
            limits: BatchLimits { events: limit("events"), bytes: limit("bytes") },
        })
    }
}

impl Read for ProgressReply {
    fn read(json: &Json) -> Option<Self> {
        let people = table(&json.field("people"), UserId);
        Some(Self { progress: json.get("progress")?, people, revision: json.get("revision")? })
    }
}

impl Read for Progress {
    fn read(json: &Json) -> Option<Self> {
        let last = json.field("last");
        Some(Self {
            version: json.get("version")?,
            last: OrderKey(
                i64::read(&last.field("0"))?,
                u32::read(&last.field("1"))?,
                EventId::read(&last.field("2"))?,
            ),
            entered: json.get("entered"),
            steps: table(&json.field("steps"), StepId),
            stage: json.get("stage").map(StageId),
            visits: table(&json.field("visits"), StageId),
            facts: table(&json.field("facts"), |name| name),
            // The page's glue reads it.
            contributions: protocol::SortedMap::default(),
            observed: table(&json.field("observed"), |name| name),
            tallies: table(&json.field("tallies"), |name| name),
        })
    }
}

impl Read for Tally {
    fn read(json: &Json) -> Option<Self> {
        let pairs = |name: &str| json.get::<Vec<Json>>(name).unwrap_or_default();
        let time = |pair: Json| Some((i64::read(&pair.field("0"))?, EventId::read(&pair.field("1"))?));
        let met = |pair: Json| Some((u32::read(&pair.field("0"))?, u32::read(&pair.field("1"))?));
        Some(Self {
            times: pairs("times").into_iter().filter_map(time).collect(),
            met: pairs("met").into_iter().filter_map(met).collect(),
        })
    }
}

impl Read for StepProgress {
    fn read(json: &Json) -> Option<Self> {
        let by = match json.get::<String>("by").as_deref() {
            Some("fact") => Some(DoneBy::Fact),
            Some("event") => Some(DoneBy::Event),
            Some("person") => Some(DoneBy::Person),
            Some("flow") => Some(DoneBy::Flow),
            _ => None,
        };
        let done = json.get::<String>("status")? == "done";
        Some(Self {
            status: if done { StepStatus::Done } else { StepStatus::Open },
            visit: json.or_default("visit"),
            held: json.or_default("held"),
            shown: json.get("shown"),
            done_at: json.get("done_at"),
            by,
            user: json.get("user").map(UserId),
            confirmed: json.or_default("confirmed"),
            snooze: json.get("later"),
            delegation: json.get("asked"),
        })
    }
}

impl Read for Delegation {
    fn read(json: &Json) -> Option<Self> {
        Some(Self { to: json.get("to")?, by: json.get("by").map(UserId) })
    }
}

impl Read for Snooze {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            until: json.get("until")?,
            user: json.get("user").map(UserId),
            // Said to customer success, not to colleagues.
            reason: String::new(),
            page: json.get("page"),
            // The page's glue reads it.
            field: None,
        })
    }
}

impl Read for Flow<String> {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            name: json.get("name")?,
            version: json.get("version")?,
            // Nobody asks the widget for these.
            default_locale: String::new(),
            locales: Vec::new(),
            window_days: 0,
            title: json.get("title")?,
            contact: json.get("contact"),
            // The parts that show them read them from the session's reply.
            finish: None,
            clips: Vec::new(),
            stages: json.get("stage")?,
        })
    }
}

impl Read for Stage<String> {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            id: StageId(json.get("id")?),
            title: json.get("title")?,
            steps: json.get("step")?,
            surveys: Vec::new(),
        })
    }
}

impl Read for Step<String> {
    fn read(json: &Json) -> Option<Self> {
        let can_wait = json.get::<String>("need").as_deref() == Some("can-wait");
        let after: Vec<String> = json.or_default("after");
        Some(Self {
            id: StepId(json.get("id")?),
            title: json.get("title")?,
            why: json.get("why")?,
            minutes: json.get("minutes")?,
            need: if can_wait { Need::CanWait } else { Need::MustHave },
            done: json.get("done")?,
            after: after.into_iter().map(StepId).collect(),
            link: json.get("link"),
            // Not shown by the checklist, so not read here.
            guide: Vec::new(),
            inline_form: None,
            variants: Vec::new(),
            video: None,
        })
    }
}

impl Read for Condition {
    fn read(json: &Json) -> Option<Self> {
        let state = || match json.get::<String>("state").as_deref() {
            Some("visible") => ElementState::Visible,
            Some("checked") => ElementState::Checked,
            Some("filled") => ElementState::Filled,
            _ => ElementState::Present,
        };
        let fact =
            |name| Self::Fact { name, at_least: json.field("at_least").number(), equals: json.get("equals") };
        let event = |name| Self::Event {
            name,
            times: json.get("times").unwrap_or(1),
            within_minutes: json.or_default("within_minutes"),
        };
        (json.get("all").map(Self::All))
            .or_else(|| json.get("any").map(Self::Any))
            .or_else(|| Some(Self::Not(Box::new(json.get("not")?))))
            .or_else(|| json.get("fact").map(fact))
            .or_else(|| json.get("event").map(event))
            .or_else(|| json.get("url").map(Self::Url))
            .or_else(|| Some(Self::Element { selector: json.get("element")?, state: state() }))
            .or_else(|| json.get("video").map(Self::Video))
            .or_else(|| Some(Self::Step(StepId(json.get("step")?))))
            .or_else(|| json.get::<bool>("confirmed").map(|_| Self::Confirmed))
    }
}
