//! Rosters: who is on duty when, as a unit plans it.

use anlan_access::{Caller, Object};
use anlan_foundation::{Checks, Timestamp};
use anlan_ledger::Work;
use anlan_store::Tx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Organisation;
use super::accounts::check_version;
use super::registry::Saved;
use crate::error::OrganisationError;
use crate::model::PlannedShift;
use crate::{facts, rules, store};

/// A shift as entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ShiftInput {
    /// Person.
    pub person: String,
    /// `leader`, `main` or `deputy`.
    pub role: String,
    /// Start.
    pub since: Timestamp,
    /// End.
    pub until: Timestamp,
}

/// The shifts of a span: they stand for all of the unit that begin in it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct RosterInput {
    /// First instant of the span, at most a day ago.
    pub from: Timestamp,
    /// First instant after it, at most 62 days later.
    pub to: Timestamp,
    /// The shifts that begin in it.
    pub shifts: Vec<ShiftInput>,
    /// The version the caller had seen.
    pub expected_version: Option<u64>,
}

/// The shifts of a unit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Roster {
    /// Unit.
    pub unit_id: String,
    /// Name of the unit.
    pub unit_name: String,
    /// Goes back as `expected_version`.
    pub version: u64,
    /// The shifts that touch the span, by their beginning.
    pub shifts: Vec<PlannedShift>,
}

fn missing(unit: &str) -> OrganisationError {
    OrganisationError::NotFound {
        what: "unit",
        id: unit.to_owned(),
    }
}

impl Organisation {
    /// The shifts of a unit that touch a span.
    pub fn roster(
        tx: &mut Tx<'_>,
        unit: &str,
        span: (Timestamp, Timestamp),
    ) -> Result<Roster, OrganisationError> {
        let unit = store::load_unit(tx, unit)?.ok_or_else(|| missing(unit))?;
        Ok(Roster {
            version: store::roster_version(tx, &unit.id)?,
            shifts: store::shifts(tx, &unit.id, span)?,
            unit_id: unit.id,
            unit_name: unit.name,
        })
    }

    /// Plans the shifts of a span anew. A shift that is over is no longer touched.
    pub fn plan_shifts(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        unit: &str,
        input: RosterInput,
    ) -> Result<Saved, OrganisationError> {
        let unit = store::load_unit(work.tx, unit)?.ok_or_else(|| missing(unit))?;
        caller.require("duty.write", Object::in_area(&unit.division))?;
        let shift = |entered: ShiftInput| facts::Shift {
            unit: unit.id.clone(),
            person: entered.person,
            role: entered.role,
            since: entered.since,
            until: entered.until,
        };
        let shifts: Vec<facts::Shift> = input.shifts.into_iter().map(shift).collect();
        rules::check_roster(&shifts, (input.from, input.to), work.now)?;
        check_people(work, &unit.division, &shifts)?;
        let stream = format!("roster/{}", unit.id);
        let known = store::roster_version(work.tx, &unit.id)?;
        check_version(&stream, known, input.expected_version)?;
        let fact = facts::DutyPlanned {
            unit: unit.id.clone(),
            unit_name: unit.name,
            from: input.from,
            to: input.to,
            shifts,
        };
        work.record(&stream, facts::DUTY_PLANNED, &unit.division, &fact)?;
        Ok(Saved {
            id: unit.id,
            version: known + 1,
        })
    }
}

/// Whoever is put on duty is known, has not left and belongs to the division of the unit.
fn check_people(
    work: &mut Work<'_, '_>,
    division: &str,
    shifts: &[facts::Shift],
) -> Result<(), OrganisationError> {
    let mut checks = Checks::new();
    let mut seen = std::collections::BTreeMap::new();
    for (index, shift) in shifts.iter().enumerate() {
        let fits = if let Some(fits) = seen.get(&shift.person) {
            *fits
        } else {
            let person = store::load_person(work.tx, &shift.person)?;
            let fits = person.is_some_and(|person| !person.closed && person.area == division);
            seen.insert(shift.person.clone(), fits);
            fits
        };
        if !fits {
            let field = format!("shifts.{index}.person");
            checks.fault(field, "unknown", "somebody of this division who has not left");
        }
    }
    Ok(checks.finish()?)
}
