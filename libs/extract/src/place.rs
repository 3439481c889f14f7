//! Where it happened: any Chinese address, by a grammar of units and roads over a gazetteer of the divisions.

mod candidate;
mod choose;
mod division;
mod gazetteer;

pub(crate) use choose::place;
pub use division::{InDivision, division};
pub use gazetteer::Gazetteer;
