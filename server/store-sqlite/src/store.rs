//! The store, call by call: what writes goes to the one writer, what reads to a reader.

use std::sync::Arc;

use ::store::{
    AccountRow, Answers, FlowRow, Helping, NewRecord, NewSite, Person, Promise, Published, Record, Refused,
    Site, SiteId, Store, StoreError, Touched, Written,
};
use async_trait::async_trait;
use journey::clips::Viewer;
use journey::funnel::Path;
use protocol::{
    AccountId, Comment, Film, FlowRef, GuidePlace, Millis, Progress, SiteKey, StepId, Table, UserId, Watched,
};
use tokio::sync::broadcast;

use crate::{Result, SqliteStore, answers, database, films, guided, helping, journal, project, read, sites};

#[async_trait]
impl Store for SqliteStore {
    async fn add_site(&self, site: NewSite) -> Result<SiteId> {
        let name = site.name.clone();
        let added = self.writer.run(move |db| sites::add(db, &site)).await;
        added.map_err(|error| match error {
            StoreError::Database(text) if text.contains("UNIQUE") => {
                StoreError::Exists(format!("a site named {name}"))
            }
            other => other,
        })
    }

    async fn sites(&self) -> Result<Vec<Site>> {
        self.read(|db| sites::list(db, None)).await
    }

    async fn site(&self, key: &SiteKey) -> Result<Option<Site>> {
        let key = key.clone();
        Ok(self.read(move |db| sites::list(db, Some(&key))).await?.pop())
    }

    async fn append(&self, records: Vec<NewRecord>) -> Result<Vec<Written>> {
        self.writer.append(records).await
    }

    async fn records(&self, site: SiteId, after: i64, limit: usize) -> Result<Vec<Record>> {
        let mut records = self.read(move |db| journal::after(db, Some(site), after, limit)).await?;
        records.truncate(limit);
        Ok(records)
    }

    async fn refuse(&self, refused: Refused) -> Result<()> {
        self.writer.run(move |db| journal::refuse(db, &refused)).await
    }

    async fn refused(&self) -> Result<Vec<Refused>> {
        self.read(journal::refused).await
    }

    async fn publish(&self, site: SiteId, row: FlowRow) -> Result<Published> {
        self.writer.run(move |db| sites::publish(db, site, &row)).await
    }

    async fn flows(&self, site: SiteId) -> Result<Vec<FlowRow>> {
        self.read(move |db| sites::flows(db, site)).await
    }

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

    async fn guide(&self, site: SiteId, account: &AccountId, user: &UserId) -> Result<Option<GuidePlace>> {
        let (account, user) = (account.clone(), user.clone());
        self.read(move |db| guided::place(db, site, &account, &user)).await
    }

    async fn postponed(&self, site: SiteId, flow: &str) -> Result<Vec<Promise>> {
        let flow = flow.to_owned();
        self.read(move |db| read::postponed(db, site, &flow)).await
    }

    async fn answered(&self, site: SiteId, account: &AccountId, user: &UserId) -> Result<Vec<String>> {
        let (account, user) = (account.clone(), user.clone());
        self.read(move |db| answers::answered(db, site, &account, &user)).await
    }

    async fn answers(&self, site: SiteId, flow: &str) -> Result<Vec<Answers>> {
        let flow = flow.to_owned();
        self.read(move |db| answers::all(db, site, &flow)).await
    }

    async fn comments(&self, site: SiteId, flow: &str) -> Result<Vec<Comment>> {
        let flow = flow.to_owned();
        self.read(move |db| answers::comments(db, site, &flow)).await
    }

    async fn helping(&self, site: SiteId, flow: &str, since: Millis) -> Result<Helping> {
        let flow = flow.to_owned();
        self.read(move |db| helping::since(db, site, &flow, since)).await
    }

    async fn keep_film(&self, site: SiteId, film: Film) -> Result<()> {
        self.writer.run(move |db| films::keep(db, site, &film)).await
    }

    async fn films(&self, site: SiteId) -> Result<Vec<Film>> {
        self.read(move |db| films::all(db, site)).await
    }

    async fn watched(
        &self,
        site: SiteId,
        account: &AccountId,
        user: &UserId,
    ) -> Result<Table<String, Watched>> {
        let (account, user) = (account.clone(), user.clone());
        self.read(move |db| films::watched(db, site, &account, &user)).await
    }

    async fn viewers(&self, site: SiteId, clip: &str) -> Result<Vec<Viewer>> {
        let clip = clip.to_owned();
        self.read(move |db| films::viewers(db, site, &clip)).await
    }

    async fn helped(
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

    async fn paths(&self, site: SiteId, flow: &FlowRef) -> Result<Arc<Vec<Path>>> {
        let (flow, paths) = (flow.clone(), Arc::clone(&self.paths));
        self.read(move |db| paths.look(db, site, &flow)).await
    }

    fn subscribe(&self) -> broadcast::Receiver<Touched> {
        match &self.projector {
            Some(projector) => projector.subscribe(),
            // A visit hears no news: its channel is closed from the start.
            None => broadcast::channel(1).1,
        }
    }

    async fn cursor(&self) -> Result<i64> {
        self.read(project::cursor).await
    }

    async fn can_write(&self) -> Result<()> {
        self.writer.check().await
    }

    async fn head(&self) -> Result<i64> {
        self.read(journal::head).await
    }

    async fn rebuild(&self, progress: Box<dyn FnMut(i64, i64) + Send>) -> Result<()> {
        let projector = self.projector.as_ref().ok_or_else(|| database("a visit cannot rebuild"))?;
        projector.rebuild(progress).await
    }

    async fn checksum(&self) -> Result<String> {
        self.read(read::checksum).await
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
}
