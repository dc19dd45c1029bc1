//! From JSON: the fields of a flow that only prompts need.

use protocol::files::{Column, ColumnKind, InlineForm, Scale, SurveyQuestion};

use crate::wire::{Json, Read};

impl Read for InlineForm<String> {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            action: json.get("action")?,
            text: json.get("text")?,
            columns: json.get("column").unwrap_or_default(),
        })
    }
}

impl Read for Column<String> {
    fn read(json: &Json) -> Option<Self> {
        let kind = match json.get::<String>("kind").as_deref() {
            Some("email") => ColumnKind::Email,
            Some("number") => ColumnKind::Number,
            _ => ColumnKind::Text,
        };
        let (example, optional) = (json.get("example"), json.or_default("optional"));
        Some(Self { id: json.get("id")?, label: json.get("label")?, example, kind, optional })
    }
}

impl Read for SurveyQuestion<String> {
    fn read(json: &Json) -> Option<Self> {
        let scale = match json.get::<String>("scale")?.as_str() {
            "mood" => Scale::Mood,
            "ces" => Scale::Ces,
            "nps" => Scale::Nps,
            _ => return None,
        };
        Some(Self { id: json.get("id")?, scale, text: json.get("text") })
    }
}
