//! What can go wrong with papers.

use anlan_access::AccessError;
use anlan_documents::DocumentError;
use anlan_foundation::{Fault, FieldProblem, InvalidInput, Kind};
use anlan_incident::IncidentError;
use anlan_ledger::LedgerError;
use anlan_store::StoreError;

/// A refusal or failure at a paper.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// There is no such paper, or the caller may not know of it.
    #[error("there is no paper {0}")]
    NotFound(String),
    /// The paper is signed, issued or discarded.
    #[error("the paper is {0} and its text is frozen; a correction is a new paper")]
    Frozen(&'static str),
    /// The act does not fit how far the paper has come.
    #[error("a paper that is {0} cannot be {1}")]
    WrongState(&'static str, &'static str),
    /// The text that was shown is not the text that stands now.
    #[error("the paper was changed after it was shown; look at it again")]
    Changed,
    /// Only units that the paper was sent to receive it.
    #[error("the paper was not sent to this unit")]
    NotAddressee,
    /// A carried paper whose digest or signature does not fit.
    #[error("what was carried is damaged or not genuine: {0}")]
    NotGenuine(String),
    /// A carried paper of a node that is not known here.
    #[error("the sender's key {0} is not known here; ask the sender by telephone for its fingerprint")]
    UnknownKey(String),
    /// A template says something that the facts do not have.
    #[error("the template could not be filled: {0}")]
    Template(String),
    /// This program was built without printing.
    #[error("this program prints no PDF")]
    NoPrinting,
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

impl From<StoreError> for PaperError {
    fn from(error: StoreError) -> Self {
        Self::Ledger(error.into())
    }
}

impl From<minijinja::Error> for PaperError {
    fn from(error: minijinja::Error) -> Self {
        Self::Template(error.to_string())
    }
}

impl Fault for PaperError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::Frozen(_) | Self::WrongState(..) | Self::Changed => Kind::Conflict,
            Self::NotAddressee => Kind::Forbidden,
            Self::NotGenuine(_) | Self::UnknownKey(_) | Self::Invalid(_) => Kind::Invalid,
            Self::Template(_) | Self::Document(_) => Kind::Internal,
            Self::NoPrinting => Kind::Unavailable,
            Self::Incident(error) => error.kind(),
            Self::Access(error) => error.kind(),
            Self::Ledger(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "paper.not_found",
            Self::Frozen(_) => "paper.frozen",
            Self::WrongState(..) => "paper.wrong_state",
            Self::Changed => "paper.changed",
            Self::NotAddressee => "paper.not_addressee",
            Self::NotGenuine(_) => "paper.not_genuine",
            Self::UnknownKey(_) => "paper.unknown_key",
            Self::Template(_) => "paper.template",
            Self::NoPrinting => "paper.no_printing",
            Self::Document(_) => "paper.document",
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
