//! Why a store did not answer.

/// An error of a store. What a caller may conclude differs: after [`StoreError::Away`] a write may have
/// happened all the same, after every other one it did not.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Too much is waiting to be written; nothing of this call was. The caller tries again later.
    #[error("the write queue is full")]
    Busy,
    /// A unique name is taken.
    #[error("{0} exists already")]
    Exists(String),
    /// The database could not be reached, or its answer was lost, so it is unknown whether the call was
    /// committed. Sending the same ids again is always safe.
    #[error("the database did not answer: {0}")]
    Away(String),
    /// The database refused the call; nothing of it was kept.
    #[error("database: {0}")]
    Failed(String),
}

/// Answers of a store.
pub type Result<T> = std::result::Result<T, StoreError>;
