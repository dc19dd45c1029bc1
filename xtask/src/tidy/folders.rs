//! Which folder may not know what, with the reason; the compiler sees folders of a crate as one.

use std::fs;

use anyhow::Result;

/// A folder, what its code must not contain, and why.
const FORBIDDEN: [(&str, &str, &str); 14] = [
    ("widget/src/checklist", "crate::telemetry", "a feature folder knows state, ui and i18n only"),
    ("widget/src/checklist", "crate::host", "a feature folder knows state, ui and i18n only"),
    ("widget/src/ui", "crate::checklist", "ui knows no feature"),
    ("widget/src/telemetry", "leptos", "the outbox knows no components"),
    ("console/src/ui/charts", "crate::api", "charts draw plain numbers"),
    ("console/src/ui/charts", "protocol", "charts draw plain numbers"),
    ("server/src", "rusqlite", "SQL belongs to the stores"),
    ("server/src", "store_sqlite", "the binary alone chooses a store"),
    ("server/src", "use clap", "the command line belongs to cli"),
    ("server/src/chat", "Sse::new", "http::event_stream alone makes streams: proxies read its headers"),
    ("server/src/console", "Sse::new", "http::event_stream alone makes streams: proxies read its headers"),
    ("journey/src", "SystemTime", "time is a parameter"),
    ("protocol/src", "SystemTime", "time is a parameter"),
    ("protocol/src", "web_sys", "the protocol knows no browser"),
];

/// Names files that contain what their folder must not know.
pub fn faults() -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for file in super::ours(&["rs"])? {
        let (name, text) = (file.display().to_string(), fs::read_to_string(&file)?);
        let here =
            FORBIDDEN.iter().filter(|(folder, word, _)| name.starts_with(folder) && text.contains(word));
        faults.extend(here.map(|(_, word, why)| format!("{name}: names {word}; {why}")));
    }
    Ok(faults)
}
