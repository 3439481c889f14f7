//! Where it happened: any Chinese address, by a grammar of units and roads over a gazetteer of the divisions.

mod candidate;
mod choose;
mod gazetteer;

pub(crate) use choose::place;
pub use gazetteer::Gazetteer;
