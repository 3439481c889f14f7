//! What can go wrong in the store.

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk has no room; nothing of the transaction was kept.
    #[error("the disk is full; nothing was saved")]
    DiskFull,
    /// A unique key or another constraint was violated.
    #[error("a constraint of the store was violated: {0}")]
    Constraint(String),
    /// The transaction could not be made durable; nothing of it was kept.
    #[error("the transaction could not be committed: {0}")]
    Commit(String),
    /// The store cannot be written or reached for now: a read-only or failing disk, a server that is down.
    #[error("the store is out of reach: {0}")]
    Unavailable(String),
    /// The store is closing or its thread has ended.
    #[error("the store is closed")]
    Closed,
    /// A command panicked; its effects were rolled back.
    #[error("a command failed unexpectedly and was rolled back")]
    Panicked,
    /// A value in a row is not of the expected form.
    #[error("a stored value is not of the expected form: {0}")]
    Value(String),
    /// The store was made by a newer program, or a migration was changed after it ran.
    #[error("the store does not fit this program: {0}")]
    Schema(String),
    /// SQLite failed.
    #[error("SQLite: {0}")]
    Sqlite(#[source] rusqlite::Error),
    /// PostgreSQL failed.
    #[error("PostgreSQL: {0}")]
    Postgres(#[source] postgres::Error),
    /// The file system failed.
    #[error("file system: {0}")]
    Io(#[from] std::io::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{
            CannotOpen, ConstraintViolation, DatabaseBusy, DiskFull, ReadOnly, SystemIoFailure,
        };
        match error.sqlite_error_code() {
            Some(DiskFull) => Self::DiskFull,
            Some(ConstraintViolation) => Self::Constraint(error.to_string()),
            Some(ReadOnly | SystemIoFailure | CannotOpen | DatabaseBusy) => {
                Self::Unavailable(error.to_string())
            }
            _ => Self::Sqlite(error),
        }
    }
}

impl From<postgres::Error> for StoreError {
    fn from(error: postgres::Error) -> Self {
        use postgres::error::SqlState;
        match error.code() {
            Some(code) if *code == SqlState::DISK_FULL => Self::DiskFull,
            Some(code) if code.code().starts_with("23") => Self::Constraint(error.to_string()),
            // 08: connection; 53: resources; 57P: the server stops or starts; 25006: a read-only standby.
            Some(code)
                if ["08", "53", "57P", "25006"]
                    .iter()
                    .any(|class| code.code().starts_with(class)) =>
            {
                Self::Unavailable(error.to_string())
            }
            None => Self::Unavailable(error.to_string()),
            _ => Self::Postgres(error),
        }
    }
}
