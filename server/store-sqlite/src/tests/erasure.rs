//! What an erasure leaves in the files, where texts stand compressed and a search for them finds nothing.

use std::collections::HashSet;
use std::fs;

use super::*;

/// Bytes that two different texts do not share by chance.
const PIECE: usize = 16;

/// The segments of the journal, as they are on disk.
fn segments(db: &Connection) -> HashSet<Vec<u8>> {
    let mut segments = db.prepare("SELECT records FROM parcel").unwrap();
    let rows = segments.query_map([], |row| row.get(0)).unwrap();
    rows.map(|row| row.unwrap()).collect()
}

fn pieces(segments: &HashSet<Vec<u8>>) -> HashSet<&[u8]> {
    segments.iter().flat_map(|segment| segment.windows(PIECE)).collect()
}

#[tokio::test]
async fn s24_no_piece_of_a_segment_that_named_an_erased_person_is_in_any_file() {
    let (folder, store) = fresh();
    let site = store.add_site(site("one")).await.unwrap();
    for n in 0..60 {
        let mut record = present(site, "a", NOON + i64::from(n), n);
        let words: String =
            (0..40).map(|at| format!("{:x} ", (u64::from(n) + 1) * (at + 7) * 0x9E37_79B9_7F4A)).collect();
        (record.user, record.body) = (Some("erased".into()), format!("\"{words}\"").into());
        store.append(vec![record, fact(site, "b", "users", 9.0, NOON + i64::from(n), n)]).await.unwrap();
    }
    projected(&store).await;
    let db = connect(&folder.path().join(connection::FILE)).unwrap();
    let before = segments(&db);
    let erased = store.erase_user(site, &"erased".into()).await.unwrap();
    assert_eq!(erased.records, 60);
    let after = segments(&db);
    let (before, after) = (pieces(&before), pieces(&after));
    let gone: HashSet<&[u8]> = before.difference(&after).copied().collect();
    assert!(gone.len() > 1_000, "{} pieces of the person", gone.len());
    for file in fs::read_dir(folder.path()).unwrap() {
        let path = file.unwrap().path();
        let Ok(bytes) = fs::read(&path) else { continue };
        let left = bytes.windows(PIECE).filter(|piece| gone.contains(piece)).count();
        assert_eq!(left, 0, "{}: pieces of the person", path.display());
    }
}
