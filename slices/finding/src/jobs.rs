//! Reconcilers: changed incidents are examined, and a reply that did not come is told, once each.

use anlan_jobs::{Due, Job, JobError};
use anlan_ledger::Work;

use crate::error::FindingError;
use crate::facts::{Fact, ReplyMissed};
use crate::model::State;
use crate::service::{Findings, record};
use crate::store;

/// How often changed incidents are looked for, in minutes.
const LOOK_MINUTES: u32 = 1;

/// The jobs of findings.
pub fn jobs(findings: &Findings) -> Vec<Job> {
    let (gatherer, examiner) = (findings.clone(), findings.clone());
    let due = |rows: Vec<(String, anlan_foundation::Timestamp)>| {
        let due = rows.into_iter().map(|(subject, due_at)| Due { subject, due_at });
        due.collect()
    };
    vec![
        Job::every("finding.gather", LOOK_MINUTES, move |work, _| {
            gatherer.gather(work).map_err(JobError::slice)
        }),
        Job::on_rows(
            "finding.examine",
            move |tx, now, limit| Ok(due(store::to_examine(tx, now, limit)?)),
            move |work, firing| examiner.examine(work, &firing.subject).map_err(JobError::slice),
        ),
        Job::on_rows(
            "finding.reply",
            move |tx, now, limit| Ok(due(store::reply_over(tx, now, limit)?)),
            |work, firing| miss_reply(work, &firing.subject).map_err(JobError::slice),
        ),
    ]
}

/// Records that no reply came in time. Idempotent.
fn miss_reply(work: &mut Work<'_, '_>, id: &str) -> Result<(), FindingError> {
    let Some(finding) = store::load(work.tx, id)? else {
        return Ok(());
    };
    if finding.state != State::Open || finding.reply_due_at > work.now {
        return Ok(());
    }
    let fact = Fact::ReplyMissed(ReplyMissed {
        reply_due_at: finding.reply_due_at,
    });
    record(work, &finding, &fact)?;
    Ok(())
}
