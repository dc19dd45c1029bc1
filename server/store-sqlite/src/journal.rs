//! The journal: append-only, in segments of neighbouring records, written by one thread with one fsync for
//! everything that waits. Why it is built so, and what was measured: docs/decisions/0005-intake.md.

mod records;
mod rejected;
mod rewrite;
mod segment;
mod write_lock;
mod writer;

pub(crate) use records::{after, append, damage, head};
pub(crate) use rejected::{add as add_rejected, list as rejected};
pub(crate) use rewrite::{carry_out, plan};
pub(crate) use segment::{SegmentEncoder, decode};
pub(crate) use write_lock::PriorityWriteLock;
pub(crate) use writer::Writer;

#[cfg(test)]
pub(crate) use segment::MAX_RECORDS;

/// The only lane of this journal.
pub(crate) const LANE: u16 = 0;
