//! Guests stand beside the verified, and push nothing of theirs out.

use std::sync::Arc;

use protocol::files::Scale;

use super::{NOON, answer, answered, fact, mood, postponed, projected};
use crate::{SiteId, Store, Vouched};

pub(super) async fn tell(store: &Arc<dyn Store>, site: SiteId) {
    let before = counts(store, site).await;
    let entered = |account: &str, salt| fact(site, account, "users", 9.0, NOON + 40, salt);
    let of_both = ["vouched", "~guest", "~other"];
    let mut records = Vec::new();
    for (salt, account) in (150..).step_by(5).zip(of_both) {
        records.push(entered(account, salt));
        records.push(answered(site, account, Some(3.0), "words", NOON + 41, salt + 1));
        records.push(postponed(site, &format!("{account}-later"), NOON + 900, NOON + 42, salt + 2));
        // A question that the flow does not ask.
        let mut invented = answered(site, account, Some(3.0), "invented", NOON + 43, salt + 3);
        invented.body = invented.body.replace("mood-usage", "nps-7").replace("\"mood\"", "\"nps\"").into();
        records.push(invented);
    }
    answer(store.append(records).await);
    let after = counts(store, site).await;
    let grown: Vec<usize> = before.iter().zip(&after).map(|(before, after)| after - before).collect();
    // Each of them has two accounts, and both have entered the flow.
    assert_eq!(grown, [2, 4, 1, 2, 1, 2, 1, 2], "a verified account, and two guests");
    let nps = ["nps-7".to_owned()];
    let asked = answer(store.survey_counts(site, "setup", &nps).await);
    let asked: Vec<_> = asked.iter().map(|one| (one.scale, one.score, one.n, one.guests)).collect();
    assert_eq!(asked, [(Scale::Nps, 3, 1, 2)], "only where it is asked for");
}

/// How many paths, answers, comments and snoozed steps there are: of the verified, and of guests.
async fn counts(store: &Arc<dyn Store>, site: SiteId) -> Vec<usize> {
    projected(store).await;
    let versions = answer(store.flow_versions(site).await);
    let newest = versions.last().map(|version| version.flow.reference());
    let newest = newest.unwrap_or_else(|| panic!("a flow was published before"));
    let paths = answer(store.funnel_paths(site, &newest).await);
    let answers = answer(store.survey_counts(site, "setup", &mood()).await);
    let sum = |of: fn(&crate::SurveyCount) -> u64| answers.iter().map(of).sum::<u64>() as usize;
    let mut counts = vec![paths.verified.len(), paths.guests.len(), sum(|one| one.n), sum(|one| one.guests)];
    for of in [Vouched::Verified, Vouched::Guests] {
        counts.push(answer(store.survey_comments(site, "setup", &mood(), of).await).len());
    }
    for of in [Vouched::Verified, Vouched::Guests] {
        counts.push(answer(store.snoozed_steps(site, "setup", of).await).len());
    }
    counts
}
