//! What the ledger holds about an event, and what is found in it.

use serde::{Deserialize, Serialize};

/// Seconds since 1970 UTC, or a number of them.
pub type Seconds = i64;

/// Where a piece of evidence came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// A call that was taken.
    Call,
    /// An alarm of a sensor.
    Sensor,
    /// A message of another unit.
    Message,
    /// A resident's notice.
    Resident,
    /// A question from above.
    Enquiry,
    /// A hospital's statement.
    Hospital,
}

/// Whom it reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// The unit that owes the report.
    Unit,
    /// Somebody else: it shows that the event was, not that the unit knew.
    Other,
}

/// A piece of evidence, recorded when it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Id of its entry.
    pub id: String,
    /// When it was recorded.
    pub at: Seconds,
    /// Whom it reached.
    pub holder: Holder,
    /// Where it came from.
    pub kind: EvidenceKind,
    /// Deaths it speaks of.
    pub deaths: Option<u32>,
}

/// A report of the unit, frozen once issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Id of its entry.
    pub id: String,
    /// When the ledger recorded it.
    pub recorded_at: Seconds,
    /// When the unit says that it sent it.
    pub claimed_sent_at: Seconds,
    /// When the unit says that it came to know of the event.
    pub claimed_learned_at: Seconds,
    /// Deaths it gives.
    pub deaths: Option<u32>,
    /// When the superior first read it.
    pub read_at: Option<Seconds>,
}

/// A time in which the unit's node was down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outage {
    /// First second.
    pub from: Seconds,
    /// First second after.
    pub to: Seconds,
}

/// All that the ledger holds about one event and the unit that owes its report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// Id of the event.
    pub event: String,
    /// The unit.
    pub unit: String,
    /// The limit, by the law of the place and the day.
    pub limit_minutes: u32,
    /// Evidence, in any order.
    pub evidence: Vec<Evidence>,
    /// Reports, in the order of the ledger.
    pub reports: Vec<Report>,
    /// When somebody checked it and recorded that it is no event.
    pub dismissed_at: Option<Seconds>,
    /// When the unit's node was down.
    pub outages: Vec<Outage>,
}

/// What is suspected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// 疑似迟报.
    Late,
    /// 疑似漏报.
    Omitted,
    /// 疑似少报.
    Understated,
    /// 疑似倒签: the claimed times are not those of the ledger.
    BackDated,
    /// 疑似上级阅后改小.
    EditedDown,
}

/// A suspicion with its evidence; a person decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The event.
    pub event: String,
    /// The unit.
    pub unit: String,
    /// What is suspected.
    pub kind: FindingKind,
    /// By how much: seconds, or deaths.
    pub by: i64,
    /// Ids of the entries that show it, the earliest first.
    pub evidence: Vec<String>,
}
