//! The ledger facts of a finding.

use anlan_findings::FindingKind;
use anlan_foundation::Timestamp;
use anlan_incident::UnitRef;
use anlan_incident::facts::IncidentRef;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One line of evidence: an entry of the ledger, and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FindingLine)]
pub struct Line {
    /// `claimed` for what the unit says, `known` for what others show.
    pub side: String,
    /// `claim`, `report`, `call`, `sensor`, `message`, `resident`, `enquiry`, `hospital`, `statement` or `own`.
    pub what: String,
    /// When, as stated.
    pub at: Timestamp,
    /// `minute`, `hour`, `day` or `about`.
    pub precision: String,
    /// When the entry was recorded.
    pub recorded_at: Timestamp,
    /// Whom it reached, or who claims it.
    pub unit: UnitRef,
    /// Who says so.
    pub source: String,
    /// In words.
    #[serde(default)]
    pub text: String,
    /// Deaths it speaks of.
    #[serde(default)]
    pub deaths: Option<u32>,
    /// Feed of the entry.
    pub origin: String,
    /// Its number in that feed.
    pub seq: u64,
}

/// What was found, with all that shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FindingFound)]
pub struct Found {
    /// By how much: seconds, or deaths.
    pub by: i64,
    /// When the unit says that it came to know, or that it sent.
    pub claimed_at: Option<Timestamp>,
    /// The earliest evidence that it knew.
    pub known_at: Option<Timestamp>,
    /// When the ledger recorded its first report; absent when there is none.
    pub reported_at: Option<Timestamp>,
    /// Figures: what the unit gave, and what it held.
    #[serde(default)]
    pub figures: Option<(u32, u32)>,
    /// The limit of its first report.
    pub limit_minutes: u32,
    /// The clause of the limit.
    pub clause: String,
    /// The evidence, the earliest first.
    pub evidence: Vec<Line>,
}

/// 疑似: the facts of an incident show something that a person must look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspected {
    /// The incident.
    pub incident: IncidentRef,
    /// Its title, as it was then.
    pub title: String,
    /// Division of the incident.
    pub division: String,
    /// The unit concerned.
    pub unit: UnitRef,
    /// What is suspected.
    #[serde(rename = "suspicion")]
    pub kind: FindingKind,
    /// What was found.
    #[serde(flatten)]
    pub found: Found,
    /// Until when the unit may reply.
    pub reply_due_at: Timestamp,
}

/// New facts changed what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recomputed {
    /// What is found now.
    #[serde(flatten)]
    pub found: Found,
}

/// 撤销: the facts no longer show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifted {
    /// Ledger position up to which the facts were read.
    pub as_of: u64,
}

/// 申辩: the unit concerned says how it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replied {
    /// The unit.
    pub unit: UnitRef,
    /// In words.
    pub text: String,
    /// Whether the time was over.
    #[serde(default)]
    pub late: bool,
}

/// The time for a reply is over, and none came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyMissed {
    /// When it was over.
    pub reply_due_at: Timestamp,
}

/// 认定: a named person decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// `upheld` 成立, `unfounded` 不成立 or `excused` 情有可原.
    pub verdict: String,
    /// Why.
    pub reason: String,
    /// For which unit the person acts.
    pub unit: UnitRef,
}

/// The evidence was taken away as a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackTaken {
    /// How many streams of the ledger it holds.
    pub streams: usize,
}

/// A fact of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is documented where its body is")]
pub enum Fact {
    Suspected(Box<Suspected>),
    Recomputed(Box<Recomputed>),
    Lifted(Lifted),
    Replied(Replied),
    ReplyMissed(ReplyMissed),
    Judged(Judged),
    PackTaken(PackTaken),
}

impl Fact {
    /// The kind of its entry.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Suspected(_) => "finding.suspected.v1",
            Self::Recomputed(_) => "finding.recomputed.v1",
            Self::Lifted(_) => "finding.lifted.v1",
            Self::Replied(_) => "finding.replied.v1",
            Self::ReplyMissed(_) => "finding.reply_missed.v1",
            Self::Judged(_) => "finding.judged.v1",
            Self::PackTaken(_) => "finding.pack_taken.v1",
        }
    }

    /// Reads an entry; `None` for a kind that this version does not know.
    pub fn read(kind: &str, body: &str) -> Result<Option<Self>, serde_json::Error> {
        Ok(Some(match kind {
            "finding.suspected.v1" => Self::Suspected(serde_json::from_str(body)?),
            "finding.recomputed.v1" => Self::Recomputed(serde_json::from_str(body)?),
            "finding.lifted.v1" => Self::Lifted(serde_json::from_str(body)?),
            "finding.replied.v1" => Self::Replied(serde_json::from_str(body)?),
            "finding.reply_missed.v1" => Self::ReplyMissed(serde_json::from_str(body)?),
            "finding.judged.v1" => Self::Judged(serde_json::from_str(body)?),
            "finding.pack_taken.v1" => Self::PackTaken(serde_json::from_str(body)?),
            _ => return Ok(None),
        }))
    }
}

impl Serialize for Fact {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Suspected(fact) => fact.serialize(serializer),
            Self::Recomputed(fact) => fact.serialize(serializer),
            Self::Lifted(fact) => fact.serialize(serializer),
            Self::Replied(fact) => fact.serialize(serializer),
            Self::ReplyMissed(fact) => fact.serialize(serializer),
            Self::Judged(fact) => fact.serialize(serializer),
            Self::PackTaken(fact) => fact.serialize(serializer),
        }
    }
}
