//! Sizes of files.

/// Bytes as people read them.
pub fn amount(bytes: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = KIB * KIB;
    if bytes < MIB {
        return [&((bytes + KIB / 2) / KIB).max(1).to_string(), " KB"].concat();
    }
    let tenths = (bytes * 10 + MIB / 2) / MIB;
    [&(tenths / 10).to_string(), ".", &(tenths % 10).to_string(), " MB"].concat()
}
