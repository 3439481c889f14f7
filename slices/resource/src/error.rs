//! What can go wrong with resources.

use anlan_access::AccessError;
use anlan_foundation::{Fault, FieldProblem, InvalidInput, Kind};
use anlan_incident::IncidentError;
use anlan_ledger::LedgerError;
use anlan_store::StoreError;

/// A refusal or failure at a resource.
#[derive(Debug, thiserror::Error)]
pub enum ResourceError {
    /// There is no such thing, or the caller may not know of it.
    #[error("there is no {what} {id}")]
    NotFound {
        /// What was asked for.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// Another record of the register has this code.
    #[error("the code {0} is taken by another record of this register")]
    CodeTaken(String),
    /// The record was taken out of the register.
    #[error("the record {0} was taken out of the register")]
    Retired(String),
    /// The act does not fit how far the matter has come.
    #[error("what is {0} cannot be {1}")]
    WrongState(&'static str, &'static str),
    /// The expert declared an interest in the matter.
    #[error("the expert declared an interest: {0}")]
    Conflict(String),
    /// Input at fault.
    #[error(transparent)]
    Invalid(#[from] InvalidInput),
    /// The incident refused.
    #[error(transparent)]
    Incident(#[from] IncidentError),
    /// Not allowed.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The ledger failed or refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<StoreError> for ResourceError {
    fn from(error: StoreError) -> Self {
        Self::Ledger(error.into())
    }
}

impl Fault for ResourceError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound { .. } => Kind::NotFound,
            Self::CodeTaken(_) | Self::Retired(_) | Self::WrongState(..) | Self::Conflict(_) => {
                Kind::Conflict
            }
            Self::Invalid(_) => Kind::Invalid,
            Self::Incident(error) => error.kind(),
            Self::Access(error) => error.kind(),
            Self::Ledger(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "resource.not_found",
            Self::CodeTaken(_) => "resource.code_taken",
            Self::Retired(_) => "resource.retired",
            Self::WrongState(..) => "resource.wrong_state",
            Self::Conflict(_) => "resource.conflict",
            Self::Invalid(_) => "request.invalid",
            Self::Incident(error) => error.code(),
            Self::Access(error) => error.code(),
            Self::Ledger(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(input) => &input.fields,
            Self::Incident(error) => error.fields(),
            _ => &[],
        }
    }
}
