//! Incidents whose facts have changed are examined; what is found is recorded once.

use std::collections::BTreeMap;

use anlan_findings::FindingKind;
use anlan_foundation::Timestamp;
use anlan_incident::UnitRef;
use anlan_incident::facts::IncidentRef;
use anlan_incident::model::{Incident, Report, Status};
use anlan_incident::store as incidents;
use anlan_ledger::Work;
use anlan_store::{StoreError, Tx};

use super::{Findings, record};
use crate::error::FindingError;
use crate::facts::{Fact, Found, Lifted, Recomputed, Suspected};
use crate::model::{Finding, State};
use crate::rules::{self, Case, EntryRef, Owing};
use crate::store;

/// How many changes are read in one step, and how many steps one run takes.
const STEP: u64 = 1_000;
const STEPS: usize = 50;

impl Findings {
    /// Notices every incident that has changed since the last time.
    pub fn gather(&self, work: &mut Work<'_, '_>) -> Result<(), FindingError> {
        let _ = self;
        for _ in 0..STEPS {
            let from = store::cursor(work.tx)?;
            let changed = incidents::changed_after(work.tx, from, STEP)?;
            let Some((_, last)) = changed.last() else {
                return Ok(());
            };
            store::move_cursor(work.tx, *last)?;
            for (id, _) in &changed {
                store::examine_at(work.tx, id, work.now)?;
            }
        }
        Ok(())
    }

    /// Examines one incident: records what is new, renews what has changed, lifts what the facts no longer show.
    pub fn examine(&self, work: &mut Work<'_, '_>, id: &str) -> Result<(), FindingError> {
        store::examined(work.tx, id)?;
        let Some(incident) = incidents::load(work.tx, id)? else {
            return Ok(());
        };
        let (found, again) = self.look(work.tx, &incident, work.now)?;
        let mut known = store::of_incident(work.tx, id)?;
        for (unit, kind, now) in found {
            let place = known
                .iter()
                .position(|finding| finding.unit.id == unit.id && finding.kind == kind);
            match place.map(|place| known.remove(place)) {
                Some(finding) => self.renew(work, &incident, &finding, now)?,
                None => self.suspect(work, &incident, (unit, kind), now)?,
            }
        }
        for finding in known {
            if !finding.state.is_judged() && finding.state != State::Lifted {
                let fact = Fact::Lifted(Lifted {
                    as_of: incident.position,
                });
                record(work, &finding, &fact)?;
            }
        }
        match again {
            Some(at) => Ok(store::examine_at(work.tx, id, at)?),
            None => Ok(()),
        }
    }

    /// What the facts of an incident show now, and when to look again.
    #[expect(
        clippy::type_complexity,
        reason = "one list and one instant, used in one place"
    )]
    fn look(
        &self,
        tx: &mut Tx<'_>,
        incident: &Incident,
        now: Timestamp,
    ) -> Result<(Vec<(UnitRef, FindingKind, Found)>, Option<Timestamp>), FindingError> {
        // What became one with another incident is examined there.
        if incident.status == Status::Merged {
            return Ok((Vec::new(), None));
        }
        let (entries, absorbed) = entries(tx, incident)?;
        let case = Case {
            incident,
            absorbed: &absorbed,
            entries: &entries,
            desk: &self.desk,
            bounds: &self.bounds,
        };
        let mut owing = rules::owing(incident);
        owing.extend(self.silent(tx, &case)?);
        let since = incident.knowledge.iter().map(|known| known.time.at).min();
        let (mut all, mut again): (Vec<_>, Option<Timestamp>) = (Vec::new(), None);
        for owing in owing {
            let outages = match since {
                Some(since) => self.downtime.outages(tx, &owing.unit.id, since)?,
                None => Vec::new(),
            };
            let (found, next) = rules::find(&case, &owing, &outages, now);
            all.extend(
                found
                    .into_iter()
                    .map(|(kind, found)| (owing.unit.clone(), kind, found)),
            );
            again = again.into_iter().chain(next).min();
        }
        Ok((all, again))
    }

    /// Units that knew and of which nothing is recorded as owed, with the limit that the law gives them.
    fn silent(&self, tx: &mut Tx<'_>, case: &Case<'_>) -> Result<Vec<Owing>, FindingError> {
        let incident = case.incident;
        let directory = &self.incidents.directory;
        let Some(at) = incident.received_at() else {
            return Ok(Vec::new());
        };
        let Some(limit) = directory.first_report_limit(&incident.division, &incident.event_class, at) else {
            return Ok(Vec::new());
        };
        let mut owing = Vec::new();
        for unit in rules::silent_knowers(case) {
            if directory.superior(tx, &unit.id)?.is_some() {
                owing.push(Owing {
                    unit,
                    limit_minutes: limit.minutes,
                    clause: limit.clause.clone(),
                });
            }
        }
        Ok(owing)
    }

    fn suspect(
        &self,
        work: &mut Work<'_, '_>,
        incident: &Incident,
        (unit, kind): (UnitRef, FindingKind),
        found: Found,
    ) -> Result<(), FindingError> {
        let id = work.ids().next().to_string();
        let (stream, area) = (format!("finding/{id}"), unit.division.clone());
        let fact = Fact::Suspected(Box::new(self.suspicion(work, incident, (unit, kind), found)));
        work.record(&stream, fact.kind(), &area, &fact)?;
        Ok(())
    }

    fn suspicion(
        &self,
        work: &Work<'_, '_>,
        incident: &Incident,
        (unit, kind): (UnitRef, FindingKind),
        found: Found,
    ) -> Suspected {
        Suspected {
            incident: IncidentRef {
                id: incident.id.clone(),
                code: incident.code.clone(),
            },
            title: incident.title.clone(),
            division: incident.division.clone(),
            unit,
            kind,
            found,
            reply_due_at: work.now.plus_minutes(i64::from(self.desk.reply_hours) * 60),
        }
    }

    /// A finding that is known: told again when it was lifted, renewed when its evidence is another, else left alone.
    fn renew(
        &self,
        work: &mut Work<'_, '_>,
        incident: &Incident,
        known: &Finding,
        now: Found,
    ) -> Result<(), FindingError> {
        let fact = if known.state == State::Lifted {
            let whose = (known.unit.clone(), known.kind);
            Fact::Suspected(Box::new(self.suspicion(work, incident, whose, now)))
        } else if known.state.is_judged() || rules::same(known.kind, &known.found, &now) {
            return Ok(());
        } else {
            Fact::Recomputed(Box::new(Recomputed { found: now }))
        };
        record(work, known, &fact)?;
        Ok(())
    }
}

/// The entries of an incident and of those merged into it, by position; and the reports of the latter.
fn entries(
    tx: &mut Tx<'_>,
    incident: &Incident,
) -> Result<(BTreeMap<u64, EntryRef>, Vec<Report>), StoreError> {
    let (mut all, mut reports) = (BTreeMap::new(), Vec::new());
    let absorbed = incident.absorbed.iter().map(|other| other.id.as_str());
    for id in std::iter::once(incident.id.as_str()).chain(absorbed) {
        for recorded in incidents::entries(tx, id, incidents::NOW)? {
            let entry = EntryRef {
                origin: recorded.entry.origin.clone(),
                seq: recorded.entry.seq,
                unit: recorded.actor().unit.clone(),
            };
            all.insert(recorded.position, entry);
        }
        if id != incident.id {
            reports.extend(
                incidents::load(tx, id)?
                    .into_iter()
                    .flat_map(|other| other.reports),
            );
        }
    }
    Ok((all, reports))
}
