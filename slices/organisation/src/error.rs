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
    /// The second factor is asked for.
    #[error("the code of the second factor is needed")]
    TotpRequired,
    /// The code of the second factor is wrong, or was used before.
    #[error("the code of the second factor is wrong or was used before")]
    TotpWrong,
    /// There is a second factor already, or none that waits or could be taken away.
    #[error("the second factor is not in a state that allows this")]
    TotpState,
    /// The three administrators keep their second factor.
    #[error("an administrator's second factor cannot be taken away")]
    TotpOwed,
    /// The account has no PIN, or is switched off.
    #[error("no PIN is set")]
    PinNotSet,
    /// The PIN is wrong.
    #[error("the PIN is wrong")]
    PinWrong,
    /// Too many wrong PINs.
    #[error("the PIN is locked until {until}")]
    PinLocked {
        /// Until when.
        until: Timestamp,
    },
    /// Nobody administers the own account.
    #[error("nobody changes what the own account may do")]
    OwnAccount,
    /// 三员分立: the person administers something else with another account.
    #[error("the person administers something else with the account {0}")]
    Separation(String),
    /// A machine's token cannot do what is a person's own.
    #[error("a machine cannot do this with its token")]
    Machine,
    /// The thing is not there.
    #[error("there is no {what} {id}")]
    NotFound {
        /// Sort of thing.
        what: &'static str,
        /// Its id as given.
        id: String,
    },
    /// The code is retired already.
    #[error("{0} is retired")]
    Retired(String),
    /// Something that is not closed lies below it.
    #[error("something lies below {0} that is not closed")]
    HasChildren(String),
    /// No code is left below it.
    #[error("no code is left below {0}")]
    Full(String),
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
            Self::WrongCredentials | Self::Locked { .. } | Self::TotpRequired | Self::TotpWrong => {
                Kind::Unauthenticated
            }
            Self::NotFound { .. } => Kind::NotFound,
            Self::Retired(_)
            | Self::HasChildren(_)
            | Self::Full(_)
            | Self::NameTaken(_)
            | Self::AlreadyInitialised
            | Self::TotpState
            | Self::PinNotSet
            | Self::Separation(_) => Kind::Conflict,
            Self::TotpOwed | Self::PinWrong | Self::PinLocked { .. } | Self::OwnAccount | Self::Machine => {
                Kind::Forbidden
            }
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
            Self::TotpRequired => "session.totp_required",
            Self::TotpWrong => "session.totp_wrong",
            Self::TotpState => "account.totp_state",
            Self::TotpOwed => "account.totp_owed",
            Self::PinNotSet => "account.pin_not_set",
            Self::PinWrong => "account.pin_wrong",
            Self::PinLocked { .. } => "account.pin_locked",
            Self::OwnAccount => "account.own",
            Self::Separation(_) => "account.separation",
            Self::Machine => "account.machine",
            Self::NotFound { .. } => "organisation.not_found",
            Self::Retired(_) => "division.retired",
            Self::HasChildren(_) => "division.has_children",
            Self::Full(_) => "division.full",
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
