//! The parts of an incident.

use anlan_foundation::Timestamp;
use anlan_ledger::Sealed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facts::{
    Alarm, Attachment, CasualtyStated, Change, Evidence, FigureDecided, Graded, Happened, Recipient,
    ReportedFigure, RuleRef, Serial, TimeStated,
};

/// A unit by id and name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnitRef {
    /// Id.
    #[serde(rename = "unit_id")]
    pub id: String,
    /// Name, as it was then.
    #[serde(rename = "unit_name")]
    pub name: String,
    /// Division it acts for.
    #[serde(default)]
    pub division: String,
}

/// When and where in the ledger a fact was recorded.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Position in the ledger.
    pub position: u64,
    /// Recording time.
    pub at: Timestamp,
    /// Name of whoever acted.
    pub by: String,
}

/// How far an incident has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 已接报.
    #[default]
    Received,
    /// 已上报.
    Reported,
    /// 已核实.
    Verified,
    /// 已办结.
    Closed,
    /// 不属实.
    Dismissed,
    /// 已并入另一起.
    Merged,
}

impl Status {
    /// All of them, with their names in tables and on the wire.
    pub const NAMES: [(&'static str, Self); 6] = [
        ("received", Self::Received),
        ("reported", Self::Reported),
        ("verified", Self::Verified),
        ("closed", Self::Closed),
        ("dismissed", Self::Dismissed),
        ("merged", Self::Merged),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, status)| *status == self)
            .map_or("", |(name, _)| *name)
    }
}

/// A call, message or sensor that told of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Number within the incident, from 1.
    pub number: u32,
    /// `phone`, `web`, `api`, `message` or `sensor`.
    pub channel: String,
    /// What was said.
    pub text: String,
    /// Name of the caller, sealed.
    pub caller_name: Option<Sealed>,
    /// Number of the caller, sealed.
    pub caller_phone: Option<Sealed>,
    /// Who took it.
    pub taken_by: UnitRef,
    /// When it was taken, as stated, else when it was recorded.
    pub received_at: Timestamp,
    /// When it was recorded.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Id of the incident it came from, where incidents were merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Id of the incident it belongs to, where incidents were split.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<String>,
}

/// A piece of evidence that a unit knew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Knowledge {
    /// The unit.
    pub unit: UnitRef,
    /// `call`, `sensor`, `message`, `resident`, `report`, `enquiry` or `own`.
    pub manner: String,
    /// Since when, with source, precision and confidence.
    pub time: Happened,
    /// What shows it.
    pub evidence: Evidence,
    /// The same in words, where somebody gave them.
    pub text: String,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// By whom.
    pub by: String,
    /// Ledger position of the fact.
    pub position: u64,
    /// Id of the incident it came from, where incidents were merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

/// A casualty statement with its place in the incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Assertion {
    /// Number within the incident, from 1.
    pub number: u32,
    /// What was stated.
    #[serde(flatten)]
    pub stated: CasualtyStated,
    /// When it was recorded.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Ledger position of the fact.
    pub position: u64,
    /// The statement that replaced it, or that a person found to prevail.
    pub superseded_by: Option<u32>,
    /// Id of the incident it came from, where incidents were merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Id of the incident it belongs to, where incidents were split.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<String>,
}

/// A time with who recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TimeOf {
    /// What was stated.
    #[serde(flatten)]
    pub stated: TimeStated,
    /// When the statement was recorded.
    pub recorded_at: Timestamp,
    /// By whom.
    pub by: String,
    /// Ledger position of the fact.
    pub position: u64,
    /// Id of the incident it came from, where incidents were merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

/// A grade with who gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GradeOf {
    /// The grade.
    #[serde(flatten)]
    pub given: Graded,
    /// When it was recorded.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

/// A photo with who added it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AttachmentOf {
    /// The photo.
    #[serde(flatten)]
    pub attachment: Attachment,
    /// When it was added.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

