//! What can go wrong in the organisation.

use anlan_access::AccessError;
use anlan_foundation::{Fault, FieldProblem, InvalidInput, Kind, Timestamp};
use anlan_ledger::LedgerError;
use anlan_store::StoreError;

/// A refusal or failure of the organisation.
#[derive(Debug, thiserror::Error)]
pub enum OrganisationError {
    /// Name or password is wrong.
    #[error("name or password is wrong")]
    WrongCredentials,
    /// Too many wrong passwords.
    #[error("the account is locked until {until}")]
    Locked {
        /// Until when.
        until: Timestamp,
    },
    /// The thing is not there.
    #[error("there is no {what} {id}")]
    NotFound {
        /// Sort of thing.
        what: &'static str,
        /// Its id as given.
        id: String,
    },
    /// The account name is taken.
    #[error("the account name {0} is taken")]
    NameTaken(String),
    /// The node has an administrator already.
    #[error("this node is set up already")]
    AlreadyInitialised,
    /// The password could not be hashed.
    #[error("the password could not be processed")]
    Hash,
    /// Input at fault.
    #[error(transparent)]
    Invalid(#[from] InvalidInput),
    /// Not allowed.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The ledger failed or refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<StoreError> for OrganisationError {
    fn from(error: StoreError) -> Self {
        Self::Ledger(error.into())
    }
}

impl Fault for OrganisationError {
    fn kind(&self) -> Kind {
        match self {
            Self::WrongCredentials | Self::Locked { .. } => Kind::Unauthenticated,
            Self::NotFound { .. } => Kind::NotFound,
            Self::NameTaken(_) | Self::AlreadyInitialised => Kind::Conflict,
            Self::Hash => Kind::Internal,
            Self::Invalid(_) => Kind::Invalid,
            Self::Access(error) => error.kind(),
            Self::Ledger(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::WrongCredentials => "session.wrong_credentials",
            Self::Locked { .. } => "session.locked",
            Self::NotFound { .. } => "organisation.not_found",
            Self::NameTaken(_) => "account.name_taken",
            Self::AlreadyInitialised => "node.already_initialised",
            Self::Hash => "account.password",
            Self::Invalid(_) => "request.invalid",
            Self::Access(error) => error.code(),
            Self::Ledger(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(input) => &input.fields,
            _ => &[],
        }
    }
}
