//! What the ledger holds about an incident and one unit, in the words of the pure detections.

use std::collections::BTreeMap;

use anlan_findings::{
    Bounds, Evidence, EvidenceKind, Finding, FindingKind, Holder, Observed, Outage, Report as Told,
};
use anlan_foundation::Timestamp;
use anlan_incident::UnitRef;
use anlan_incident::facts::Happened;
use anlan_incident::model::{Assertion, Incident, Knowledge, Report};

use super::{Case, Owing, seconds};
use crate::facts::{Found, Line};

/// What was seen, with a line for every piece.
#[derive(Debug)]
pub struct Seen {
    /// For the pure detections.
    pub observed: Observed,
    /// Lines by the ids of the pieces.
    lines: BTreeMap<String, Line>,
    /// What the unit says about when it came to know.
    claim: Option<Line>,
    /// Line ids of the unit's own evidence.
    own: Vec<String>,
}

/// Puts together what the ledger holds about an incident and one unit.
pub fn observe(case: &Case<'_>, owing: &Owing, outages: &[Outage]) -> Seen {
    let mut gatherer = Gatherer {
        case,
        unit: &owing.unit,
        evidence: Vec::new(),
        lines: BTreeMap::new(),
    };
    for (index, known) in case.incident.knowledge.iter().enumerate() {
        gatherer.knowledge(index, known);
    }
    for stated in &case.incident.assertions {
        gatherer.assertion(stated);
    }
    let claim = gatherer.claim();
    let known = gatherer
        .evidence
        .iter()
        .filter(|piece| piece.holder == Holder::Unit);
    let first = known.map(|piece| piece.at).min();
    let learned = claim
        .as_ref()
        .map(|line| seconds(line.at.plus_minutes(-case.desk.slack(&line.precision))));
    let learned = learned.or(first);
    let all = case.incident.reports.iter().chain(case.absorbed);
    let mut reports: Vec<&Report> = all
        .filter(|report| report.from_unit.id == owing.unit.id)
        .collect();
    reports.sort_by_key(|report| report.position);
    let told = reports
        .iter()
        .map(|report| gatherer.report(report, learned))
        .collect();
    let own = gatherer
        .evidence
        .iter()
        .filter(|piece| piece.holder == Holder::Unit);
    Seen {
        own: own.map(|piece| piece.id.clone()).collect(),
        observed: Observed {
            event: case.incident.id.clone(),
            unit: owing.unit.id.clone(),
            limit_minutes: owing.limit_minutes,
            evidence: gatherer.evidence,
            reports: told,
            dismissed_at: dismissed_at(case.incident).map(seconds),
            outages: outages.to_vec(),
        },
        lines: gatherer.lines,
        claim,
    }
}

/// When somebody checked and recorded that it is no event.
fn dismissed_at(incident: &Incident) -> Option<Timestamp> {
    let verdict =
        |note: &&anlan_incident::model::Note| matches!(note.verdict.as_deref(), Some("false" | "dismissed"));
    incident.notes.iter().find(verdict).map(|note| note.at)
}

struct Gatherer<'g> {
    case: &'g Case<'g>,
    unit: &'g UnitRef,
    evidence: Vec<Evidence>,
    lines: BTreeMap<String, Line>,
}

