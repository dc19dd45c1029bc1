//! A projection in memory, made by the pure rules alone: the measure of every store.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;
use std::sync::Arc;

use journey::progress::Entry;
use protocol::backend::AccountUpdate;
use protocol::ids::{AccountId, OrderKey, UserId};
use protocol::stored::Progress;

use super::{answer, journal_of, projected};
use crate::projection::{
    AccountChanges, ClipKey, ClipWatch, FirstEntry, FlowChange, HelpUse, Milestone, Moments, ProjectedRow,
    ProjectionChecksum, SiteRules, Snoozed, SurveyAnswer, TourPosition, advance, gather, plan_entries,
    replay, rules,
};
use crate::{FlowVersion, Record, SiteId, Source, Store};

/// What is projected of one account.
#[derive(Default)]
struct Account {
    known: AccountUpdate,
    seen: Option<Moments>,
    names: BTreeMap<UserId, String>,
    tours: BTreeMap<UserId, TourPosition>,
    answers: BTreeMap<(UserId, String), SurveyAnswer>,
    watched: BTreeMap<ClipKey, ClipWatch>,
    help: BTreeMap<(UserId, OrderKey), HelpUse>,
    entries: BTreeMap<OrderKey, Entry>,
    flows: BTreeMap<String, FlowState>,
}

struct FlowState {
    progress: Progress,
    snoozed: Vec<Snoozed>,
    milestones: Vec<Milestone>,
}

/// Everything that a journal says.
#[derive(Default)]
pub struct Reference {
    accounts: BTreeMap<(SiteId, AccountId), Account>,
    versions: BTreeMap<SiteId, Vec<FlowVersion>>,
    rules: BTreeMap<SiteId, SiteRules>,
}

impl Reference {
    /// Projects a stretch of the journal. A publication must be alone in its stretch, after [`Self::publish`].
    pub fn project(&mut self, records: &[Record]) {
        if let [Record { record, .. }] = records
            && record.source == Source::Flow
        {
            return self.adopt(record.site);
        }
        for ((site, id), changes) in gather(records).accounts {
            let rules = self.rules.entry(site).or_default();
            self.accounts.entry((site, id)).or_default().apply(changes, rules);
        }
    }

    /// Notes a published flow; its record in the journal brings it into force.
    pub fn publish(&mut self, site: SiteId, version: FlowVersion) {
        let versions = self.versions.entry(site).or_default();
        versions.push(version);
        self.rules.insert(site, rules(versions.clone()));
    }

    fn adopt(&mut self, site: SiteId) {
        let rules = self.rules.entry(site).or_default();
        for (_, account) in self.accounts.iter_mut().filter(|((of, _), _)| *of == site) {
            for (flow, rules) in &*rules {
                account.write(flow, replay(rules, account.entries.values().cloned().collect()));
            }
        }
    }

    /// The transitions of each account of a site in a flow, in the order in which they happened.
    pub fn milestones<'a>(
        &'a self,
        site: SiteId,
        flow: &'a str,
    ) -> impl Iterator<Item = (&'a AccountId, &'a [Milestone])> {
        let of_site = self.accounts.iter().filter(move |((of, _), _)| *of == site);
        of_site
            .filter_map(move |((_, id), account)| Some((id, account.flows.get(flow)?.milestones.as_slice())))
    }

    /// The checksum of all rows.
    pub fn checksum(&self) -> String {
        let mut checksum = ProjectionChecksum::default();
        for ((site, id), account) in &self.accounts {
            for row in account.rows(*site, id) {
                checksum.add(&row).unwrap_or_else(|error| panic!("a row has no JSON form: {error}"));
            }
        }
        checksum.finish()
    }
}

/// Compares what a store projected with what the pure rules make of its journal.
pub(super) async fn matches_reference(store: &Arc<dyn Store>, sites: &[SiteId]) {
    projected(store).await;
    let mut reference = Reference::default();
    for site in sites {
        for version in answer(store.flow_versions(*site).await) {
            reference.publish(*site, version);
        }
        let journal = journal_of(store, *site).await;
        for stretch in journal.chunk_by(|a, b| [a, b].iter().all(|one| one.record.source != Source::Flow)) {
            reference.project(stretch);
        }
    }
    assert_eq!(answer(store.checksum().await), reference.checksum(), "the rows are what the rules say");
}

