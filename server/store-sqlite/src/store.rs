//! The store, call by call: what writes goes to the one writer, what reads to a reader.

use std::sync::Arc;

use ::store::{
    AccountRow, Accounts, Clips, FlowVersion, Flows, HelpUsage, Journal, Mark, NewRecord, NewSite, Person,
    ProjectionUpdate, PublishOutcome, Record, RejectedBody, Reports, Site, SiteId, Sites, SnoozedStep,
    StoreError, SurveyCount, Written,
};
use async_trait::async_trait;
use journey::reports::clips::Viewer;
use journey::reports::funnel::Path;
use protocol::console::SurveyComment;
use protocol::files::{Flow, FlowRef};
use protocol::ids::{AccountId, SiteKey, StepId, UserId};
use protocol::stored::{Progress, Video, Watched};
use protocol::widget::GuidePosition;
use protocol::{Millis, SortedMap};
use tokio::sync::broadcast;

use crate::{
    LANE, Result, SqliteStore, answers, database, films, guided, helping, journal, project, read, sites,
};

#[async_trait]
impl Journal for SqliteStore {
    async fn append(&self, records: Vec<NewRecord>) -> Result<Vec<Written>> {
        self.writer.append(records).await
    }

    async fn records(&self, site: SiteId, after: &Mark, limit: usize) -> Result<Vec<Record>> {
        let after = after.in_lane(LANE);
        let mut records = self.read(move |db| journal::after(db, Some(site), after, limit)).await?;
        records.truncate(limit);
        Ok(records)
    }

    async fn head(&self) -> Result<Mark> {
        self.read(journal::head).await.map(Mark::single)
    }

    async fn cursor(&self) -> Result<Mark> {
        self.read(project::cursor).await.map(Mark::single)
    }

    fn subscribe(&self) -> broadcast::Receiver<ProjectionUpdate> {
        match &self.projector {
            Some(projector) => projector.subscribe(),
            // A visit hears no news: its channel is closed from the start.
            None => broadcast::channel(1).1,
        }
    }

    async fn rebuild(&self, progress: Box<dyn FnMut(i64, i64) + Send>) -> Result<()> {
        let projector = self.projector.as_ref().ok_or_else(|| database("a visit cannot rebuild"))?;
        projector.rebuild(progress).await
    }

    async fn checksum(&self) -> Result<String> {
        self.read(read::checksum).await
    }

    async fn can_write(&self) -> Result<()> {
        self.writer.check().await
    }

    async fn verify(&self) -> Result<std::result::Result<(), String>> {
        self.read(|db| {
            let said: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            if said != "ok" {
                return Ok(Err(said));
            }
            let damage = journal::damage(db)?;
            Ok(damage.map_or(Ok(()), |place| Err(format!("the journal cannot be read at place {place}"))))
        })
        .await
    }

    async fn record_rejected_body(&self, body: RejectedBody) -> Result<()> {
        self.writer.run(move |db| journal::refuse(db, &body)).await
    }

    async fn rejected_bodies(&self) -> Result<Vec<RejectedBody>> {
        self.read(journal::refused).await
    }
}

#[async_trait]
impl Sites for SqliteStore {
    async fn add_site(&self, site: NewSite) -> Result<SiteId> {
        let name = site.name.clone();
        let added = self.writer.run(move |db| sites::add(db, &site)).await;
        added.map_err(|error| match error {
            StoreError::Failed(text) if text.contains("UNIQUE") => {
                StoreError::Exists(format!("a site named {name}"))
            }
            other => other,
        })
    }

    async fn sites(&self) -> Result<Vec<Site>> {
        self.read(sites::list).await
    }

    async fn site_by_public_key(&self, key: &SiteKey) -> Result<Option<Site>> {
        let key = key.clone();
        self.read(move |db| sites::by_public_key(db, &key)).await
    }

    async fn sites_version(&self) -> Result<i64> {
        self.read(sites::version).await
    }

    async fn site_by_secret_hash(&self, hash: [u8; 32]) -> Result<Option<Site>> {
        self.read(move |db| sites::by_secret_hash(db, hash)).await
    }
}

#[async_trait]
impl Flows for SqliteStore {
    async fn publish_flow(&self, site: SiteId, version: FlowVersion) -> Result<PublishOutcome> {
        self.writer.run(move |db| sites::publish(db, site, &version)).await
    }

