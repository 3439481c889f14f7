//! What people state: times, figures, places, photos, and what the law makes of them.

use anlan_foundation::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::absent;
use crate::model::UnitRef;

/// How exact a time is.
pub const PRECISIONS: [&str; 4] = ["minute", "hour", "day", "about"];
/// How sure its source is: confirmed 已核, reported 据报, doubtful 存疑.
pub const CONFIDENCES: [&str; 3] = ["confirmed", "reported", "doubtful"];

pub(crate) fn reported() -> String {
    "reported".to_owned()
}

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
    /// `confirmed`, `reported` or `doubtful`.
    #[serde(default = "reported")]
    pub confidence: String,
}

/// When a step took place, as somebody states it; the entry itself tells when it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Happened {
    /// The instant.
    pub at: Timestamp,
    /// `minute`, `hour`, `day` or `about`.
    pub precision: String,
    /// Who says so.
    pub source: String,
    /// `confirmed`, `reported` or `doubtful`.
    #[serde(default = "reported")]
    pub confidence: String,
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

/// A photo of an incident. The entry holds its digest; the bytes are kept beside the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attachment {
    /// Name of the file, which is the digest of its bytes: `sm3-…` or `sha256-…`.
    pub digest: String,
    /// What the sender called it.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// How many bytes.
    pub bytes: u64,
    /// Width, in pixels.
    pub width: u32,
    /// Height, in pixels.
    pub height: u32,
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
    /// 立即: the law says "at once"; the limit is then the place's own, as the latest.
    #[serde(default, skip_serializing_if = "absent")]
    pub immediately: bool,
}

/// A notice ahead of a deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Alarm {
    /// Which notice, for example `t15` or `t0`.
    pub stage: String,
    /// When it is due.
    pub at: Timestamp,
    /// Who is told: `officer`, `deputy`, `leader`, `above`.
    pub to: Vec<String>,
}

fn first_report() -> String {
    "first_report".to_owned()
}

/// Something a unit owes another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = OwedFact)]
pub struct Owed {
    /// What: `first_report` 初报, `preliminary_check` 初核, `follow_up` 续报, `final_report` 终报 …
    #[serde(default = "first_report")]
    pub kind: String,
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
    /// Notices ahead of the end, in their order.
    #[serde(default, skip_serializing_if = "absent")]
    pub alarms: Vec<Alarm>,
    /// What it asks for in particular, for example which figure has changed.
    #[serde(default, skip_serializing_if = "absent")]
    pub about: String,
}
