//! Assignment: who goes where, at the least cost, with a proof.
//!
//! - [`Network`]: nodes with supplies, arcs with bounds and costs; [`solve`] finds a minimum-cost flow by the network
//!   simplex method (Dantzig 1951; strongly feasible trees after Cunningham 1976).
//! - [`check_optimal`]: an independent check of a flow, which shares no code with the solver.
//! - [`read_dimacs`]: the DIMACS minimum-cost-flow format.
//! - [`evacuate`]: blocks of people to shelters, exactly.
//! - [`dispatch`](fn@dispatch): units to several incidents, the weighted last arrivals least, with a proved gap.
//!
//! All numbers are whole: no rounding decides who is left behind.

mod check;
mod dimacs;
mod dispatch;
mod evacuation;
mod network;
mod simplex;
mod transport;
mod tree;

pub use check::{CheckError, check_optimal};
pub use dimacs::{DimacsError, read_dimacs};
pub use dispatch::{
    Dispatch, DispatchError, Effort, Group, Need, Order, Problem, Reason, Shortage, Trip, Unit, Why,
    dispatch, explain,
};
pub use evacuation::{Block, EvacuationError, Movement, Shelter, Transport, evacuate};
pub use network::{Arc, Flow, Network, NetworkError, SolveError};
pub use simplex::solve;
