//! Flights of helicopters: applied for, answered, flown; each step with its clock.

use anlan_access::{Caller, Object};
use anlan_foundation::{Checks, InvalidInput, Timestamp};
use anlan_ledger::Work;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Resources, missing, standing};
use crate::error::ResourceError;
use crate::facts::{self, FlightApplied, FlightStep};
use crate::model::{Flight, FlightState};
use crate::store;

/// The clocks of a flight, as data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlightClocks {
    /// `confirmed` or `unconfirmed`.
    pub confidence: String,
    /// Where it is written.
    pub clause: String,
    /// The application is due so long before take-off.
    pub apply_minutes_before: i64,
    /// The answer is due so long before take-off.
    pub answer_minutes_before: i64,
}

/// A flight to be applied for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewFlight {
    /// Record of the aircraft.
    pub aircraft: String,
    /// The incident it is for.
    pub incident: Option<String>,
    /// Division it flies to.
    pub area: String,
    /// `rescue`, `standby` or `patrol`.
    pub role: String,
    /// 2 to 500 characters.
    pub purpose: String,
    /// Record of the landing site.
    pub landing_site: Option<String>,
    /// When it shall take off.
    pub take_off_at: Timestamp,
}

/// The next step of a flight.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct FlightMove {
    /// How far it has come.
    pub state: FlightState,
    /// In words, up to 500 characters; a refusal needs them.
    #[serde(default)]
    pub note: String,
}

impl Resources {
    /// Applies for a flight. A late application is taken and marked: in need the helicopter is asked for all the same.
    pub fn apply_for_flight(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        new: &NewFlight,
    ) -> Result<Flight, ResourceError> {
        let mut checks = Checks::new();
        let roles = ["rescue", "standby", "patrol"];
        if !roles.contains(&new.role.as_str()) {
            checks.fault("role", "not_a_choice", roles.join(", "));
        }
        checks.text("purpose", &new.purpose, 2, 500);
        checks.require(new.take_off_at > work.now, "take_off_at", "an instant to come");
        checks.finish()?;
        caller.require("resource.fly", Object::in_area(&new.area))?;
        let aircraft = standing(work.tx, caller, &new.aircraft, "resource.read")?;
        if aircraft.entry.kind != "aircraft" {
            return Err(InvalidInput::one("aircraft", "unknown", "an aircraft of the register").into());
        }
        if let Some(site) = &new.landing_site {
            let site = standing(work.tx, caller, site, "resource.read")?;
            if site.entry.kind != "landing_site" {
                return Err(
                    InvalidInput::one("landing_site", "unknown", "a landing site of the register").into(),
                );
            }
        }
        if let Some(incident) = &new.incident {
            self.incidents
                .visible(work.tx, caller, incident, "incident.read")?;
        }
        let clocks = &self.rules.flights;
        let fact = FlightApplied {
            aircraft: aircraft.id,
            aircraft_name: aircraft.entry.name,
            incident: new.incident.clone(),
            role: new.role.clone(),
            purpose: new.purpose.trim().to_owned(),
            landing_site: new.landing_site.clone(),
            take_off_at: new.take_off_at,
            apply_by: new.take_off_at.plus_minutes(-clocks.apply_minutes_before),
            answer_due_at: new.take_off_at.plus_minutes(-clocks.answer_minutes_before),
            clause: clocks.clause.clone(),
        };
        let id = work.ids().next().to_string();
        work.record(&format!("flight/{id}"), facts::FLIGHT_APPLIED, &new.area, &fact)?;
        store::load_flight(work.tx, &id)?.ok_or_else(|| missing("flight", &id))
    }

    /// The next step of a flight: answered, taken off, landed, cancelled.
    pub fn move_flight(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        step: &FlightMove,
    ) -> Result<Flight, ResourceError> {
        let flight = store::load_flight(work.tx, id)?.ok_or_else(|| missing("flight", id))?;
        caller.require("resource.fly", Object::in_area(&flight.area))?;
        let mut checks = Checks::new();
        let least = if step.state == FlightState::Refused { 2 } else { 0 };
        checks.text("note", &step.note, least, 500);
        checks.finish()?;
        if !follows(flight.state, step.state) {
            return Err(ResourceError::WrongState(flight.state.word(), step.state.word()));
        }
        let fact = FlightStep {
            state: step.state,
            note: step.note.trim().to_owned(),
            aircraft_name: flight.aircraft_name,
        };
        work.record(&format!("flight/{id}"), facts::FLIGHT_STEP, &flight.area, &fact)?;
        store::load_flight(work.tx, id)?.ok_or_else(|| missing("flight", id))
    }
}

/// Whether a state may follow another.
const fn follows(from: FlightState, to: FlightState) -> bool {
    matches!(
        (from, to),
        (
            FlightState::Applied,
            FlightState::Approved | FlightState::Refused | FlightState::Cancelled
        ) | (
            FlightState::Approved,
            FlightState::Flying | FlightState::Cancelled
        ) | (FlightState::Flying, FlightState::Landed)
    )
}
