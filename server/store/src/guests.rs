//! What guests used: people without a token. Anybody can invent any number of them.

use std::ops::{Add, Sub};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{Result, SiteId};

/// What guests of a site used on one day, or may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuestUse {
    /// Records of the journal and entries of conversations.
    pub records: u64,
    /// Bytes of these, and of files.
    pub bytes: u64,
    /// Accounts that were not known before.
    pub accounts: u64,
    /// Conversations that were opened.
    pub conversations: u64,
    /// Files that were begun.
    pub files: u64,
    /// Connections to the chat.
    pub sockets: u64,
}

impl GuestUse {
    /// Whether none of it is over `most`.
    pub fn fits(self, most: Self) -> bool {
        self.parts().into_iter().zip(most.parts()).all(|((_, used), (_, most))| used <= most)
    }

    /// Each part of it with its name, as the configuration has it.
    pub fn parts(self) -> [(&'static str, u64); 6] {
        let Self { records, bytes, accounts, conversations, files, sockets } = self;
        [
            ("records", records),
            ("bytes", bytes),
            ("accounts", accounts),
            ("conversations", conversations),
            ("files", files),
            ("sockets", sockets),
        ]
    }

    fn each(self, other: Self, of: impl Fn(u64, u64) -> u64) -> Self {
        Self {
            records: of(self.records, other.records),
            bytes: of(self.bytes, other.bytes),
            accounts: of(self.accounts, other.accounts),
            conversations: of(self.conversations, other.conversations),
            files: of(self.files, other.files),
            sockets: of(self.sockets, other.sockets),
        }
    }
}

impl Add for GuestUse {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.each(other, u64::saturating_add)
    }
}

impl Sub for GuestUse {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.each(other, u64::saturating_sub)
    }
}

/// What the guests of each site used, day by day. A day is counted from 1970 on, in UTC.
#[async_trait]
pub trait Guests: Send + Sync {
    /// Sets what was used on a day, and forgets the days before it.
    async fn set_guest_use(&self, site: SiteId, day: i64, used: GuestUse) -> Result<()>;
    /// Returns what was used on a day.
    async fn guest_use(&self, site: SiteId, day: i64) -> Result<GuestUse>;
}
