//! Black-box tests: the built program is started, used over HTTP, killed and examined from outside.
//!
//! Whatever a test claims about lost or doubled facts it knows from its own ledger of acknowledgements ([`acks`]), kept in
//! the test's process and compared with an export of the node's ledger. Every harness has a planted fault ([`load::Plant`])
//! that it must catch; a harness that finds nothing in a lying system proves nothing in an honest one.

pub mod acks;
pub mod disk;
pub mod feed;
pub mod http;
pub mod journey;
pub mod kill;
pub mod load;
pub mod node;
pub mod place;
pub mod power;
pub mod random;
pub mod space;
pub mod tamper;
