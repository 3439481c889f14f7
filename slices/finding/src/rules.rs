//! From an incident's facts to what is suspicious about them; pure, and given the time.

mod observe;

use std::collections::BTreeMap;

use anlan_findings::{Bounds, FindingKind, Outage, examine};
use anlan_foundation::{Checks, Timestamp};
use anlan_incident::UnitRef;
use anlan_incident::model::{Incident, Report};
use serde::Deserialize;

use crate::facts::{Found, Line};
pub use observe::{Seen, observe};

/// What a verdict can be.
pub const VERDICTS: [&str; 3] = ["upheld", "unfounded", "excused"];
/// All kinds, with their words on the wire.
pub const KINDS: [(&str, FindingKind); 5] = [
    ("late", FindingKind::Late),
    ("omitted", FindingKind::Omitted),
    ("understated", FindingKind::Understated),
    ("back_dated", FindingKind::BackDated),
    ("edited_down", FindingKind::EditedDown),
];

/// The word of a kind.
pub fn word(kind: FindingKind) -> &'static str {
    KINDS
        .iter()
        .find(|(_, known)| *known == kind)
        .map_or("", |(word, _)| word)
}

/// How the desk works, as data.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Desk {
    #[serde(rename = "confidence")]
    _confidence: String,
    /// How long the unit concerned may reply.
    pub reply_hours: u32,
    /// How much later a time of a precision may lie than it is written, in minutes.
    pub slack_minutes: BTreeMap<String, u32>,
    /// Whose word on figures is that of a hospital.
    pub hospital: Hospital,
}

/// Whose word on figures is that of a hospital.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hospital {
    /// What its name contains.
    pub words: Vec<String>,
}

impl Desk {
    /// Reads the data; a refusal says where and what was expected.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    pub(crate) fn slack(&self, precision: &str) -> i64 {
        self.slack_minutes
            .get(precision)
            .map_or(0, |minutes| i64::from(*minutes))
    }

    pub(crate) fn is_hospital(&self, source: &str) -> bool {
        self.hospital
            .words
            .iter()
            .any(|word| source.contains(word.as_str()))
    }
}

/// Where an entry stands, and who recorded it.
#[derive(Debug, Clone)]
pub struct EntryRef {
    /// Feed.
    pub origin: String,
    /// Number in the feed.
    pub seq: u64,
    /// Unit of whoever recorded it.
    pub unit: Option<String>,
}

/// An incident with its entries by position, and what became one with it.
#[derive(Debug)]
pub struct Case<'c> {
    /// The incident.
    pub incident: &'c Incident,
    /// Reports of incidents that were merged into it.
    pub absorbed: &'c [Report],
    /// Entries by ledger position.
    pub entries: &'c BTreeMap<u64, EntryRef>,
    /// How the desk works.
    pub desk: &'c Desk,
    /// Bounds.
    pub bounds: &'c Bounds,
}

/// A unit that owes a first report, and how soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owing {
    /// The unit.
    pub unit: UnitRef,
    /// The limit.
    pub limit_minutes: u32,
    /// The clause.
    pub clause: String,
}

/// The units that owed a first report, each with its strictest limit.
pub fn owing(incident: &Incident) -> Vec<Owing> {
    let mut all: Vec<Owing> = Vec::new();
    for owed in incident
        .obligations
        .iter()
        .filter(|owed| owed.kind == "first_report")
    {
        let next = Owing {
            unit: owed.from_unit.clone(),
            limit_minutes: owed.rule.limit_minutes,
            clause: owed.rule.clause.clone(),
        };
        match all.iter_mut().find(|known| known.unit.id == next.unit.id) {
            Some(known) if next.limit_minutes < known.limit_minutes => *known = next,
            Some(_) => {}
            None => all.push(next),
        }
    }
    all
}

/// Units answering for the place that had evidence of their own and of which nothing is recorded as owed, for example one
/// that kept silent. A neighbour that heard of it shows that the event was, and owes nothing (属地).
pub fn silent_knowers(case: &Case<'_>) -> Vec<UnitRef> {
    let incident = case.incident;
    let owes = |id: &str| incident.obligations.iter().any(|owed| owed.from_unit.id == id);
    let mut units: Vec<UnitRef> = Vec::new();
    for known in incident.knowledge.iter().filter(|known| known.manner != "report") {
        let id = known.unit.id.as_str();
        let answers = incident.division.starts_with(&known.unit.division);
        if answers && !owes(id) && !units.iter().any(|unit| unit.id == id) {
            units.push(known.unit.clone());
        }
    }
    units
}

/// What is found about one unit, and when it must be looked at again although nothing has changed.
pub fn find(
    case: &Case<'_>,
    owing: &Owing,
    outages: &[Outage],
    now: Timestamp,
) -> (Vec<(FindingKind, Found)>, Option<Timestamp>) {
    let seen = observe(case, owing, outages);
    let mut found = Vec::new();
    for finding in examine(&seen.observed, case.bounds, seconds(now)) {
        // Who learned of it after its superior did hides nothing from it by saying nothing.
        if finding.kind == FindingKind::Omitted && superior_knew_first(case, &owing.unit) {
            continue;
        }
        found.push((finding.kind, seen.found(&finding, owing, case.bounds)));
    }
    (found, seen.look_again(case.bounds).filter(|at| *at > now))
}

fn superior_knew_first(case: &Case<'_>, unit: &UnitRef) -> bool {
    let earliest = |is_ours: &dyn Fn(&UnitRef) -> bool| {
        let known = case
            .incident
            .knowledge
            .iter()
            .filter(|known| is_ours(&known.unit));
        known.map(|known| known.time.at).min()
    };
    let own = earliest(&|other| other.id == unit.id);
    let above = earliest(&|other| {
        other.division.len() < unit.division.len() && unit.division.starts_with(&other.division)
    });
    above.zip(own).is_some_and(|(above, own)| above <= own)
}

/// Whether two findings of a kind say the same. How long something is missing grows by itself and is no news.
pub fn same(kind: FindingKind, known: &Found, now: &Found) -> bool {
    let key = |line: &Line| {
        (
            line.origin.clone(),
            line.seq,
            line.side.clone(),
            line.what.clone(),
        )
    };
    let lines = |found: &Found| found.evidence.iter().map(key).collect::<Vec<_>>();
    let by = kind == FindingKind::Omitted || known.by == now.by;
    by && lines(known) == lines(now)
}

/// Checks words that people write into a finding.
pub fn check_words(checks: &mut Checks, field: &str, text: &str) {
    checks.text(field, text, 2, 5_000);
}

/// Whole seconds since 1970.
pub fn seconds(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(1_000_000)
}
