//! Sizes of files.

use crate::i18n::concat;

/// Bytes as people read them.
pub fn amount(bytes: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = KIB * KIB;
    if bytes < MIB {
        return concat(&[&((bytes + KIB / 2) / KIB).max(1).to_string(), " KB"]);
    }
    let tenths = (bytes * 10 + MIB / 2) / MIB;
    concat(&[&(tenths / 10).to_string(), ".", &(tenths % 10).to_string(), " MB"])
}
