//! What can go wrong with incidents.

use anlan_access::AccessError;
use anlan_files::FileError;
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
    /// The report went to somebody else.
    #[error("report {0} is not addressed to this unit, and no one is named who acknowledged it by word")]
    NotAddressee(u32),
    /// The draft belongs to another account.
    #[error("the draft {0} belongs to another account")]
    DraftTaken(String),
    /// The account keeps as many drafts as it may.
    #[error("an account keeps at most {0} drafts")]
    TooManyDrafts(u64),
    /// There is no such photo, or the caller may not see it.
    #[error("there is no photo {0}")]
    NoSuchPhoto(String),
    /// The list is longer than a file may be.
    #[error("the list has {0} rows; a file holds at most {1}")]
    ExportTooLong(i64, u64),
    /// Input at fault.
    #[error(transparent)]
    Invalid(#[from] InvalidInput),
    /// Not allowed.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A file failed.
    #[error(transparent)]
    File(#[from] FileError),
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
            Self::NotFound(_) | Self::NoSuchPhoto(_) => Kind::NotFound,
            Self::Closed(_) | Self::NoSuperior(_) | Self::NoSuchReport(_) | Self::TooManyDrafts(_) => {
                Kind::Conflict
            }
            Self::NoUnit | Self::NotAddressee(_) | Self::DraftTaken(_) => Kind::Forbidden,
            Self::Invalid(_) | Self::ExportTooLong(..) => Kind::Invalid,
            Self::Access(error) => error.kind(),
            Self::File(error) => error.kind(),
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
            Self::NotAddressee(_) => "incident.not_addressee",
            Self::DraftTaken(_) => "incident.draft_taken",
            Self::TooManyDrafts(_) => "incident.too_many_drafts",
            Self::NoSuchPhoto(_) => "incident.no_such_photo",
            Self::ExportTooLong(..) => "incident.export_too_long",
            Self::Invalid(_) => "request.invalid",
            Self::Access(error) => error.code(),
            Self::File(error) => error.code(),
            Self::Ledger(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(input) => &input.fields,
            Self::File(error) => error.fields(),
            _ => &[],
        }
    }
}
