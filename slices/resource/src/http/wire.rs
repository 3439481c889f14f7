//! Resources as they go over the wire.

use std::collections::BTreeMap;

use anlan_foundation::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::{Entry, Paperwork, Place, Readiness, Record};
use crate::rules::shelters::StayAnswer;
use crate::service::Resources;

/// Where something stands, in the datum that is named.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct GivenPlace {
    /// Longitude in degrees.
    pub lon: f64,
    /// Latitude in degrees.
    pub lat: f64,
    /// `cgcs2000`, `wgs84`, `gcj02` or `bd09`; converted to CGCS2000.
    pub datum: String,
}

/// An entry of a register as it is given.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct RecordInput {
    /// Register.
    pub kind: String,
    /// Class within the register.
    pub class: String,
    /// Code, once within the register.
    pub code: String,
    /// Name.
    pub name: String,
    /// The unit whose it is.
    #[serde(default)]
    pub unit: String,
    /// Code of the division it belongs to.
    pub area: String,
    /// Address.
    #[serde(default)]
    pub address: String,
    /// Where it stands.
    pub place: Option<GivenPlace>,
    /// Whether it can be called upon.
    #[serde(default)]
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

impl From<RecordInput> for Entry {
    fn from(input: RecordInput) -> Self {
        let trim = |text: String| text.trim().to_owned();
        let place = input.place.map(|place| Place {
            lon: place.lon,
            lat: place.lat,
            given_in: place.datum,
        });
        Self {
            kind: input.kind,
            class: input.class,
            code: trim(input.code),
            name: trim(input.name),
            unit: trim(input.unit),
            area: input.area,
            address: trim(input.address),
            place,
            readiness: input.readiness,
            source: trim(input.source),
            as_of: input.as_of,
            note: trim(input.note),
            values: input.values,
            paperwork: input.paperwork,
        }
    }
}

/// A record with what follows from it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct RecordShown {
    /// The record.
    #[serde(flatten)]
    pub record: Record,
    /// Of a shelter: for how long it may be lived in by as many as it is said to hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stays: Vec<StayAnswer>,
    /// Square metres a head.
    pub m2_a_head: Option<f64>,
    /// What the caller may do with it.
    pub allowed: Vec<String>,
}

impl RecordShown {
    /// A record as the caller sees it.
    pub fn of(resources: &Resources, caller: &anlan_access::Caller, record: Record) -> Self {
        let shelter = record.entry.kind == "shelter" && record.m2_a_head().is_some();
        let standard = &resources.rules.shelters;
        let stays = if shelter {
            standard.answers(record.area_m2, record.capacity)
        } else {
            Vec::new()
        };
        let place = anlan_access::Object::in_area(&record.entry.area);
        let all = [
            "resource.write",
            "resource.readiness",
            "resource.reveal",
            "resource.fly",
        ];
        let allowed = all
            .iter()
            .filter(|operation| !record.retired && caller.may(operation, place));
        Self {
            m2_a_head: shelter.then(|| record.m2_a_head()).flatten(),
            stays,
            allowed: allowed.map(|operation| (*operation).to_owned()).collect(),
            record,
        }
    }
}

/// Records on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordList {
    /// The items.
    pub items: Vec<Record>,
    /// Goes back as `after`.
    pub next: Option<String>,
    /// How many fit the filter.
    pub total: u64,
}

/// Why something is done.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = ResourceReason)]
pub struct Reason {
    /// 2 to 200 characters; becomes an entry of the ledger.
    pub reason: String,
}