impl Account {
    fn apply(&mut self, changes: AccountChanges, rules: &SiteRules) {
        self.seen.get_or_insert(changes.seen).merge(changes.seen);
        if let Some(update) = changes.update {
            journey::account::merge(&mut self.known, update);
        }
        self.names.extend(changes.names);
        for (user, tour) in changes.tours {
            self.tours.entry(user).or_insert_with(|| tour.clone()).merge(tour);
        }
        for (key, answer) in changes.answers {
            self.answers.entry(key).or_insert_with(|| answer.clone()).merge(answer);
        }
        for (key, watch) in changes.watched {
            match self.watched.get_mut(&key) {
                Some(kept) => kept.merge(watch),
                None => drop(self.watched.insert(key, watch)),
            }
        }
        for (user, used) in changes.help {
            self.help.entry((user, used.key)).or_insert(used);
        }
        let fresh = self.add_entries(changes.entries);
        if !fresh.is_empty() {
            self.fold(rules, &fresh);
        }
    }

    fn add_entries(&mut self, entries: Vec<Entry>) -> Vec<Entry> {
        let first = self.entries.first_key_value().map(|(key, entry)| FirstEntry {
            key: *key,
            is_presence: entry.what == journey::progress::EntryKind::Present,
        });
        let plan = plan_entries(entries, first.as_ref());
        let mut fresh = Vec::new();
        for entry in plan.add {
            if let Slot::Vacant(slot) = self.entries.entry(entry.key) {
                slot.insert(entry.clone());
                fresh.push(entry);
            }
        }
        if let Some(key) = plan.delete {
            self.entries.remove(&key);
        }
        fresh
    }

    fn fold(&mut self, rules: &SiteRules, fresh: &[Entry]) {
        for (flow, rules) in rules {
            let state = self.flows.get(flow).map(|state| state.progress.clone());
            let change = advance(rules, state, fresh)
                .or_else(|| replay(rules, self.entries.values().cloned().collect()));
            self.write(flow, change);
        }
    }

    fn write(&mut self, flow: &str, change: Option<FlowChange>) {
        let Some(FlowChange { progress, snoozed, milestones, replaces }) = change else { return };
        let before = self.flows.remove(flow);
        let (old_snoozed, old) = before.map(|state| (state.snoozed, state.milestones)).unwrap_or_default();
        let mut all = if replaces { Vec::new() } else { old };
        all.extend(milestones);
        let snoozed = snoozed.unwrap_or(old_snoozed);
        self.flows.insert(flow.to_owned(), FlowState { progress, snoozed, milestones: all });
    }

    fn rows(&self, site: SiteId, id: &AccountId) -> Vec<ProjectedRow> {
        let id = || id.clone();
        let mut rows = Vec::new();
        if let Some(seen) = self.seen {
            rows.push(ProjectedRow::Account(site, id(), self.known.clone(), seen));
        }
        rows.extend(
            self.names.iter().map(|(u, name)| ProjectedRow::Person(site, id(), u.clone(), name.clone())),
        );
        rows.extend(
            self.tours.iter().map(|(u, tour)| ProjectedRow::Tour(site, id(), u.clone(), tour.clone())),
        );
        let answers = self.answers.iter();
        rows.extend(answers.map(|((u, _), one)| ProjectedRow::Answer(site, id(), u.clone(), one.clone())));
        rows.extend(
            self.watched.iter().map(|(k, one)| ProjectedRow::Watched(site, id(), k.clone(), one.clone())),
        );
        rows.extend(
            self.help.iter().map(|((u, _), one)| ProjectedRow::Help(site, id(), u.clone(), one.clone())),
        );
        let entries = self.entries.values().cloned();
        rows.extend(entries.map(|e| ProjectedRow::Entry(site, id(), e.key, e.user, e.what)));
        for (flow, state) in &self.flows {
            rows.push(ProjectedRow::Progress(site, id(), flow.clone(), Box::new(state.progress.clone())));
            let snoozed = state.snoozed.iter().cloned();
            rows.extend(snoozed.map(|one| ProjectedRow::Snoozed(site, id(), flow.clone(), one)));
            let milestones = (1..).zip(state.milestones.iter().cloned());
            rows.extend(milestones.map(|(n, one)| ProjectedRow::Milestone(site, id(), flow.clone(), n, one)));
        }
        rows
    }
}
