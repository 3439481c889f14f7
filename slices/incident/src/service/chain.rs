//! What is owed follows from the facts: after every change the law is asked again.

use std::collections::BTreeSet;

use anlan_ledger::Work;
use anlan_store::Tx;

use super::law::Event;
use super::{Incidents, record};
use crate::error::IncidentError;
use crate::facts::{Owed, OwedMore, Recipient, TimeStated};
use crate::model::{Incident, UnitRef};
use crate::rules::{self, Clock};

impl Incidents {
    /// Everybody a unit reports to at once: its superior and whom the law names, each once.
    pub fn receivers(
        &self,
        tx: &mut Tx<'_>,
        unit: &UnitRef,
        event: &Event,
    ) -> Result<Vec<UnitRef>, IncidentError> {
        let mut receivers: Vec<UnitRef> = self.directory.superior(tx, &unit.id)?.into_iter().collect();
        for duty in self.directory.duties(tx, unit, event)? {
            let known = receivers.iter().any(|receiver| receiver.id == duty.to.id);
            if duty.kind == "first_report" && !known {
                receivers.push(duty.to);
            }
        }
        Ok(receivers)
    }

    /// What the law asks of a unit about an event, with clocks and notices.
    pub(super) fn owed_by(
        &self,
        tx: &mut Tx<'_>,
        unit: &UnitRef,
        event: &Event,
        clock: &Clock<'_>,
    ) -> Result<Vec<Owed>, IncidentError> {
        let duties = self.directory.duties(tx, unit, event)?;
        Ok(rules::decide_all_owed(unit, &duties, clock))
    }

    /// Asks the law again after new facts, for every unit that has the incident, and records what is owed besides.
    pub(super) fn grow(
        &self,
        work: &mut Work<'_, '_>,
        incident: Incident,
    ) -> Result<Incident, IncidentError> {
        if !incident.is_open() {
            return Ok(incident);
        }
        let event = Event::of(&incident);
        let times: Vec<TimeStated> = incident.times.iter().map(|time| time.stated.clone()).collect();
        let occurred: Vec<TimeStated> = times.into_iter().filter(|time| time.kind == "occurred").collect();
        let clock = Clock {
            times: &occurred,
            received: work.now,
            stages: self.directory.stages(),
        };
        let mut owes = Vec::new();
        for unit in holders(&incident) {
            let asked = self.owed_by(work.tx, &unit, &event, &clock)?;
            owes.extend(rules::not_yet_owed(&incident, asked));
        }
        let limit = self
            .directory
            .first_report_limit(&event.division, &event.class, work.now);
        if let Some(limit) = limit {
            let unit = work.actor.unit.clone().unwrap_or_default();
            let units = rules::upward(&incident, &unit);
            owes.extend(rules::owed_changes(&incident, &units, &limit, &clock));
        }
        if owes.is_empty() {
            return Ok(incident);
        }
        record(work, &incident.id, &incident.division, OwedMore { owes })
    }

    /// Who is told of a deadline: those on duty for the unit that owes, and for the unit that it owes.
    pub(crate) fn recipients(
        &self,
        work: &mut Work<'_, '_>,
        owed: &crate::model::Obligation,
        roles: &[String],
    ) -> Result<Vec<Recipient>, IncidentError> {
        let mut recipients = Vec::new();
        for role in roles {
            let (unit, duty) = match role.as_str() {
                "deputy" => (&owed.from_unit, "deputy"),
                "leader" => (&owed.from_unit, "leader"),
                "above" => (&owed.to_unit, "main"),
                _ => (&owed.from_unit, "main"),
            };
            let person = self.directory.on_duty(work.tx, &unit.id, duty, work.now)?;
            let (person, name) = person.map_or((None, None), |found| (Some(found.person), Some(found.name)));
            recipients.push(Recipient {
                role: role.clone(),
                unit: unit.clone(),
                person,
                name,
            });
        }
        Ok(recipients)
    }
}

/// The units that have an incident: who took it, and whom it was reported to.
fn holders(incident: &Incident) -> Vec<UnitRef> {
    let mut seen = BTreeSet::new();
    let reported = incident.reports.iter().flat_map(|report| &report.to_units);
    let all = std::iter::once(&incident.taken_by).chain(reported);
    all.filter(|unit| seen.insert(unit.id.clone())).cloned().collect()
}