impl Gatherer<'_> {
    fn recorder(&self, position: u64) -> Option<&str> {
        self.case.entries.get(&position)?.unit.as_deref()
    }

    /// A line about an entry; `None` where the entry is not at hand, for then nothing could be shown.
    fn line(&self, position: u64, what: &str, at: &Happened, unit: &UnitRef) -> Option<Line> {
        let entry = self.case.entries.get(&position)?;
        Some(Line {
            side: "known".to_owned(),
            what: what.to_owned(),
            at: at.at,
            precision: at.precision.clone(),
            recorded_at: at.at,
            unit: unit.clone(),
            source: at.source.clone(),
            text: String::new(),
            deaths: None,
            origin: entry.origin.clone(),
            seq: entry.seq,
        })
    }

    fn keep(&mut self, id: String, kind: EvidenceKind, line: Line) {
        let at = line
            .at
            .plus_minutes(self.case.desk.slack(&line.precision))
            .min(line.recorded_at);
        let ours = line.unit.id == self.unit.id;
        self.evidence.push(Evidence {
            id: id.clone(),
            at: seconds(at.max(line.at)),
            holder: if ours { Holder::Unit } else { Holder::Other },
            kind,
            deaths: line.deaths,
        });
        self.lines.insert(id, line);
    }

    fn knowledge(&mut self, index: usize, known: &Knowledge) {
        let incident = self.case.incident;
        let number = known.evidence.number;
        let call = incident
            .calls
            .iter()
            .find(|call| known.evidence.kind == "call" && call.number == number && known.origin.is_none());
        // What belongs to another incident, or what its own source doubts, shows nothing here.
        if call.is_some_and(|call| call.moved_to.is_some()) || known.time.confidence == "doubtful" {
            return;
        }
        let Some(mut line) = self.line(known.position, &known.manner, &known.time, &known.unit) else {
            return;
        };
        line.recorded_at = known.recorded_at;
        line.text.clone_from(&known.text);
        if let Some(call) = call {
            line.text = call.text.chars().take(120).collect();
        }
        let in_call = incident.assertions.iter().filter(|stated| {
            stated.position == known.position
                && stated.stated.kind == "deaths"
                && !self.case.desk.is_hospital(&stated.stated.source)
        });
        line.deaths = in_call.filter_map(|stated| stated.stated.value).max();
        if known.evidence.kind == "report" && known.origin.is_none() {
            let report = incident.reports.iter().find(|report| report.number == number);
            line.deaths = report.and_then(deaths_of);
        }
        let kind = match known.manner.as_str() {
            "call" => EvidenceKind::Call,
            "sensor" => EvidenceKind::Sensor,
            "resident" => EvidenceKind::Resident,
            "enquiry" => EvidenceKind::Enquiry,
            _ => EvidenceKind::Message,
        };
        self.keep(format!("{}k{index}", known.position), kind, line);
    }

    /// A statement about deaths that came by itself, or whose source is a hospital.
    fn assertion(&mut self, stated: &Assertion) {
        let hospital = self.case.desk.is_hospital(&stated.stated.source);
        let in_call = self
            .lines
            .keys()
            .any(|id| id.starts_with(&format!("{}k", stated.position)));
        if stated.stated.kind != "deaths" || stated.moved_to.is_some() || (in_call && !hospital) {
            return;
        }
        if !hospital && self.was_corrected(stated) {
            return;
        }
        let recorder = self.recorder(stated.position).unwrap_or_default().to_owned();
        let unit = self.unit_named(&recorder);
        let at = Happened {
            at: stated.at,
            precision: "minute".to_owned(),
            source: stated.stated.source.clone(),
            confidence: "reported".to_owned(),
        };
        let what = if hospital { "hospital" } else { "statement" };
        let Some(mut line) = self.line(stated.position, what, &at, &unit) else {
            return;
        };
        line.deaths = stated.stated.value;
        let kind = if hospital {
            EvidenceKind::Hospital
        } else {
            EvidenceKind::Message
        };
        self.keep(format!("{}a{}", stated.position, stated.number), kind, line);
    }

    fn unit_named(&self, id: &str) -> UnitRef {
        let incident = self.case.incident;
        let known = incident.knowledge.iter().map(|known| &known.unit);
        let mut units = known.chain(std::iter::once(self.unit));
        units
            .find(|unit| unit.id == id)
            .cloned()
            .unwrap_or_else(|| UnitRef {
                id: id.to_owned(),
                ..UnitRef::default()
            })
    }

    /// Whether its own source corrected it, or a named person decided against it.
    fn was_corrected(&self, stated: &Assertion) -> bool {
        let incident = self.case.incident;
        let decided = incident
            .decisions
            .iter()
            .any(|decision| decision.decided.over.contains(&stated.number));
        let corrected = stated.superseded_by.and_then(|number| {
            let mut all = incident.assertions.iter();
            all.find(|other| other.number == number)
        });
        decided || corrected.is_some_and(|other| other.stated.source == stated.stated.source)
    }

    /// What the unit itself states about when it came to know: the first such statement that it recorded.
    fn claim(&self) -> Option<Line> {
        let by_us = |kind: &str| {
            self.case.incident.times.iter().find(|time| {
                time.stated.kind == kind && self.recorder(time.position) == Some(self.unit.id.as_str())
            })
        };
        let stated = by_us("learned").or_else(|| by_us("received"))?;
        let at = Happened {
            at: stated.stated.at,
            precision: stated.stated.precision.clone(),
            source: stated.stated.source.clone(),
            confidence: stated.stated.confidence.clone(),
        };
        let mut line = self.line(stated.position, "claim", &at, self.unit)?;
        "claimed".clone_into(&mut line.side);
        line.recorded_at = stated.recorded_at;
        Some(line)
    }

    fn report(&mut self, report: &Report, learned: Option<i64>) -> Told {
        let id = format!("{}r{}", report.position, report.number);
        let stated = report.happened.as_ref();
        let sent = stated.map_or(report.sent_at, |told| {
            let slack = self.case.desk.slack(&told.precision);
            told.at.plus_minutes(slack).min(report.sent_at)
        });
        // Where the receiver itself says that it was told then, the entry came late and the report did not.
        let confirmed = report.receipts.iter().any(|receipt| {
            let near = |told: &Happened| {
                let apart = told.at.micros_since(sent).saturating_abs() / 1_000_000;
                apart <= self.case.bounds.clock_tolerance_seconds * 5
            };
            receipt.told_by.is_none() && receipt.happened.as_ref().is_some_and(near)
        });
        let recorded = if confirmed { sent } else { report.sent_at };
        let at = Happened {
            at: sent,
            precision: "minute".to_owned(),
            source: report.sent_by.clone(),
            confidence: "reported".to_owned(),
        };
        if let Some(mut line) = self.line(report.position, "report", &at, self.unit) {
            "claimed".clone_into(&mut line.side);
            line.recorded_at = report.sent_at;
            line.text = report.text.chars().take(120).collect();
            line.deaths = deaths_of(report);
            self.lines.insert(id.clone(), line);
        }
        Told {
            id,
            recorded_at: seconds(recorded),
            claimed_sent_at: seconds(sent),
            claimed_learned_at: learned.unwrap_or_else(|| seconds(sent)),
            deaths: deaths_of(report),
            read_at: self.read_at(report).map(seconds),
        }
    }

    /// When somebody above had read it: the first receipt, or the first question of a receiver after it.
    fn read_at(&self, report: &Report) -> Option<Timestamp> {
        let receipts = report.receipts.iter().map(|receipt| receipt.at);
        let asked = self.case.incident.enquiries.iter().filter(|enquiry| {
            enquiry.to_unit.id == self.unit.id
                && enquiry.at > report.sent_at
                && report.to_units.iter().any(|to| to.id == enquiry.from_unit.id)
        });
        receipts.chain(asked.map(|enquiry| enquiry.at)).min()
    }
}

