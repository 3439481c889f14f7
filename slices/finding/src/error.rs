//! What can go wrong with findings.

use anlan_access::AccessError;
use anlan_documents::DocumentError;
use anlan_foundation::{Fault, FieldProblem, InvalidInput, Kind};
use anlan_incident::IncidentError;
use anlan_ledger::LedgerError;
use anlan_store::StoreError;

/// A refusal or failure at a finding.
#[derive(Debug, thiserror::Error)]
pub enum FindingError {
    /// There is no such finding, or the caller may not know of it.
    #[error("there is no finding {0}")]
    NotFound(String),
    /// Only the unit concerned replies.
    #[error("only the unit concerned replies to a finding")]
    NotConcerned,
    /// A unit does not judge itself.
    #[error("a unit does not judge a finding about itself")]
    OwnCase,
    /// The unit has not replied, and its time is not over.
    #[error("the unit may still reply; a verdict follows its word or the end of its time")]
    ReplyAwaited,
    /// A person has decided already, or the facts no longer show it.
    #[error("the finding is settled")]
    Settled,
    /// The pack could not be put together.
    #[error("the pack could not be made: {0}")]
    Pack(String),
    /// Printing failed.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The incident refused.
    #[error(transparent)]
    Incident(#[from] IncidentError),
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

impl From<StoreError> for FindingError {
    fn from(error: StoreError) -> Self {
        Self::Ledger(error.into())
    }
}

impl Fault for FindingError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::NotConcerned | Self::OwnCase => Kind::Forbidden,
            Self::ReplyAwaited | Self::Settled => Kind::Conflict,
            Self::Pack(_) | Self::Document(_) => Kind::Internal,
            Self::Invalid(_) => Kind::Invalid,
            Self::Incident(error) => error.kind(),
            Self::Access(error) => error.kind(),
            Self::Ledger(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "finding.not_found",
            Self::NotConcerned => "finding.not_concerned",
            Self::OwnCase => "finding.own_case",
            Self::ReplyAwaited => "finding.reply_awaited",
            Self::Settled => "finding.settled",
            Self::Pack(_) | Self::Document(_) => "finding.pack",
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
