//! Jobs: what the node does by itself when its time has come.
//!
//! A slice offers its jobs as a list ([`Job`]); the server puts all of them into one [`Runner`]. What is due stands in
//! rows, never in memory: in a table of the slice ([`Job::on_rows`]), or as a timer that the slice sets while it folds
//! a fact ([`set_timer`], [`Job::on_timer`]). Invariants:
//! - a firing is one command: claim and effect are one transaction, so a crash before the commit fires again and a
//!   crash after it does not;
//! - a firing that fails rests for a while and holds up no other;
//! - the node keeps a row of when it was last alive. What fell due while it was down fires once it is up and knows it.

mod error;
mod job;
mod presence;
mod runner;
mod store;

pub use error::JobError;
pub use job::{Due, Firing, Job};
pub use presence::Outage;
pub use runner::{Round, Runner, Standing};
pub use store::{clear_timer, migrations, outages, set_timer, timer};
