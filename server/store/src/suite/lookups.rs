//! Sites, flows and support files by their keys, and names by their ids.

use std::sync::Arc;

use protocol::files::SupportFile;

use super::{NOON, answer, fact, flow, id, projected, site};
use crate::{FlowVersion, Names, NewRecord, NewSite, SiteId, Source, Store};

pub(super) async fn tell(store: &Arc<dyn Store>, one: SiteId, two: SiteId) {
    names(store, one, two).await;
    let id = async |hash| answer(store.site_by_secret_hash(hash).await).map(|site| site.id);
    let version = answer(store.sites_version().await);
    let three = NewSite { secret_hash: [3; 32], ..site("three") };
    let three = answer(store.add_site(three).await);
    assert!(
        answer(store.sites_version().await) > version,
        "whoever remembers sites sees that there is another"
    );
    assert_eq!((id([3; 32]).await, id([1; 32]).await, id([9; 32]).await), (Some(three), Some(one), None));
    let found = answer(store.site_by_secret_hash([3; 32]).await);
    assert_eq!(found.map(|site| site.settings.origins.len()), Some(1), "with its origins");
    // The newest version of each flow, the last in the order of publication and name first.
    let newest = async |site| -> Vec<(String, u32)> {
        let flows = answer(store.newest_flows(site).await).into_iter();
        flows.map(|flow| (flow.name.clone(), flow.version)).collect()
    };
    assert_eq!(newest(three).await, []);
    let named = |name: &str, at| {
        let mut version = flow(1.0, at);
        version.flow.name = name.to_owned();
        FlowVersion { source: format!("{name} {at}"), ..version }
    };
    for version in [named("b", NOON + 1), named("a", NOON + 2), named("b", NOON + 3), named("a", NOON + 3)] {
        answer(store.publish_flow(three, version).await);
    }
    assert_eq!(newest(three).await, [("b".to_owned(), 2), ("a".to_owned(), 2)]);
    assert_eq!(newest(two).await, [], "no byte of the other site");
    // The support file in force, named by the moment from which it is.
    let zone = async |site| answer(store.support_file(site).await).map(|(since, file)| (since, file.zone));
    assert_eq!(zone(three).await, None);
    for (at, zone) in [(NOON, "Asia/Tokyo"), (NOON, "UTC")] {
        let file = SupportFile { zone: zone.into(), ..SupportFile::default() };
        answer(store.publish_support_file(three, at, file).await);
    }
    assert_eq!(zone(three).await, Some((NOON + 1, "UTC".to_owned())));
}

/// Many names at once come in the order in which they are asked for, with a place for each that is unknown.
async fn names(store: &Arc<dyn Store>, one: SiteId, two: SiteId) {
    let of = |source, body: serde_json::Value, salt| {
        let record = fact(one, "named", "users", 1.0, NOON, salt);
        let body = body.to_string().into();
        NewRecord { id: id(NOON, salt), source, user: Some("user-1".into()), body, ..record }
    };
    let records = vec![
        of(Source::Person, "Tanaka".into(), 90),
        of(Source::Account, serde_json::json!({ "name": "Acme" }), 91),
    ];
    answer(store.append(records).await);
    projected(store).await;
    let asked = vec![
        ("nobody".into(), Some("user-1".into())),
        ("named".into(), Some("user-1".into())),
        ("named".into(), Some("user-2".into())),
        ("named".into(), None),
    ];
    let called = |account: &str, person: Option<&str>| Names {
        account: Some(account.to_owned()),
        person: person.map(str::to_owned),
    };
    let known =
        [Names::default(), called("Acme", Some("Tanaka")), called("Acme", None), called("Acme", None)];
    assert_eq!(answer(store.names(one, asked.clone()).await), known);
    assert_eq!(answer(store.names(two, asked).await), vec![Names::default(); 4], "no byte of the other site");
}
