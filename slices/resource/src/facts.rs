//! The ledger facts of resources.

use anlan_foundation::Timestamp;
use anlan_incident::UnitRef;
use anlan_ledger::Sealed;
use serde::{Deserialize, Serialize};

use crate::model::{Deed, Entry, FlightState, Readiness};

/// Kind of [`RecordsSet`].
pub const RECORDS_SET: &str = "resource.records_set.v1";
/// Kind of [`ReadinessSet`].
pub const READINESS_SET: &str = "resource.readiness_set.v1";
/// Kind of [`Confirmed`].
pub const CONFIRMED: &str = "resource.confirmed.v1";
/// Kind of [`Retired`].
pub const RETIRED: &str = "resource.retired.v1";
/// Kind of [`RostersSet`].
pub const ROSTERS_SET: &str = "resource.rosters_set.v1";
/// Kind of [`Revealed`].
pub const REVEALED: &str = "resource.revealed.v1";
/// Kind of [`DeedsDone`].
pub const DEEDS_DONE: &str = "resource.deeds_done.v1";
/// Kind of [`AdviceAsked`].
pub const ADVICE_ASKED: &str = "resource.advice_asked.v1";
/// Kind of [`AdviceAnswered`].
pub const ADVICE_ANSWERED: &str = "resource.advice_answered.v1";
/// Kind of [`AdviceAppraised`].
pub const ADVICE_APPRAISED: &str = "resource.advice_appraised.v1";
/// Kind of [`FlightApplied`].
pub const FLIGHT_APPLIED: &str = "resource.flight_applied.v1";
/// Kind of [`FlightStep`].
pub const FLIGHT_STEP: &str = "resource.flight_step.v1";
/// Kind of [`FlightUnanswered`].
pub const FLIGHT_UNANSWERED: &str = "resource.flight_unanswered.v1";

/// An entry with its id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Named {
    /// Id.
    pub id: String,
    /// What the register says from now on.
    pub entry: Entry,
    /// People, capacity and square metres, as its columns counted on that day.
    pub figures: [u64; 3],
}

/// Records were made or changed, one by a form or many by an import.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordsSet {
    /// Each whole, as it stands from now on.
    pub records: Vec<Named>,
}

/// 待命、执勤、休整、停用.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadinessSet {
    /// Record.
    pub id: String,
    /// From now on.
    pub readiness: Readiness,
    /// Why.
    pub reason: String,
    /// The incident it works for.
    pub incident: Option<String>,
}

/// 核实: somebody looked, and it is still so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// Record.
    pub id: String,
    /// Who said so.
    pub source: String,
    /// Of when it is.
    pub as_of: Timestamp,
}

/// 注销: it is out of the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retired {
    /// Record.
    pub id: String,
    /// Why.
    pub reason: String,
}

/// The people of a record; sealed as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// Record.
    pub id: String,
    /// How many.
    pub members: u64,
    /// A list of [`crate::model::Member`].
    pub sealed: Sealed,
}

/// Rosters were set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RostersSet {
    /// Each whole.
    pub rosters: Vec<Roster>,
}

/// Somebody read a member's number whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revealed {
    /// Record.
    pub id: String,
    /// Place in the roster, from 0.
    pub member: u64,
    /// Why.
    pub reason: String,
}

/// Something was done with a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Record.
    pub id: String,
    /// What.
    pub deed: Deed,
}

/// Training, drills and tasks that were done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeedsDone {
    /// Each.
    pub deeds: Vec<Done>,
}

/// 征询: an expert is asked about an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdviceAsked {
    /// Incident.
    pub incident: String,
    /// Record of the expert.
    pub expert: String,
    /// The expert's name.
    pub expert_name: String,
    /// The question.
    pub question: String,
    /// The unit that asks.
    pub unit: UnitRef,
    /// Why this expert: the reasons of the ranking, as they were shown.
    pub reasons: Vec<String>,
}

/// The expert answered or declined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdviceAnswered {
    /// Incident.
    pub incident: String,
    /// The expert's name.
    pub expert_name: String,
    /// What was said, or why not.
    pub answer: String,
    /// Whether the expert declined.
    pub declined: bool,
}

/// 用后评价.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdviceAppraised {
    /// Incident.
    pub incident: String,
    /// The expert's name.
    pub expert_name: String,
    /// 1 to 5.
    pub score: u64,
    /// In words.
    pub words: String,
}

/// A flight was applied for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlightApplied {
    /// Record of the aircraft.
    pub aircraft: String,
    /// Its name.
    pub aircraft_name: String,
    /// The incident it is for.
    pub incident: Option<String>,
    /// `rescue`, `standby` or `patrol`.
    pub role: String,
    /// In words.
    pub purpose: String,
    /// Record of the landing site.
    pub landing_site: Option<String>,
    /// When it shall take off.
    pub take_off_at: Timestamp,
    /// By when the application was due.
    pub apply_by: Timestamp,
    /// By when the answer is due.
    pub answer_due_at: Timestamp,
    /// The clause of both.
    pub clause: String,
}

/// The next step of a flight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlightStep {
    /// How far it has come.
    pub state: FlightState,
    /// In words.
    pub note: String,
    /// Name of the aircraft.
    pub aircraft_name: String,
}

/// Air traffic control had not answered in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlightUnanswered {
    /// When the answer was due.
    pub due_at: Timestamp,
    /// Name of the aircraft.
    pub aircraft_name: String,
}
