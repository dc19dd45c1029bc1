//! Uploads: files for messages, as a store knows them. Their bytes are kept by the collector.

use async_trait::async_trait;
use protocol::Millis;
use protocol::chat::Attachment;
use protocol::ids::{ConversationId, EventId};

use crate::{Party, Result, SiteId, Visitor};

/// Who uploads a file; only they can send it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Uploader {
    /// A customer.
    Visitor(Visitor),
    /// An agent of a site, by e-mail address.
    Agent(SiteId, String),
}

impl Uploader {
    /// The site.
    pub fn site(&self) -> SiteId {
        match self {
            Self::Visitor(visitor) => visitor.site,
            Self::Agent(site, _) => *site,
        }
    }

    /// A text that no other uploader of the site has; ids contain no control characters.
    pub fn name(&self) -> String {
        match self {
            Self::Visitor(Visitor { account, user, .. }) => format!("visitor\n{account}\n{user}"),
            Self::Agent(_, email) => format!("agent\n{email}"),
        }
    }
}

/// A file that is about to be uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUpload {
    /// Made by the uploader.
    pub id: EventId,
    /// The file's name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// When the upload began.
    pub created: Millis,
}

/// How much may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadQuota {
    /// Bytes of a site.
    pub site: u64,
    /// Of them, bytes of guests: people without an identity token.
    pub guests: u64,
    /// Bytes that one uploader may upload after [`UploadQuota::since`].
    pub owner: u64,
    /// See [`UploadQuota::owner`].
    pub since: Millis,
    /// Unsent files of one uploader.
    pub unsent: u64,
}

/// The result of beginning an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadStart {
    /// It can be uploaded.
    Open,
    /// It was uploaded before.
    Complete(Attachment),
    /// Another file has this id.
    Conflict,
    /// It exceeds the quota.
    OverQuota,
}

/// Files that are uploaded, and those that were sent.
#[async_trait]
pub trait Uploads: Send + Sync {
    /// Begins an upload; beginning the same one again continues it.
    async fn begin_upload(
        &self,
        uploader: Uploader,
        upload: NewUpload,
        quota: UploadQuota,
    ) -> Result<UploadStart>;
    /// Returns an upload that is not complete; none when there is no such upload, or it is complete.
    async fn open_upload(&self, site: SiteId, id: EventId) -> Result<Option<NewUpload>>;
    /// Completes an upload. Its media type is known now; name and size may differ from what was announced.
    async fn finish_upload(&self, site: SiteId, file: Attachment) -> Result<()>;
    /// Deletes an upload that is not complete.
    async fn cancel_upload(&self, site: SiteId, id: EventId) -> Result<()>;
    /// Returns a file that was sent in a conversation; none when either does not exist for this party.
    async fn sent_file(
        &self,
        party: &Party,
        conversation: ConversationId,
        id: EventId,
    ) -> Result<Option<Attachment>>;
    /// Deletes uploads that began before `open` and are not complete, and those that began before `unsent` and were
    /// never sent.
    async fn delete_unsent(&self, site: SiteId, open: Millis, unsent: Millis) -> Result<()>;
    /// Returns every upload of a site, and whether it is complete.
    async fn uploads(&self, site: SiteId) -> Result<Vec<(EventId, bool)>>;
}
