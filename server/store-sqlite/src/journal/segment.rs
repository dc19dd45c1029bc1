//! Segments: neighbouring records of the journal in one compressed piece, which takes a fifth of the room of
//! its records one by one, since events are much alike. The table is called `parcel`.
//!
//! A segment is a sequence of [`PackedRecord`] in the wire format of postcard 1, as one Zstandard frame (RFC 8878)
//! with its checksum.

use protocol::ids::{AccountId, EventId, UserId};
use protocol::widget::limits;
use rusqlite::types::Type;
use serde::{Deserialize, Serialize};
use store::{NewRecord, SiteId, Source};
use uuid::Uuid;
use zstd::bulk::Compressor;
use zstd::zstd_safe::CParameter;

/// The most records in one segment. More are hardly smaller, and reading one record reads them all.
pub(crate) const MAX_RECORDS: usize = 128;
/// Zstandard's quickest level but for the negative ones: callers wait for the acknowledgement.
const LEVEL: i32 = 1;
/// More bytes than any segment unpacks to: a record is a part of one request, which is 1 MiB at most.
const MAX_BYTES: usize = 2 * MAX_RECORDS * limits::INFLATED_BYTES;

/// A record as it is packed; the order of the fields is the format.
#[derive(Serialize, Deserialize)]
struct PackedRecord<'a> {
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

/// Encodes segments; it is kept, since its compressor is dear to make.
pub(crate) struct SegmentEncoder(Compressor<'static>);

impl SegmentEncoder {
    /// An encoder.
    pub(crate) fn new() -> rusqlite::Result<Self> {
        let mut compressor = Compressor::new(LEVEL).map_err(unencodable)?;
        compressor.set_parameter(CParameter::ChecksumFlag(true)).map_err(unencodable)?;
        Ok(Self(compressor))
    }

    /// Encodes records, at most [`MAX_RECORDS`].
    pub(crate) fn encode(&mut self, records: &[&NewRecord]) -> rusqlite::Result<Vec<u8>> {
        let packed: Vec<PackedRecord<'_>> =
            records.iter().map(|record| PackedRecord::from(*record)).collect();
        let plain = postcard::to_stdvec(&packed).map_err(unencodable)?;
        self.0.compress(&plain).map_err(unencodable)
    }
}

/// Decodes the records of a segment, in their order.
///
/// # Errors
/// When the segment is damaged.
pub(crate) fn decode(segment: &[u8]) -> rusqlite::Result<Vec<NewRecord>> {
    let plain = zstd::bulk::decompress(segment, MAX_BYTES).map_err(damaged)?;
    let packed: Vec<PackedRecord<'_>> = postcard::from_bytes(&plain).map_err(damaged)?;
    Ok(packed.into_iter().map(NewRecord::from).collect())
}

fn unencodable(error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}

fn damaged(error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, Box::new(error))
}

impl<'a> From<&'a NewRecord> for PackedRecord<'a> {
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

impl From<PackedRecord<'_>> for NewRecord {
    fn from(packed: PackedRecord<'_>) -> Self {
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

/// The number of a source in segments and in `known`.
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