/// The acknowledgement of a report by one of its receivers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    /// The receiver.
    pub unit: UnitRef,
    /// When it was recorded.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Set when the sender recorded what the receiver said: who said it.
    pub told_by: Option<String>,
    /// When it was acknowledged, if that was before it was recorded.
    pub happened: Option<Happened>,
}

/// A report from one unit to others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// Number within the incident, from 1.
    pub number: u32,
    /// 初报, 续报 or 终报.
    pub serial: Serial,
    /// Number among the reports of its kind by the unit: 续报一 is 1.
    pub ordinal: u32,
    /// Who reported.
    pub from_unit: UnitRef,
    /// To whom.
    pub to_units: Vec<UnitRef>,
    /// When it was sent, which on one node is when it arrived.
    pub sent_at: Timestamp,
    /// When it was told, if that was before it was recorded.
    pub happened: Option<Happened>,
    /// Who sent it.
    pub sent_by: String,
    /// Words added to the facts.
    pub text: String,
    /// The figures as they went out.
    pub figures: Vec<ReportedFigure>,
    /// What differs from the unit's report before.
    pub changes: Vec<Change>,
    /// Whether it came after its deadline.
    pub late: bool,
    /// Who has acknowledged it.
    pub receipts: Vec<Receipt>,
    /// Id of the paper it went out with.
    pub paper: Option<String>,
    /// Ledger position of the fact.
    pub position: u64,
}

impl Report {
    /// The receivers that have not acknowledged it.
    pub fn waiting(&self) -> impl Iterator<Item = &UnitRef> {
        self.to_units
            .iter()
            .filter(|unit| !self.receipts.iter().any(|receipt| receipt.unit.id == unit.id))
    }
}

/// A question from one unit to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Enquiry {
    /// Number within the incident, from 1.
    pub number: u32,
    /// Who asked.
    pub from_unit: UnitRef,
    /// Who was asked.
    pub to_unit: UnitRef,
    /// The question.
    pub text: String,
    /// When it was recorded.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

/// Something owed, with its clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Obligation {
    /// Number within the incident, from 1.
    pub number: u32,
    /// What is owed: `first_report`, `preliminary_check`, `follow_up`, `final_report` …
    pub kind: String,
    /// Who owes.
    pub from_unit: UnitRef,
    /// Whom.
    pub to_unit: UnitRef,
    /// When the clock started.
    pub started_at: Timestamp,
    /// When it ends.
    pub due_at: Timestamp,
    /// When it was met.
    pub met_at: Option<Timestamp>,
    /// Whether its passing was recorded.
    pub passed: bool,
    /// Whether that record came late because the node was down.
    pub late_because_down: bool,
    /// Why it is owed.
    pub rule: RuleRef,
    /// What it asks for in particular.
    pub about: String,
    /// Notices ahead of the end that were not given yet, in their order.
    pub alarms: Vec<Alarm>,
    /// Notices that were given.
    pub notices: Vec<NoticeOf>,
}

/// A notice of a deadline that was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NoticeOf {
    /// Which: `t15` … `t0`, `overdue`.
    pub stage: String,
    /// When it was given.
    pub at: Timestamp,
    /// To whom.
    pub recipients: Vec<Recipient>,
    /// Whether it came late because the node was down.
    pub late_because_down: bool,
}

/// A decision between figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DecisionOf {
    /// What was decided.
    #[serde(flatten)]
    pub decided: FigureDecided,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

impl Obligation {
    /// Whether it is unmet and its time is over.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.met_at.is_none() && now > self.due_at
    }
}

/// What was written when: verification, follow-ups, the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Note {
    /// `verified`, `followed_up`, `supplemented` or `closed`.
    pub kind: String,
    /// Verdict or outcome, if any.
    pub verdict: Option<String>,
    /// In words.
    pub text: String,
    /// Which unit.
    pub unit: UnitRef,
    /// When it was so, if that was before it was recorded.
    pub happened: Option<Happened>,
    /// When it was recorded.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}