/// Deaths as they went out with a report; none where the sources differed.
fn deaths_of(report: &Report) -> Option<u32> {
    let figure = report.figures.iter().find(|figure| figure.kind == "deaths")?;
    figure.value.filter(|_| !figure.conflict)
}

impl Seen {
    fn first_known(&self) -> Option<i64> {
        let own = self
            .observed
            .evidence
            .iter()
            .filter(|piece| piece.holder == Holder::Unit);
        own.map(|piece| piece.at).min()
    }

    /// When a missing report becomes a finding.
    pub(super) fn look_again(&self, bounds: &Bounds) -> Option<Timestamp> {
        if !self.observed.reports.is_empty() || self.observed.dismissed_at.is_some() {
            return None;
        }
        let start = self.first_known()?;
        let end = start + (i64::from(self.observed.limit_minutes) + bounds.omitted_grace_minutes) * 60;
        let overlap = |outage: &Outage| (outage.to.min(end) - outage.from.max(start)).max(0);
        let down: i64 = self.observed.outages.iter().map(overlap).sum();
        Some(Timestamp::from_seconds(end + down + 1))
    }

    /// A finding in full: its evidence as lines, what is claimed beside what is known.
    pub(super) fn found(&self, finding: &Finding, owing: &Owing, bounds: &Bounds) -> Found {
        let mut lines: Vec<Line> = finding
            .evidence
            .iter()
            .filter_map(|id| self.lines.get(id))
            .cloned()
            .collect();
        let about_time = matches!(finding.kind, FindingKind::Late | FindingKind::BackDated);
        if about_time {
            let claimed = self.claim.as_ref().map_or(i64::MAX, |line| seconds(line.at));
            let before = |id: &&String| {
                let piece = self.observed.evidence.iter().find(|piece| piece.id == **id);
                piece.is_some_and(|piece| piece.at < claimed - bounds.clock_tolerance_seconds)
            };
            let more = self.own.iter().filter(before).filter_map(|id| self.lines.get(id));
            if self.claim.is_some() {
                lines.extend(more.cloned());
            }
            lines.extend(self.claim.clone());
        }
        lines.sort_by_key(|line| (line.at, line.seq, line.what.clone()));
        lines.dedup_by(|a, b| {
            a.seq == b.seq && a.origin == b.origin && a.what == b.what && a.deaths == b.deaths
        });
        let reports = &self.observed.reports;
        let sent_claim = finding.kind == FindingKind::BackDated && finding.evidence.len() == 1;
        let report = finding
            .evidence
            .last()
            .and_then(|id| reports.iter().find(|report| report.id == *id));
        let claimed = if sent_claim {
            report.map(|report| Timestamp::from_seconds(report.claimed_sent_at))
        } else {
            self.claim.as_ref().map(|line| line.at)
        };
        let given = report.and_then(|report| report.deaths);
        let about_figures = matches!(finding.kind, FindingKind::Understated | FindingKind::EditedDown);
        let held = given.and_then(|given| u32::try_from(finding.by).ok().map(|by| given + by));
        Found {
            by: finding.by,
            claimed_at: claimed,
            known_at: self.first_known().map(Timestamp::from_seconds),
            reported_at: reports
                .first()
                .map(|report| Timestamp::from_seconds(report.recorded_at)),
            figures: given.zip(held).filter(|_| about_figures),
            limit_minutes: owing.limit_minutes,
            clause: owing.clause.clone(),
            evidence: lines,
        }
    }
}
