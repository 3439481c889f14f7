//! What can go wrong at the ledger.

use anlan_foundation::{Fault, Kind};
use anlan_store::StoreError;

/// A failure of a command at the ledger itself.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The store failed; nothing was kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The stream has moved on since the caller looked.
    #[error("{stream} is at version {found}, not {expected}")]
    VersionConflict {
        /// The stream.
        stream: String,
        /// The version the caller had seen.
        expected: u64,
        /// The version it is at.
        found: u64,
    },
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used before with another request")]
    KeyReused,
    /// A fact or a stored body is not valid JSON of its kind.
    #[error("a fact cannot be read or written: {0}")]
    Fact(String),
    /// A sealed value cannot be opened.
    #[error("a sealed value cannot be opened: {0}")]
    Seal(&'static str),
    /// The node's keys or identity are damaged.
    #[error("the node's identity is damaged: {0}")]
    Identity(String),
}

impl Fault for LedgerError {
    fn kind(&self) -> Kind {
        match self {
            Self::Store(
                StoreError::DiskFull
                | StoreError::Closed
                | StoreError::Commit(_)
                | StoreError::Unavailable(_),
            ) => Kind::Unavailable,
            Self::VersionConflict { .. } => Kind::Conflict,
            Self::KeyReused => Kind::Invalid,
            _ => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Store(StoreError::DiskFull) => "store.disk_full",
            Self::Store(StoreError::Closed | StoreError::Commit(_) | StoreError::Unavailable(_)) => {
                "store.unavailable"
            }
            Self::Store(_) => "store.failed",
            Self::VersionConflict { .. } => "ledger.version_conflict",
            Self::KeyReused => "idempotency.mismatch",
            Self::Fact(_) => "ledger.fact",
            Self::Seal(_) => "ledger.seal",
            Self::Identity(_) => "ledger.identity",
        }
    }
}
