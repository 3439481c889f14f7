//! What is owed, as a pure function of the facts, the law's answers and the time.

use std::collections::BTreeSet;

use anlan_foundation::Timestamp;

use super::{changes, reported_figures};
use crate::facts::{Alarm, Owed, RuleRef, TimeStated};
use crate::model::{Incident, UnitRef};
use crate::service::{Duty, Limit, Stage};

/// By what clocks go.
#[derive(Debug, Clone, Copy)]
pub struct Clock<'c> {
    /// The times that were stated.
    pub times: &'c [TimeStated],
    /// When the unit received it: where nobody stated the time that a rule names, its clock starts here.
    pub received: Timestamp,
    /// The notices ahead of a deadline.
    pub stages: &'c [Stage],
}

/// The first report that `from` owes `to` under a limit.
///
/// The clock starts at the time the rule names; where nobody has stated that time, at the receipt.
pub fn decide_owed(limit: &Limit, from: &UnitRef, to: &UnitRef, clock: &Clock<'_>) -> Owed {
    let stated = clock.times.iter().find(|time| time.kind == limit.start_event);
    let started_at = stated.map_or(clock.received, |time| time.at);
    let due_at = started_at.plus_minutes(i64::from(limit.minutes));
    Owed {
        kind: "first_report".to_owned(),
        from_unit: from.clone(),
        to_unit: to.clone(),
        started_at,
        due_at,
        rule: RuleRef {
            id: limit.id.clone(),
            clause: limit.clause.clone(),
            limit_minutes: limit.minutes,
            start_event: limit.start_event.clone(),
            immediately: limit.immediately,
        },
        alarms: alarms(started_at, due_at, clock.stages),
        about: String::new(),
    }
}

/// The notices ahead of a deadline that fall after its clock started, the earliest first.
fn alarms(started_at: Timestamp, due_at: Timestamp, stages: &[Stage]) -> Vec<Alarm> {
    let alarm = |stage: &Stage| Alarm {
        stage: stage.id.clone(),
        at: due_at.plus_minutes(-i64::from(stage.minutes_before)),
        to: stage.to.clone(),
    };
    let mut alarms: Vec<Alarm> = stages
        .iter()
        .map(alarm)
        .filter(|alarm| alarm.at > started_at)
        .collect();
    alarms.sort_by_key(|alarm| alarm.at);
    alarms
}

/// What a unit owes under all duties: one obligation for each receiver and kind, by the strictest rule.
pub fn decide_all_owed(from: &UnitRef, duties: &[Duty], clock: &Clock<'_>) -> Vec<Owed> {
    let mut all: Vec<Owed> = Vec::new();
    for duty in duties {
        let owed = Owed {
            kind: duty.kind.clone(),
            ..decide_owed(&duty.limit, from, &duty.to, clock)
        };
        match all.iter_mut().find(|known| same(known, &owed)) {
            Some(known) if owed.due_at < known.due_at => *known = owed,
            Some(_) => {}
            None => all.push(owed),
        }
    }
    all
}

fn same(a: &Owed, b: &Owed) -> bool {
    a.kind == b.kind && a.from_unit.id == b.from_unit.id && a.to_unit.id == b.to_unit.id
}

/// What of it the incident does not know yet: neither open nor met.
pub fn not_yet_owed(incident: &Incident, owed: Vec<Owed>) -> Vec<Owed> {
    let known = |owed: &Owed| {
        incident.obligations.iter().any(|obligation| {
            obligation.kind == owed.kind
                && obligation.from_unit.id == owed.from_unit.id
                && obligation.to_unit.id == owed.to_unit.id
        })
    };
    owed.into_iter().filter(|owed| !known(owed)).collect()
}

/// The units that news from one unit goes up to: itself, and whom reports went to from there.
pub fn upward(incident: &Incident, unit: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::from([unit.to_owned()]);
    for report in &incident.reports {
        if reached.contains(&report.from_unit.id) {
            reached.extend(report.to_units.iter().map(|to| to.id.clone()));
        }
    }
    reached
}

/// 变更: a unit whose last report has become wrong owes its receivers the change, once until it is met.
///
/// Only units that the news goes up to: nobody below owes what was found above.
pub fn owed_changes(
    incident: &Incident,
    units: &BTreeSet<String>,
    limit: &Limit,
    clock: &Clock<'_>,
) -> Vec<Owed> {
    let figures = reported_figures(incident);
    let mut seen = BTreeSet::new();
    let mut owes = Vec::new();
    for report in incident.reports.iter().rev() {
        let from = &report.from_unit;
        if !seen.insert(from.id.clone()) || !units.contains(&from.id) {
            continue;
        }
        let changed = changes(incident, &from.id, &figures);
        if changed.is_empty() {
            continue;
        }
        let about: Vec<&str> = changed.iter().map(|change| change.kind.as_str()).collect();
        let waits = |to: &UnitRef| {
            incident.pending().any(|owed| {
                owed.kind == "change_report" && owed.from_unit.id == from.id && owed.to_unit.id == to.id
            })
        };
        let now = Clock { times: &[], ..*clock };
        let change = |to: &UnitRef| Owed {
            kind: "change_report".to_owned(),
            about: about.join(" "),
            ..decide_owed(limit, from, to, &now)
        };
        owes.extend(report.to_units.iter().filter(|to| !waits(to)).map(change));
    }
    owes
}
