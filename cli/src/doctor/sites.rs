//! Each site: its flow, its clips, who waits for an answer, and which requests were refused.

use anyhow::Result;
use protocol::files::Flow;
use protocol::stored::Video;
use server::app::integration::remedy;
use store::{RefusedRequests, Site, Store};

use super::{Finding, Verdict};
use crate::moment;
use crate::print::count;

pub(super) async fn examine(store: &dyn Store) -> Result<Vec<Finding>> {
    let sites = store.sites().await?;
    let mut findings = Vec::new();
    if sites.is_empty() {
        let help = "there are none: tabiji site add NAME --origin https://app.example.com".to_owned();
        findings.push(Finding::of("sites", Err(help)));
    }
    for site in &sites {
        findings.extend(of_site(store, site).await?);
    }
    for one in store.refused_requests(None).await? {
        findings.push(refused("NAME", &one));
    }
    Ok(findings)
}

async fn of_site(store: &dyn Store, site: &Site) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let flows = store.flow_versions(site.id).await?;
    let newest = flows.last().map(|row| format!("{}: {}", site.name, row.flow.reference()));
    if let Some(row) = flows.last().filter(|row| !row.flow.clips.is_empty()) {
        findings.push(Finding::of("clips", clips(&row.flow, &store.videos(site.id).await?)));
    }
    let help = format!("{} has no flow: tabiji publish FILE", site.name);
    findings.push(Finding::of("flow", newest.ok_or(help)));
    let waiting = store.unanswered(site.id).await?.len();
    if waiting > 0 {
        let wait = if waiting == 1 { "question that waits" } else { "questions that wait" };
        let text = format!("{} has {waiting} {wait} for an answer", site.name);
        findings.push(Finding::new("unanswered", Verdict::Note(text)));
    }
    for one in store.refused_requests(Some(site.id)).await? {
        findings.push(refused(&site.name, &one));
    }
    Ok(findings)
}

/// A refused request, with its sentence and the command that helps.
fn refused(site: &str, one: &RefusedRequests) -> Finding {
    let from = one.origin.as_deref().unwrap_or("a backend");
    let times = format!("{}, last {}", count(one.count, "time"), moment::text(one.times.1));
    let help = remedy(site, one).map(|command| format!(" -> {command}")).unwrap_or_default();
    let text = format!("{} from {from} ({times}): {}{help}", one.tag, one.message);
    Finding::new("refused", Verdict::Note(text))
}

/// Checks that every clip of a flow has a video, and every video captions.
fn clips(flow: &Flow, films: &[Video]) -> Result<String, String> {
    let film = |id: &str| films.iter().find(|film| film.clip == id);
    let of = |lacks: &dyn Fn(&str) -> bool| {
        let ids = flow.clips.iter().map(|clip| clip.id.as_str()).filter(|id| lacks(id));
        ids.collect::<Vec<_>>().join(", ")
    };
    let missing = of(&|id| film(id).is_none());
    let silent = of(&|id| film(id).is_some_and(|film| film.captions.is_empty()));
    match (missing.as_str(), silent.as_str()) {
        ("", "") => Ok(format!("{} in {}", flow.clips.len(), flow.reference())),
        ("", silent) => Err(format!("without captions: {silent}; tabiji media add FILE --captions FILE")),
        (missing, _) => Err(format!("without a video: {missing}; tabiji media add FILE --id ID")),
    }
}
