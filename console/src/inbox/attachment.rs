//! The attachment of the next message: uploaded when it is chosen, sent with the text.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::chat::{Attachment, UploadRequest, UploadTarget};
use protocol::ids::ConversationId;

use web_sys::Url;

use super::agent::Agent;
use super::conversation::OpenConversation;
use crate::api::{ApiError, Site, uploads};
use crate::ids::fresh_id;

/// The attachment of the next message; a handle.
#[derive(Clone, Copy)]
pub struct AttachmentUpload {
    agent: Agent,
    conversation: OpenConversation,
    /// The attachment, when its upload is complete.
    complete: RwSignal<Option<Attachment>>,
    /// How much of it is uploaded, in percent, until it is complete.
    percent: RwSignal<Option<u32>>,
    error: RwSignal<Option<&'static str>>,
    /// The address of the picture in this browser, when it is one.
    preview: RwSignal<Option<String>>,
    /// Numbers the choices: only the newest one counts.
    choices: StoredValue<u32>,
}

/// Why an upload ended.
enum UploadError {
    /// The agent removed the file or chose another one.
    Aborted,
    /// The collector did not take it.
    Failed(ApiError),
}

impl From<ApiError> for UploadError {
    fn from(error: ApiError) -> Self {
        Self::Failed(error)
    }
}

impl AttachmentUpload {
    /// Begins with none.
    pub fn new(agent: Agent, conversation: OpenConversation) -> Self {
        Self {
            agent,
            conversation,
            complete: RwSignal::new(None),
            percent: RwSignal::new(None),
            error: RwSignal::new(None),
            preview: RwSignal::new(None),
            choices: StoredValue::new(0),
        }
    }

    /// Returns the attachment, when its upload is complete.
    pub fn complete(self) -> Option<Attachment> {
        self.complete.get_untracked()
    }

    /// Tells whether an upload is under way.
    pub fn is_uploading(self) -> bool {
        self.percent.with(Option::is_some)
    }

    /// Tells whether an upload is under way, without subscribing.
    pub fn is_uploading_untracked(self) -> bool {
        self.percent.with_untracked(Option::is_some)
    }

    /// Returns the attachment's name, when its upload is complete.
    pub fn name(self) -> Option<String> {
        self.complete.with(|file| file.as_ref().map(|file| file.name.clone()))
    }

    /// Returns the address of the picture, when the attachment is one.
    pub fn preview(self) -> Option<String> {
        self.preview.get()
    }

    /// Returns how much is uploaded, in percent, until it is complete.
    pub fn percent(self) -> Option<u32> {
        self.percent.get()
    }

    /// Returns why the upload failed.
    pub fn error(self) -> Option<&'static str> {
        self.error.get()
    }

    /// Goes back to none: it was sent, or is not wanted.
    pub fn clear(self) {
        self.choices.update_value(|choices| *choices += 1);
        self.complete.set(None);
        self.percent.set(None);
        self.error.set(None);
        if let Some(address) = self.preview.get_untracked() {
            // An address of our own page: this cannot fail.
            let _ = Url::revoke_object_url(&address);
            self.preview.set(None);
        }
    }

    /// Uploads a file in place of the one before.
    pub fn choose(self, blob: web_sys::File) {
        self.clear();
        let (Some(conversation), Some(site)) = (self.conversation.id(), self.agent.site()) else { return };
        let number = self.choices.get_value();
        self.percent.set(Some(0));
        if blob.type_().starts_with("image/") {
            self.preview.set(Url::create_object_url_with_blob(&blob).ok());
        }
        spawn_local(async move {
            let done = self.upload(&site, conversation, &blob, number).await;
            if !self.is_newest(number) {
                return;
            }
            self.percent.set(None);
            match done {
                Ok(file) => self.complete.set(Some(file)),
                Err(UploadError::Aborted) => {}
                Err(UploadError::Failed(error)) => {
                    let texts = self.agent.texts;
                    self.error.set(Some(error.sentence(texts).unwrap_or(texts.not_sent)));
                }
            }
        });
    }

    async fn upload(
        self,
        site: &Site,
        conversation: ConversationId,
        blob: &web_sys::File,
        number: u32,
    ) -> Result<Attachment, UploadError> {
        let size = blob.size();
        let request = UploadRequest {
            id: fresh_id(),
            name: blob.name(),
            size: size as u64,
            ..UploadRequest::default()
        };
        let UploadTarget { url: to, chunk_bytes: piece, progress: mut at } =
            uploads::create(site, conversation, &request).await?;
        loop {
            if let Some(file) = at.file {
                return Ok(file);
            }
            if !self.is_newest(number) {
                // The collector's room is limited.
                let _ = uploads::abort(&to).await;
                return Err(UploadError::Aborted);
            }
            let from = at.offset as f64;
            let part = blob.slice_with_f64_and_f64(from, (from + piece as f64).min(size));
            at = uploads::append(&to, at.offset, &part.map_err(|_| ApiError::Offline)?).await?;
            self.percent.set(Some((at.offset as f64 * 100.0 / size) as u32));
        }
    }

    /// Tells whether no other file was chosen since, and the page is still there.
    fn is_newest(self, number: u32) -> bool {
        self.choices.try_get_value() == Some(number)
    }
}
