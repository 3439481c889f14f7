//! Reconcilers: a paper that nobody has signed in time is shown to those who can still act.

use anlan_incident::Incidents;
use anlan_jobs::{Due, Job, JobError};
use anlan_ledger::Work;

use crate::error::PaperError;
use crate::facts::{Fact, UnsignedNearDue};
use crate::service::{Papers, above, record};
use crate::store;

/// How long before its time an unsigned paper is shown to the deputy and the level above.
pub const MINUTES_BEFORE: i64 = 5;

/// The jobs of papers.
pub fn jobs(papers: &Papers) -> Vec<Job> {
    let incidents = papers.incidents.clone();
    vec![Job::on_rows(
        "paper.unsigned",
        |tx, now, limit| {
            let due = store::alarms_before(tx, now, limit)?;
            let due = due.into_iter().map(|(subject, due_at)| Due { subject, due_at });
            Ok(due.collect())
        },
        move |work, firing| show_unsigned(work, &incidents, &firing.subject).map_err(JobError::slice),
    )]
}

/// Shows a paper that is unsigned five minutes before its report is due. Idempotent: one that was shown stays as it is.
fn show_unsigned(work: &mut Work<'_, '_>, incidents: &Incidents, id: &str) -> Result<(), PaperError> {
    let Some(paper) = store::load(work.tx, id)? else {
        return Ok(());
    };
    let due = paper.next_alarm(MINUTES_BEFORE).is_some_and(|at| at <= work.now);
    let (Some(due_at), true) = (paper.due_at, due) else {
        return Ok(());
    };
    let mut shown_to = vec![paper.unit.clone()];
    let incident = match &paper.incident {
        Some(id) => anlan_incident::store::load(work.tx, id)?,
        None => None,
    };
    shown_to.extend(above(incidents, work.tx, &paper.unit, incident.as_ref())?);
    let fact = Fact::UnsignedNearDue(UnsignedNearDue { due_at, shown_to });
    record(work, &paper.id, &paper.area, &fact)?;
    Ok(())
}
