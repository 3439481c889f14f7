//! Incidents: from the first call to the final report, every step with its own times.
//!
//! Words: 接报 *take*, 上报 *report up*, 签收 *acknowledge*, 核实 *verify*, 续报 *follow up*, 办结 *close*. A unit that
//! has received an incident owes its superior a first report within the limit that the law gives. Invariants:
//! - occurred, learned, received and recorded are different times; none overwrites another;
//! - a casualty figure is an assertion by a source; two that differ stand side by side until a person supersedes one;
//! - what nobody said is absent, never 0;
//! - overdue is a function of the facts and the time, and nothing else.

pub mod error;
pub mod facts;
pub mod http;
pub mod jobs;
pub mod model;
pub mod rules;
pub mod service;
pub mod store;

pub use error::IncidentError;
pub use service::{
    Directory, Duty, Event, EventClass, GradeSuggested, Incidents, Limit, OnDuty, Stage, UnitRef, UpdateDue,
};
pub use store::IncidentView;
