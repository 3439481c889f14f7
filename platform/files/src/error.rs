//! What can go wrong with files.

use anlan_foundation::{Fault, FieldProblem, InvalidInput, Kind};

use crate::FileName;

/// A refusal or failure at a file.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// What was sent is no photo that can be kept.
    #[error(transparent)]
    Invalid(#[from] InvalidInput),
    /// The file is not on this node.
    #[error("the file {0} is missing on this node")]
    Missing(FileName),
    /// The file does not hold what its name says.
    #[error("the file {0} is damaged: it does not hold what its name says")]
    Damaged(FileName),
    /// The disk has no room.
    #[error("the disk is full; nothing was kept")]
    DiskFull,
    /// The file system failed.
    #[error("the file system failed")]
    Io(#[source] std::io::Error),
}

impl From<std::io::Error> for FileError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Io(error),
        }
    }
}

impl Fault for FileError {
    fn kind(&self) -> Kind {
        match self {
            Self::Invalid(_) => Kind::Invalid,
            Self::Missing(_) => Kind::NotFound,
            Self::Damaged(_) | Self::DiskFull | Self::Io(_) => Kind::Unavailable,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "request.invalid",
            Self::Missing(_) => "files.missing",
            Self::Damaged(_) => "files.damaged",
            Self::DiskFull => "store.disk_full",
            Self::Io(_) => "files.failed",
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(input) => &input.fields,
            _ => &[],
        }
    }
}
