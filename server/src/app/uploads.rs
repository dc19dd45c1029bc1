//! What limits uploads: chunks that are read, files that are finished, and one writer for each file.

use tokio::sync::Semaphore;

use super::shares::Shares;
use super::upload_locks::UploadLocks;
use crate::http::Client;

/// Chunks that are read at the same time; slow connections take long.
const CHUNKS_AT_ONCE: usize = 64;
/// Those of one client.
const CHUNKS_OF_CLIENT: usize = 16;
/// Files that are finished at the same time: a picture is held in memory.
const FINISHED_AT_ONCE: usize = 1;

/// What limits uploads.
pub struct Uploads {
    /// The intake of chunks, which take longer than any other body.
    pub reading: Shares<Client>,
    /// Turns to finish a file.
    pub finishing: Semaphore,
    /// One writer for each file.
    pub locks: UploadLocks,
}

impl Default for Uploads {
    fn default() -> Self {
        Self {
            reading: Shares::new(CHUNKS_OF_CLIENT, CHUNKS_AT_ONCE),
            finishing: Semaphore::new(FINISHED_AT_ONCE),
            locks: UploadLocks::default(),
        }
    }
}
