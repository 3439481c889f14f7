//! What can go wrong with a job.

use anlan_ledger::LedgerError;
use anlan_store::StoreError;

/// A failure of a job; the runner tells it in the log and tries again.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The store failed; nothing was kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger failed or refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The slice refused or failed.
    #[error("{0}")]
    Slice(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl JobError {
    /// Wraps a slice's own error: `.map_err(JobError::slice)`.
    pub fn slice(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Slice(Box::new(error))
    }

    /// Whether the store as a whole is in trouble, so that no other job would fare better.
    pub(crate) fn is_of_the_store(&self) -> bool {
        let store = |error: &StoreError| {
            matches!(
                error,
                StoreError::DiskFull
                    | StoreError::Closed
                    | StoreError::Commit(_)
                    | StoreError::Unavailable(_)
            )
        };
        match self {
            Self::Store(error) | Self::Ledger(LedgerError::Store(error)) => store(error),
            _ => false,
        }
    }
}
