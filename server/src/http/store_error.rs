//! What a caller reads when the store does not answer.

use store::StoreError;

use super::{Bottleneck, Refusal};

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Busy(Bottleneck::Writes),
            StoreError::Away(why) => {
                tracing::error!(why, "the store is away");
                Self::StoreAway
            }
            error => {
                tracing::error!(%error, "the store did not answer");
                Self::Failed
            }
        }
    }
}
