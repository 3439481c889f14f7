//! What stands in the registers, and the one fold by which facts change it.

mod schema;

use std::collections::BTreeMap;

use anlan_foundation::Timestamp;
use anlan_incident::UnitRef;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use schema::{
    Choice, Class, Column, ColumnType, Counts, Help, Ranking, Register, Registers, RegistersError, Trade,
};

/// Whether something can be called upon.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Readiness {
    /// 待命 (of a place: 可用).
    #[default]
    Standby,
    /// 执勤 (of a place: 启用中).
    OnTask,
    /// 休整 (of a place: 维护).
    Resting,
    /// 停用.
    Out,
    /// 规划: does not stand yet.
    Planned,
}

impl Readiness {
    /// The word in the tables and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Standby => "standby",
            Self::OnTask => "on_task",
            Self::Resting => "resting",
            Self::Out => "out",
            Self::Planned => "planned",
        }
    }
}

/// Where something stands, in CGCS2000.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Place {
    /// Longitude in degrees.
    pub lon: f64,
    /// Latitude in degrees.
    pub lat: f64,
    /// The datum in which it was given: `cgcs2000`, `wgs84`, `gcj02` or `bd09`.
    pub given_in: String,
}

/// A certificate, agreement, licence or inspection that holds for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Paperwork {
    /// `certificate`, `agreement`, `licence` or `inspection`.
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// Its number.
    #[serde(default)]
    pub number: String,
    /// Whose it is, when not the record's own.
    #[serde(default)]
    pub holder: String,
    /// From when it holds.
    pub valid_from: Option<Timestamp>,
    /// Until when it holds; none for one without end.
    pub valid_to: Option<Timestamp>,
}

/// What a register says of one thing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Entry {
    /// Register: `team`, `expert`, `shelter` …
    pub kind: String,
    /// Class within the register.
    pub class: String,
    /// Code, once within the register.
    pub code: String,
    /// Name.
    pub name: String,
    /// The unit whose it is, as it is called.
    #[serde(default)]
    pub unit: String,
    /// Division it belongs to.
    pub area: String,
    /// Address.
    #[serde(default)]
    pub address: String,
    /// Where it stands; a team's base.
    pub place: Option<Place>,
    /// Whether it can be called upon.
    pub readiness: Readiness,
    /// Who said all this.
    pub source: String,
    /// Of when it is.
    pub as_of: Timestamp,
    /// Remark.
    #[serde(default)]
    pub note: String,
    /// The columns of the register, by key.
    #[serde(default)]
    pub values: BTreeMap<String, serde_json::Value>,
    /// Certificates, agreements and the like.
    #[serde(default)]
    pub paperwork: Vec<Paperwork>,
}

/// A record: an entry of a register with its history's sum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Record {
    /// Id.
    pub id: String,
    /// What the register says.
    #[serde(flatten)]
    pub entry: Entry,
    /// People of it: counted from the roster, else as stated.
    pub people: u64,
    /// Capacity: heads of a shelter, beds of a hospital, pieces of equipment.
    pub capacity: u64,
    /// Square metres.
    pub area_m2: u64,
    /// Why the readiness is as it is.
    #[serde(default)]
    pub readiness_reason: String,
    /// Since when the readiness is as it is.
    pub readiness_since: Timestamp,
    /// The incident it works for.
    pub incident: Option<String>,
    /// Whether it was taken out of the register.
    pub retired: bool,
    /// Number of facts, for `expected_version`.
    pub version: u64,
    /// Ledger position of the newest fact.
    pub position: u64,
}

impl Record {
    /// Whole figure of a column.
    pub fn figure(&self, key: &str) -> Option<u64> {
        self.entry.values.get(key)?.as_u64()
    }

    /// Text of a column.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.entry.values.get(key)?.as_str()
    }

    /// Square metres a head, where both are known.
    pub fn m2_a_head(&self) -> Option<f64> {
        let (area, heads) = (
            u32::try_from(self.area_m2).ok()?,
            u32::try_from(self.capacity).ok()?,
        );
        (area > 0 && heads > 0).then(|| f64::from(area) / f64::from(heads))
    }
}

/// Somebody of a roster, sealed in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RosterMember)]
pub struct Member {
    /// Name.
    pub name: String,
    /// `leader`, `deputy` or `member`.
    pub role: String,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// Skills, by their ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
}

/// Something that was done with it: training, drill, task, inspection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Deed {
    /// `training`, `drill`, `task`, `inspection` or `maintenance`.
    pub kind: String,
    /// When.
    pub at: Timestamp,
    /// In words.
    pub text: String,
    /// How many people took part.
    pub people: Option<u64>,
    /// How many hours it took.
    pub hours: Option<u64>,
    /// The incident it was for.
    pub incident: Option<String>,
}

/// How far a question to an expert has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdviceState {
    /// Asked.
    #[default]
    Asked,
    /// Answered.
    Given,
    /// Declined.
    Declined,
    /// Answered, and the answer was appraised.
    Appraised,
}

/// Advice asked of an expert for an incident.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Advice {
    /// Id.
    pub id: String,
    /// Incident.
    pub incident: String,
    /// Division of the incident.
    pub area: String,
    /// Record of the expert.
    pub expert: String,
    /// The expert's name.
    pub expert_name: String,
    /// The question.
    pub question: String,
    /// The unit that asks.
    pub unit: UnitRef,
    /// How far it has come.
    pub state: AdviceState,
    /// When it was asked, in microseconds of the ledger.
    pub asked_at: Option<Timestamp>,
    /// Who asked.
    pub asked_by: String,
    /// When the expert answered or declined.
    pub answered_at: Option<Timestamp>,
    /// What the expert said, or why not.
    pub answer: String,
    /// 1 to 5.
    pub score: Option<u64>,
    /// The appraisal in words.
    pub appraisal: String,
    /// Ledger position of the newest fact.
    pub position: u64,
}

/// How far a flight has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FlightState {
    /// 已申请.
    #[default]
    Applied,
    /// 已批准.
    Approved,
    /// 未批准.
    Refused,
    /// 已起飞.
    Flying,
    /// 已降落.
    Landed,
    /// 已取消.
    Cancelled,
}

impl FlightState {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Flying => "flying",
            Self::Landed => "landed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A flight of a helicopter and its clocks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Flight {
    /// Id.
    pub id: String,
    /// Record of the aircraft.
    pub aircraft: String,
    /// Its name.
    pub aircraft_name: String,
    /// The incident it is for.
    pub incident: Option<String>,
    /// Division it flies to.
    pub area: String,
    /// What for: `rescue`, `standby` or `patrol`.
    pub role: String,
    /// In words.
    pub purpose: String,
    /// Record of the landing site.
    pub landing_site: Option<String>,
    /// When it shall take off.
    pub take_off_at: Option<Timestamp>,
    /// By when the application is due.
    pub apply_by: Option<Timestamp>,
    /// By when the answer of air traffic control is due.
    pub answer_due_at: Option<Timestamp>,
    /// The clause of both.
    pub clause: String,
    /// Whether the application came later than the clause asks.
    pub applied_late: bool,
    /// Whether the answer did not come in time.
    pub unanswered: bool,
    /// How far it has come.
    pub state: FlightState,
    /// When it was applied for.
    pub applied_at: Option<Timestamp>,
    /// By whom.
    pub applied_by: String,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// When it took off.
    pub took_off_at: Option<Timestamp>,
    /// When it landed.
    pub landed_at: Option<Timestamp>,
    /// What was said at the last step.
    pub note: String,
    /// Ledger position of the newest fact.
    pub position: u64,
}
