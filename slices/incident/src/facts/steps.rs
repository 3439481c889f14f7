//! The steps of an incident: what was done, by whom.

use anlan_foundation::Timestamp;
use anlan_ledger::Sealed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::absent;
use super::chain::{IncidentRef, Recipient};
use super::statements::{Attachment, CasualtyStated, Happened, Owed, Point, TimeStated};
use crate::model::UnitRef;

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
    /// Photos.
    #[serde(default, skip_serializing_if = "absent")]
    pub attachments: Vec<Attachment>,
    /// Incidents that whoever took it looked at and called others.
    #[serde(default, skip_serializing_if = "absent")]
    pub not_same_as: Vec<String>,
    /// The incident that this one was split off from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split_from: Option<IncidentRef>,
    /// Who took it.
    pub taken_by: UnitRef,
    /// The first reports that are now owed.
    #[serde(default)]
    pub owes: Vec<Owed>,
}

/// Another call, message or sensor about an incident that is known already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallAdded {
    /// `phone`, `web`, `api`, `message` or `sensor`.
    pub channel: String,
    /// What was said.
    pub text: String,
    /// Name of the caller, sealed.
    pub caller_name: Option<Sealed>,
    /// Number of the caller, sealed.
    pub caller_phone: Option<Sealed>,
    /// The times, as stated.
    pub times: Vec<TimeStated>,
    /// The figures, as stated.
    pub casualties: Vec<CasualtyStated>,
    /// Photos.
    #[serde(default, skip_serializing_if = "absent")]
    pub attachments: Vec<Attachment>,
    /// Who took it.
    pub taken_by: UnitRef,
}

/// Which report of a unit it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Serial {
    /// 初报.
    #[default]
    First,
    /// 续报.
    FollowUp,
    /// 终报.
    Final,
}

/// A figure as it went out with a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportedFigure {
    /// What is counted.
    pub kind: String,
    /// How many; `null` when the sources disagree or do not know.
    pub value: Option<u32>,
    /// Whether the sources disagreed.
    #[serde(default, skip_serializing_if = "absent")]
    pub conflict: bool,
    /// Numbers of the statements behind it.
    pub statements: Vec<u32>,
}

/// 变更: a figure that differs from what the unit reported last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    /// What is counted.
    pub kind: String,
    /// What was reported before; `null` when nothing was.
    pub from: Option<u32>,
    /// What is reported now.
    pub to: Option<u32>,
}

/// 上报: a unit reported to others, to all of them at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedUp {
    /// Who reports.
    pub from_unit: UnitRef,
    /// To whom; never empty.
    pub to_units: Vec<UnitRef>,
    /// Which report of the unit it is.
    pub serial: Serial,
    /// Number among the reports of its kind by the unit: 续报一 is 1.
    pub ordinal: u32,
    /// Words added to the facts.
    pub text: String,
    /// The figures as they stood.
    pub figures: Vec<ReportedFigure>,
    /// What is different from the unit's last report.
    #[serde(default, skip_serializing_if = "absent")]
    pub changes: Vec<Change>,
    /// The first reports that the receivers now owe in turn.
    #[serde(default, skip_serializing_if = "absent")]
    pub owes: Vec<Owed>,
    /// When it was told, if that was before it was recorded, for example by telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened: Option<Happened>,
    /// Id of the paper it went out with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<String>,
}

/// 签收: the receiver acknowledged a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// Number of the report within the incident, from 1.
    pub report: u32,
    /// Who received it.
    pub unit: UnitRef,
    /// Set when the sender records what the receiver said, for example by telephone: who said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_by: Option<String>,
    /// When it was acknowledged, if that was before it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened: Option<Happened>,
}

/// 询问: a unit asked another about the incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enquired {
    /// Who asks.
    pub from_unit: UnitRef,
    /// Who is asked.
    pub to_unit: UnitRef,
    /// The question.
    pub text: String,
    /// When it was asked, if that was before it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened: Option<Happened>,
}

/// 获悉: how and when a unit first came to know, as somebody states it with evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnedStated {
    /// Which unit.
    pub unit: UnitRef,
    /// `call`, `sensor`, `message`, `resident`, `report`, `enquiry` or `own`.
    pub manner: String,
    /// When, with source and confidence.
    pub time: Happened,
    /// The evidence in words, for example the record of an emergency call.
    pub evidence: String,
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
    /// When, if that was before it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened: Option<Happened>,
}

/// What has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowedUp {
    /// In words.
    pub text: String,
    /// New figures.
    pub casualties: Vec<CasualtyStated>,
    /// Photos.
    #[serde(default, skip_serializing_if = "absent")]
    pub attachments: Vec<Attachment>,
    /// Who reports.
    pub unit: UnitRef,
    /// When it was so, if that was before it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened: Option<Happened>,
    /// 补报: whether it came after the end.
    #[serde(default, skip_serializing_if = "absent")]
    pub supplement: bool,
}

/// Photos were added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// The photos.
    pub attachments: Vec<Attachment>,
    /// Who added them.
    pub unit: UnitRef,
}

/// 定级: a person says of what grade the event is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Graded {
    /// `extraordinary` 特别重大, `major` 重大, `large` 较大, `ordinary` 一般 or `none` for an event that has no grades.
    pub grade: String,
    /// Why.
    pub reason: String,
    /// Id of the rule it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Which unit says so.
    pub unit: UnitRef,
}

/// 办结: the incident is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// `handled` 已处置 or `dismissed` 不属实.
    pub outcome: String,
    /// In words.
    pub text: String,
    /// When it ended, if that was before it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened: Option<Happened>,
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
    /// Who is told.
    #[serde(default, skip_serializing_if = "absent")]
    pub recipients: Vec<Recipient>,
}

/// The name and number of a caller were read whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallerRevealed {
    /// Number of the call within the incident, from 1.
    #[serde(default = "first")]
    pub call: u32,
    /// Why.
    pub reason: String,
}

const fn first() -> u32 {
    1
}
