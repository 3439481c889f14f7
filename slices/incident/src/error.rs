//! What can go wrong with incidents.

use anlan_access::AccessError;
use anlan_foundation::{Fault, FieldProblem, InvalidInput, Kind};
use anlan_ledger::LedgerError;
use anlan_store::StoreError;

/// A refusal or failure at an incident.
#[derive(Debug, thiserror::Error)]
pub enum IncidentError {
    /// There is no such incident, or the caller may not know of it.
    #[error("there is no incident {0}")]
    NotFound(String),
    /// The incident is over.
    #[error("incident {0} is closed")]
    Closed(String),
    /// There is nobody further up to report to.
    #[error("unit {0} has no superior to report to")]
    NoSuperior(String),
    /// The account acts for no unit.
    #[error("this account acts for no unit and cannot take or make reports")]
    NoUnit,
    /// There is no such report, or it was acknowledged already.
    #[error("there is no unacknowledged report {0}")]
    NoSuchReport(u32),
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

impl From<StoreError> for IncidentError {
    fn from(error: StoreError) -> Self {
        Self::Ledger(error.into())
    }
}

impl Fault for IncidentError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::Closed(_) | Self::NoSuperior(_) | Self::NoSuchReport(_) => Kind::Conflict,
            Self::NoUnit => Kind::Forbidden,
            Self::Invalid(_) => Kind::Invalid,
            Self::Access(error) => error.kind(),
            Self::Ledger(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "incident.not_found",
            Self::Closed(_) => "incident.closed",
            Self::NoSuperior(_) => "incident.no_superior",
            Self::NoUnit => "incident.no_unit",
            Self::NoSuchReport(_) => "incident.no_such_report",
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
