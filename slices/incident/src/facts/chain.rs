//! The chain: what the law asks for later, notices, decisions, merging and splitting, silence.

use anlan_foundation::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::absent;
use super::statements::Owed;
use crate::model::{Assertion, AttachmentOf, Call, Knowledge, TimeOf, UnitRef};

/// New facts made the law ask for more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwedMore {
    /// What is now owed besides.
    pub owes: Vec<Owed>,
}

/// Somebody who is told of a deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Recipient {
    /// `officer` 值班员, `deputy` 副班, `leader` 带班领导 or `above` 上一级.
    pub role: String,
    /// The unit.
    pub unit: UnitRef,
    /// Who is on duty there in that role; absent where nobody is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The person's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A deadline comes near or is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadlineNoticed {
    /// Number of the obligation within the incident, from 1.
    pub obligation: u32,
    /// Which notice, for example `t15` or `t0`.
    pub stage: String,
    /// When the notice was due.
    pub at: Timestamp,
    /// When the obligation is due.
    pub due_at: Timestamp,
    /// Who is told.
    pub recipients: Vec<Recipient>,
    /// Whether the notice comes late because the node was down.
    #[serde(default, skip_serializing_if = "absent")]
    pub late_because_down: bool,
}

/// A person decided which of several figures stands; the others stay readable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FigureDecided {
    /// What is counted.
    pub kind: String,
    /// Number of the statement that stands.
    pub chosen: u32,
    /// Numbers of the statements that it prevails over.
    pub over: Vec<u32>,
    /// Why.
    pub reason: String,
    /// Which unit decided.
    pub unit: UnitRef,
}

/// Another incident by id and number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IncidentRef {
    /// Id.
    pub id: String,
    /// Number for people.
    pub code: String,
}

/// 并案: this incident is the same as another one, which goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedInto {
    /// The one that goes on.
    pub into: IncidentRef,
    /// Why they are the same.
    pub reason: String,
    /// Which unit says so.
    pub unit: UnitRef,
}

/// 并案: another incident was the same as this one; everything stated there stands here too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absorbed {
    /// The one that is over.
    pub from: IncidentRef,
    /// Why they are the same.
    pub reason: String,
    /// Which unit says so.
    pub unit: UnitRef,
    /// Its calls.
    pub calls: Vec<Call>,
    /// Its evidence of first knowledge.
    pub knowledge: Vec<Knowledge>,
    /// Its times.
    pub times: Vec<TimeOf>,
    /// Its figures.
    pub assertions: Vec<Assertion>,
    /// Its photos.
    pub attachments: Vec<AttachmentOf>,
    /// What was still owed there and nobody has met here, with its clocks.
    pub owes: Vec<Owed>,
}

/// 分案: some of what was stated here belongs to another incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitOff {
    /// The new one.
    pub into: IncidentRef,
    /// Numbers of the calls that belong there.
    pub calls: Vec<u32>,
    /// Numbers of the figures that belong there.
    pub assertions: Vec<u32>,
    /// Why.
    pub reason: String,
    /// Which unit says so.
    pub unit: UnitRef,
}

/// 零报告: a unit says that there is nothing to report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZeroReported {
    /// Which unit.
    pub unit: UnitRef,
    /// Day it is about, `YYYY-MM-DD`.
    pub day: String,
    /// Id of the watch it answers, if it answers one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watch: Option<String>,
    /// Words, if any.
    #[serde(default, skip_serializing_if = "absent")]
    pub text: String,
}

/// 关注: every village of an area is to be heard from again and again, for example while a warning holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WatchSet {
    /// Id.
    pub id: String,
    /// What it is about, for example the warning.
    pub title: String,
    /// Division code.
    pub area: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when; open when absent.
    pub until: Option<Timestamp>,
    /// How often each village is to be heard from, in minutes.
    pub every_minutes: u32,
    /// Which unit set it.
    pub unit: UnitRef,
}