    async fn flow_versions(&self, site: SiteId) -> Result<Vec<FlowVersion>> {
        self.read(move |db| sites::flows(db, site)).await
    }

    async fn newest_flow(&self, site: SiteId, name: Option<&str>) -> Result<Option<Flow>> {
        let name = name.map(str::to_owned);
        self.read(move |db| sites::newest_flow(db, site, name.as_deref())).await
    }
}

#[async_trait]
impl Accounts for SqliteStore {
    async fn progress(&self, site: SiteId, account: &AccountId, flow: &str) -> Result<(Progress, i64)> {
        let (account, flow) = (account.clone(), flow.to_owned());
        self.read(move |db| read::progress(db, site, &account, &flow)).await
    }

    async fn account(&self, site: SiteId, account: &AccountId) -> Result<AccountRow> {
        let account = account.clone();
        self.read(move |db| read::account(db, site, &account)).await
    }

    async fn people(&self, site: SiteId, account: &AccountId) -> Result<Vec<Person>> {
        let account = account.clone();
        self.read(move |db| read::people(db, site, &account)).await
    }

    async fn person(&self, site: SiteId, account: &AccountId, user: &UserId) -> Result<Option<Person>> {
        let people = self.people(site, account).await?;
        Ok(people.into_iter().find(|person| person.user == *user))
    }

    async fn guide_position(
        &self,
        site: SiteId,
        account: &AccountId,
        user: &UserId,
    ) -> Result<Option<GuidePosition>> {
        let (account, user) = (account.clone(), user.clone());
        self.read(move |db| guided::place(db, site, &account, &user)).await
    }

    async fn answered_questions(
        &self,
        site: SiteId,
        account: &AccountId,
        user: &UserId,
    ) -> Result<Vec<String>> {
        let (account, user) = (account.clone(), user.clone());
        self.read(move |db| answers::answered(db, site, &account, &user)).await
    }
}

#[async_trait]
impl Reports for SqliteStore {
    async fn funnel_paths(&self, site: SiteId, flow: &FlowRef) -> Result<Arc<Vec<Path>>> {
        let (flow, paths) = (flow.clone(), Arc::clone(&self.paths));
        self.read(move |db| paths.look(db, site, &flow)).await
    }

    async fn survey_counts(&self, site: SiteId, flow: &str) -> Result<Vec<SurveyCount>> {
        let flow = flow.to_owned();
        self.read(move |db| answers::all(db, site, &flow)).await
    }

    async fn survey_comments(&self, site: SiteId, flow: &str) -> Result<Vec<SurveyComment>> {
        let flow = flow.to_owned();
        self.read(move |db| answers::comments(db, site, &flow)).await
    }

    async fn help_usage(&self, site: SiteId, flow: &str, since: Millis) -> Result<HelpUsage> {
        let flow = flow.to_owned();
        self.read(move |db| helping::since(db, site, &flow, since)).await
    }

    async fn snoozed_steps(&self, site: SiteId, flow: &str) -> Result<Vec<SnoozedStep>> {
        let flow = flow.to_owned();
        self.read(move |db| read::postponed(db, site, &flow)).await
    }
}

#[async_trait]
impl Clips for SqliteStore {
    async fn upsert_video(&self, site: SiteId, video: Video) -> Result<()> {
        self.writer.run(move |db| films::keep(db, site, &video)).await
    }

    async fn videos(&self, site: SiteId) -> Result<Vec<Video>> {
        self.read(move |db| films::all(db, site)).await
    }

    async fn watched_clips(
        &self,
        site: SiteId,
        account: &AccountId,
        user: &UserId,
    ) -> Result<SortedMap<String, Watched>> {
        let (account, user) = (account.clone(), user.clone());
        self.read(move |db| films::watched(db, site, &account, &user)).await
    }

    async fn clip_viewers(&self, site: SiteId, clip: &str) -> Result<Vec<Viewer>> {
        let clip = clip.to_owned();
        self.read(move |db| films::viewers(db, site, &clip)).await
    }

    async fn clip_effect(
        &self,
        site: SiteId,
        flow: &str,
        step: &StepId,
        clip: &str,
        now: Millis,
    ) -> Result<[(u64, u64); 2]> {
        let (flow, step, clip) = (flow.to_owned(), step.clone(), clip.to_owned());
        self.read(move |db| films::helped(db, site, &flow, &step, &clip, now)).await
    }
}
