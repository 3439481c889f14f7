//! Findings: what the ledger shows against what a unit claims, its reply, and a named person's verdict.
//!
//! Words: 疑似迟报 *late*, 疑似漏报 *omitted*, 疑似少报 *understated*, 疑似倒签 *back-dated*, 疑似上级阅后改小 *edited down*;
//! 申辩 *reply*; 成立 *upheld*, 不成立 *unfounded*, 情有可原 *excused*. Invariants:
//! - a finding is a suspicion with its evidence, and never an accusation: a person decides;
//! - one incident, one unit, one kind give one finding, however often the facts are examined;
//! - no verdict before the unit has replied or its time is over; no unit judges itself;
//! - when the facts no longer show it, a finding that nobody has judged is lifted, and stays readable.

pub mod error;
pub mod facts;
pub mod http;
pub mod jobs;
pub mod model;
pub mod pack;
pub mod rules;
pub mod service;
pub mod store;

pub use error::FindingError;
pub use rules::Desk;
pub use service::{Downtime, Findings};
pub use store::FindingView;
