//! Suspected late, omitted, understated, back-dated, edited down: what the ledger shows against what a unit claims.
//!
//! [`examine`] holds a unit's reports against the first-knowledge chain: the earliest evidence that the unit had. It
//! never accuses: a [`Finding`] names its evidence, and a person decides after the unit has replied. All bounds are
//! data ([`Bounds`], `rules/findings.toml`). [`month`] makes a month of events with known truth, the same for the same
//! seed, to measure recall and precision.

pub mod month;

mod bounds;
mod examine;
mod model;

pub use bounds::{Bounds, BoundsError, Weights};
pub use examine::examine;
pub use model::{Evidence, EvidenceKind, Finding, FindingKind, Holder, Observed, Outage, Report, Seconds};
