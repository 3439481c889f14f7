//! The shape of everything that can go wrong, for every slice alike.

use std::error::Error;

use crate::FieldProblem;

/// What sort of failure it is; each has one HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The input cannot be taken as it is: 422 (400 when it cannot even be read).
    Invalid,
    /// Nobody is signed in, or the credentials are wrong: 401.
    Unauthenticated,
    /// Somebody is signed in and may not do this: 403.
    Forbidden,
    /// The thing is not there, or the caller may not know that it is: 404.
    NotFound,
    /// The thing has moved on, or its state forbids this: 409.
    Conflict,
    /// The node cannot do it now, for example because its disk is full: 503.
    Unavailable,
    /// A fault of the program or its store that the caller cannot mend: 500.
    Internal,
}

/// An error that can be shown to a caller: a kind, a stable code, and the fields at fault.
pub trait Fault: Error {
    /// The sort of failure.
    fn kind(&self) -> Kind;

    /// A stable code such as `incident.not_found`, which the front end translates.
    fn code(&self) -> &'static str;

    /// The fields at fault; empty unless the kind is [`Kind::Invalid`].
    fn fields(&self) -> &[FieldProblem] {
        &[]
    }
}
