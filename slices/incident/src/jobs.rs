//! Reconcilers: deadlines that pass are recorded, once each.

use anlan_jobs::{Due, Firing, Job, JobError};
use anlan_ledger::Work;

use crate::error::IncidentError;
use crate::facts::{DeadlinePassed, Fact};
use crate::{service, store};

/// The jobs of incidents.
pub fn jobs() -> Vec<Job> {
    vec![Job::on_rows(
        "incident.deadline",
        |tx, now, limit| {
            let due = store::alarms_before(tx, now, limit)?;
            let due = due.into_iter().map(|(subject, due_at)| Due { subject, due_at });
            Ok(due.collect())
        },
        |work, firing| pass_deadlines(work, firing).map_err(JobError::slice),
    )]
}

/// Records every deadline of an incident that has passed. Idempotent: a recorded one is not recorded again.
fn pass_deadlines(work: &mut Work<'_, '_>, firing: &Firing) -> Result<(), IncidentError> {
    let Some(incident) = store::load(work.tx, &firing.subject)? else {
        return Ok(());
    };
    let mut passed = Vec::new();
    for owed in incident
        .pending()
        .filter(|owed| !owed.passed && owed.is_overdue(work.now))
    {
        passed.push(DeadlinePassed {
            obligation: owed.number,
            due_at: owed.due_at,
            late_because_down: firing.down_at(work.tx, owed.due_at)?.is_some(),
        });
    }
    for fact in passed {
        service::record(
            work,
            &incident.id,
            &incident.division,
            &Fact::DeadlinePassed(fact),
        )?;
    }
    Ok(())
}
