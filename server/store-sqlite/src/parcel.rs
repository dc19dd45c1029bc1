//! Parcels: neighbouring records of the journal in one compressed piece. What events say is much alike,
//! so a parcel takes a fifth of the room that its records would take one by one.
//!
//! A parcel is a sequence of [`Packed`] in the wire format of postcard 1, as one Zstandard frame
//! (RFC 8878) with its checksum.

use ::store::{NewRecord, SiteId, Source};
use protocol::ids::{AccountId, EventId, UserId};
use protocol::widget::limits;
use rusqlite::types::Type;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zstd::bulk::Compressor;
use zstd::zstd_safe::CParameter;

/// The most records in one parcel: more are hardly smaller, and who reads one record reads all.
pub(crate) const MOST: usize = 128;
/// Zstandard's quickest level but for the negative ones: somebody waits for the acknowledgement.
const LEVEL: i32 = 1;
/// Bytes that no parcel unpacks to: a record is a part of one request, which is 1 MiB at most.
const LARGEST: usize = 2 * MOST * limits::INFLATED_BYTES;

/// A record as it is packed; the order of the fields is the format.
#[derive(Serialize, Deserialize)]
struct Packed<'a> {
    site: i64,
    source: u8,
    received: i64,
    at: i64,
    id: [u8; 16],
    account: Option<&'a str>,
    user: Option<&'a str>,
    quarantine: Option<&'a str>,
    body: &'a str,
}

/// Makes parcels; kept by whoever makes many.
pub(crate) struct Packer(Compressor<'static>);

impl Packer {
    pub(crate) fn new() -> rusqlite::Result<Self> {
        let mut compressor = Compressor::new(LEVEL).map_err(refused)?;
        compressor.set_parameter(CParameter::ChecksumFlag(true)).map_err(refused)?;
        Ok(Self(compressor))
    }

    pub(crate) fn pack(&mut self, records: &[&NewRecord]) -> rusqlite::Result<Vec<u8>> {
        let packed: Vec<Packed<'_>> = records.iter().map(|record| Packed::from(*record)).collect();
        let plain = postcard::to_stdvec(&packed).map_err(refused)?;
        self.0.compress(&plain).map_err(refused)
    }
}

/// The records of a parcel, in their order.
///
/// # Errors
/// When the parcel is damaged.
pub(crate) fn unpack(parcel: &[u8]) -> rusqlite::Result<Vec<NewRecord>> {
    let plain = zstd::bulk::decompress(parcel, LARGEST).map_err(damaged)?;
    let packed: Vec<Packed<'_>> = postcard::from_bytes(&plain).map_err(damaged)?;
    Ok(packed.into_iter().map(NewRecord::from).collect())
}

fn refused(error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}

fn damaged(error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, Box::new(error))
}

impl<'a> From<&'a NewRecord> for Packed<'a> {
    fn from(record: &'a NewRecord) -> Self {
        Self {
            site: record.site.0,
            source: number_of(record.source),
            received: record.received,
            at: record.at,
            id: *record.id.0.as_bytes(),
            account: record.account.as_ref().map(AccountId::as_str),
            user: record.user.as_ref().map(UserId::as_str),
            quarantine: record.quarantine.as_deref(),
            body: &record.body,
        }
    }
}

impl From<Packed<'_>> for NewRecord {
    fn from(packed: Packed<'_>) -> Self {
        Self {
            site: SiteId(packed.site),
            id: EventId(Uuid::from_bytes(packed.id)),
            source: source_of(packed.source),
            received: packed.received,
            at: packed.at,
            account: packed.account.map(|account| AccountId(account.to_owned())),
            user: packed.user.map(|user| UserId(user.to_owned())),
            quarantine: packed.quarantine.map(str::to_owned),
            body: packed.body.into(),
        }
    }
}

/// How a source is written down.
pub(crate) fn number_of(source: Source) -> u8 {
    match source {
        Source::Event => 0,
        Source::Fact => 1,
        Source::Account => 2,
        Source::Person => 3,
        Source::Flow => 4,
    }
}

fn source_of(number: u8) -> Source {
    match number {
        0 => Source::Event,
        1 => Source::Fact,
        2 => Source::Account,
        3 => Source::Person,
        _ => Source::Flow,
    }
}
