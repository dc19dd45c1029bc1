//! A digest of all projected rows that is the same in every store.

use journey::progress::EntryKind;
use protocol::backend::AccountUpdate;
use protocol::ids::{AccountId, EventId, OrderKey, UserId};
use protocol::stored::Progress;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{ClipKey, ClipWatch, HelpUse, Milestone, Moments, Snoozed, SurveyAnswer, TourPosition};
use crate::SiteId;

/// A projected row as the model has it, whatever columns it stands in. What depends on the order of arrival,
/// an account's revision, is left out.
#[derive(Clone, Debug)]
pub enum ProjectedRow {
    /// What is known of an account, and when it was seen.
    Account(SiteId, AccountId, AccountUpdate, Moments),
    /// A person's name.
    Person(SiteId, AccountId, UserId, String),
    /// An entry for the fold.
    Entry(SiteId, AccountId, OrderKey, Option<UserId>, EntryKind),
    /// Progress in a flow.
    Progress(SiteId, AccountId, String, Box<Progress>),
    /// A milestone in a flow, with its number from 1.
    Milestone(SiteId, AccountId, String, u64, Milestone),
    /// A snoozed step of a flow.
    Snoozed(SiteId, AccountId, String, Snoozed),
    /// A position in a guide.
    Tour(SiteId, AccountId, UserId, TourPosition),
    /// A survey answer.
    Answer(SiteId, AccountId, UserId, SurveyAnswer),
    /// What was watched of a video.
    Watched(SiteId, AccountId, ClipKey, ClipWatch),
    /// A use of help.
    Help(SiteId, AccountId, UserId, HelpUse),
}

/// Adds up the SHA-256 of every row. Rows may come in any order, so stores that sort texts differently agree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectionChecksum {
    sum: [u64; 4],
    rows: u64,
}

impl ProjectionChecksum {
    /// Adds a row.
    ///
    /// # Errors
    /// Never for rows that can be read back: all of them have a JSON form.
    pub fn add(&mut self, row: &ProjectedRow) -> serde_json::Result<()> {
        let digest = Sha256::digest(row.canonical()?);
        for (sum, bytes) in self.sum.iter_mut().zip(digest.chunks_exact(8)) {
            let mut number = [0; 8];
            number.copy_from_slice(bytes);
            *sum = sum.wrapping_add(u64::from_be_bytes(number));
        }
        self.rows += 1;
        Ok(())
    }

    /// The checksum as text.
    pub fn finish(&self) -> String {
        let mut all = Sha256::new();
        all.update(self.rows.to_be_bytes());
        self.sum.iter().for_each(|sum| all.update(sum.to_be_bytes()));
        all.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl ProjectedRow {
    /// The row's JSON form: the name of its kind, then its values in a fixed order.
    fn canonical(&self) -> serde_json::Result<Vec<u8>> {
        fn json(row: &impl Serialize) -> serde_json::Result<Vec<u8>> {
            serde_json::to_vec(row)
        }
        fn of(OrderKey(at, n, id): OrderKey) -> (i64, u32, EventId) {
            (at, n, id)
        }
        match self {
            Self::Account(site, account, known, seen) => {
                json(&("account", site.0, account, known, seen.first, seen.last))
            }
            Self::Person(site, account, user, name) => json(&("person", site.0, account, user, name)),
            Self::Entry(site, account, key, user, what) => {
                json(&("entry", site.0, account, of(*key), user, what))
            }
            Self::Progress(site, account, flow, progress) => {
                json(&("progress", site.0, account, flow, progress))
            }
            Self::Milestone(site, account, flow, number, row) => {
                let Milestone { at, kind, name, visit, user } = row;
                json(&("milestone", site.0, account, flow, number, at, kind.as_str(), name, visit, user))
            }
            Self::Snoozed(site, account, flow, (step, later)) => {
                json(&("snoozed", site.0, account, flow, step, later.until, &later.user, &later.reason))
            }
            Self::Tour(site, account, user, TourPosition { key, step, stop }) => {
                json(&("tour", site.0, account, user, of(*key), step, stop))
            }
            Self::Answer(site, account, user, row) => {
                let SurveyAnswer { key, question, flow, stage, scale, score, comment } = row;
                let said = (scale.as_str(), score, comment);
                json(&("answer", site.0, account, user, question, of(*key), flow, stage, said))
            }
            Self::Watched(site, account, ClipKey { user, clip, video }, row) => {
                let ClipWatch { first, key, received, place, seen, captioned, returned } = row;
                let seen = String::from(seen.clone());
                let received = (received.first, received.last);
                let watch = (first, of(*key), received, place, seen, captioned, returned);
                json(&("watched", site.0, account, user, clip, video, watch))
            }
            Self::Help(site, account, user, HelpUse { key, kind, step, article }) => {
                json(&("help", site.0, account, user, of(*key), *kind as u8, step, article))
            }
        }
    }
}
