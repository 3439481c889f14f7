//! Words every crate of the house shares: instants, clocks, ids, realms and the shape of a problem.
//!
//! Nothing here knows what an incident or a unit is. Time and randomness come in as arguments
//! ([`Clock`], [`Ids`]), so that whole cities can be run again from a seed.

pub mod check;
pub mod clock;
pub mod ids;
pub mod problem;
pub mod realm;
pub mod steady;
pub mod timestamp;

pub use check::{Checks, FieldProblem, InvalidInput};
pub use clock::{Clock, SharedClock, SimClock, SystemClock};
pub use ids::{IdParseError, Ids, RandomIds, SeededIds, SharedIds};
pub use problem::{Fault, Kind};
pub use realm::{Realm, RealmParseError};
pub use steady::{Difference, SteadyClock};
pub use timestamp::{Timestamp, TimestampParseError};

#[doc(hidden)]
pub use {serde, utoipa, uuid};
