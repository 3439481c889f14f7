//! Reconcilers: a flight that air traffic control has not answered in time.

use anlan_jobs::{Due, Job, JobError};
use anlan_ledger::Work;

use crate::error::ResourceError;
use crate::facts::{FLIGHT_UNANSWERED, FlightUnanswered};
use crate::model::FlightState;
use crate::store;

/// The jobs of resources.
pub fn jobs() -> Vec<Job> {
    vec![Job::on_rows(
        "resource.flight",
        |tx, now, limit| {
            let due = store::unanswered(tx, now, limit)?;
            let due = due.into_iter().map(|(subject, due_at)| Due { subject, due_at });
            Ok(due.collect())
        },
        |work, firing| unanswered(work, &firing.subject).map_err(JobError::slice),
    )]
}

/// Records that no answer came. Idempotent: a flight that was answered or marked stays as it is.
fn unanswered(work: &mut Work<'_, '_>, id: &str) -> Result<(), ResourceError> {
    let Some(flight) = store::load_flight(work.tx, id)? else {
        return Ok(());
    };
    let due = flight.answer_due_at.filter(|due| *due <= work.now);
    let (Some(due_at), FlightState::Applied, false) = (due, flight.state, flight.unanswered) else {
        return Ok(());
    };
    let fact = FlightUnanswered {
        due_at,
        aircraft_name: flight.aircraft_name,
    };
    work.record(&format!("flight/{id}"), FLIGHT_UNANSWERED, &flight.area, &fact)?;
    Ok(())
}
