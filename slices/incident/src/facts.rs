//! The ledger facts of an incident.

use anlan_foundation::Timestamp;
use anlan_ledger::Sealed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::UnitRef;

/// A point on the map, stored in CGCS2000.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Point {
    /// Longitude, degrees.
    pub lon: f64,
    /// Latitude, degrees.
    pub lat: f64,
}

/// One statement of one of an incident's times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TimeStated {
    /// `occurred` 发生, `learned` 获悉 or `received` 接报.
    pub kind: String,
    /// The instant.
    pub at: Timestamp,
    /// `minute`, `hour`, `day` or `about`.
    pub precision: String,
    /// Who says so.
    pub source: String,
}

/// One casualty figure by one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CasualtyStated {
    /// `deaths`, `injured`, `seriously_injured`, `missing`, `trapped` or `evacuated`.
    pub kind: String,
    /// How many; `null` says that the source does not know.
    pub value: Option<u32>,
    /// Who says so.
    pub source: String,
    /// Numbers of earlier statements that this one replaces.
    #[serde(default)]
    pub supersedes: Vec<u32>,
}

/// The rule that an obligation comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RuleRef {
    /// Id of the rule.
    pub id: String,
    /// The clause.
    pub clause: String,
    /// The limit.
    pub limit_minutes: u32,
    /// What starts the clock: `occurred`, `learned` or `received`.
    pub start_event: String,
}

/// Something a unit owes another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Owed {
    /// Who owes.
    pub from_unit: UnitRef,
    /// Whom.
    pub to_unit: UnitRef,
    /// When the clock started.
    pub started_at: Timestamp,
    /// When it ends.
    pub due_at: Timestamp,
    /// Why.
    pub rule: RuleRef,
}

/// 接报: a unit took a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Received {
    /// Number of the incident, for example `150125-20261124-001`.
    pub code: String,
    /// `phone`, `web`, `api`, `message` or `sensor`.
    pub channel: String,
    /// Event class.
    pub event_class: String,
    /// Title.
    pub title: String,
    /// What was said.
    pub text: String,
    /// Division.
    pub division: String,
    /// Full name of the division, as it was then.
    pub division_name: String,
    /// Address in words.
    pub address: Option<String>,
    /// Point on the map.
    pub point: Option<Point>,
    /// Name of the caller, sealed.
    pub caller_name: Option<Sealed>,
    /// Number of the caller, sealed.
    pub caller_phone: Option<Sealed>,
    /// The times, as stated.
    pub times: Vec<TimeStated>,
    /// The figures, as stated.
    pub casualties: Vec<CasualtyStated>,
    /// Who took it.
    pub taken_by: UnitRef,
    /// The first report that is now owed.
    pub owes: Option<Owed>,
}

/// 上报: a unit reported to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedUp {
    /// Who reports.
    pub from_unit: UnitRef,
    /// To whom.
    pub to_unit: UnitRef,
    /// Words added to the facts.
    pub text: String,
    /// The first report that the receiver now owes in turn.
    pub owes: Option<Owed>,
}

/// 签收: the receiver acknowledged a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// Number of the report within the incident, from 1.
    pub report: u32,
    /// Who acknowledged.
    pub unit: UnitRef,
}

/// 核实: a unit checked the facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// `true` 属实, `partly` 部分属实, `false` 不属实 or `unverified` 未核实.
    pub verdict: String,
    /// In words.
    pub note: String,
    /// Who checked.
    pub unit: UnitRef,
}

/// 续报: what has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowedUp {
    /// In words.
    pub text: String,
    /// New figures.
    pub casualties: Vec<CasualtyStated>,
    /// Who reports.
    pub unit: UnitRef,
}

/// 办结: the incident is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// `handled` 已处置 or `dismissed` 不属实.
    pub outcome: String,
    /// In words.
    pub text: String,
}

/// A deadline passed without what was owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadlinePassed {
    /// Number of the obligation within the incident, from 1.
    pub obligation: u32,
    /// When it was due.
    pub due_at: Timestamp,
    /// Whether this is recorded late because the node was down.
    pub late_because_down: bool,
}

/// The caller's name and number were read whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallerRevealed {
    /// Why.
    pub reason: String,
}

/// Everything that can happen to an incident.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// See [`Received`].
    Received(Box<Received>),
    /// See [`ReportedUp`].
    ReportedUp(Box<ReportedUp>),
    /// See [`Acknowledged`].
    Acknowledged(Acknowledged),
    /// See [`Verified`].
    Verified(Verified),
    /// See [`FollowedUp`].
    FollowedUp(FollowedUp),
    /// See [`CasualtyStated`].
    CasualtyStated(CasualtyStated),
    /// See [`TimeStated`].
    TimeStated(TimeStated),
    /// See [`Closed`].
    Closed(Closed),
    /// See [`DeadlinePassed`].
    DeadlinePassed(DeadlinePassed),
    /// See [`CallerRevealed`].
    CallerRevealed(CallerRevealed),
}

impl Fact {
    /// The versioned kind under which the fact stands in the ledger.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Received(_) => "incident.received.v1",
            Self::ReportedUp(_) => "incident.reported_up.v1",
            Self::Acknowledged(_) => "incident.acknowledged.v1",
            Self::Verified(_) => "incident.verified.v1",
            Self::FollowedUp(_) => "incident.followed_up.v1",
            Self::CasualtyStated(_) => "incident.casualty_stated.v1",
            Self::TimeStated(_) => "incident.time_stated.v1",
            Self::Closed(_) => "incident.closed.v1",
            Self::DeadlinePassed(_) => "incident.deadline_passed.v1",
            Self::CallerRevealed(_) => "incident.caller_revealed.v1",
        }
    }

    /// Reads the fact of an entry; `None` for a kind this program does not know.
    pub fn read(kind: &str, body: &str) -> Result<Option<Self>, serde_json::Error> {
        Ok(Some(match kind {
            "incident.received.v1" => Self::Received(serde_json::from_str(body)?),
            "incident.reported_up.v1" => Self::ReportedUp(serde_json::from_str(body)?),
            "incident.acknowledged.v1" => Self::Acknowledged(serde_json::from_str(body)?),
            "incident.verified.v1" => Self::Verified(serde_json::from_str(body)?),
            "incident.followed_up.v1" => Self::FollowedUp(serde_json::from_str(body)?),
            "incident.casualty_stated.v1" => Self::CasualtyStated(serde_json::from_str(body)?),
            "incident.time_stated.v1" => Self::TimeStated(serde_json::from_str(body)?),
            "incident.closed.v1" => Self::Closed(serde_json::from_str(body)?),
            "incident.deadline_passed.v1" => Self::DeadlinePassed(serde_json::from_str(body)?),
            "incident.caller_revealed.v1" => Self::CallerRevealed(serde_json::from_str(body)?),
            _ => return Ok(None),
        }))
    }
}

impl Serialize for Fact {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Received(fact) => fact.serialize(serializer),
            Self::ReportedUp(fact) => fact.serialize(serializer),
            Self::Acknowledged(fact) => fact.serialize(serializer),
            Self::Verified(fact) => fact.serialize(serializer),
            Self::FollowedUp(fact) => fact.serialize(serializer),
            Self::CasualtyStated(fact) => fact.serialize(serializer),
            Self::TimeStated(fact) => fact.serialize(serializer),
            Self::Closed(fact) => fact.serialize(serializer),
            Self::DeadlinePassed(fact) => fact.serialize(serializer),
            Self::CallerRevealed(fact) => fact.serialize(serializer),
        }
    }
}
