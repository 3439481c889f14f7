//! Reconcilers: deadlines that near or pass are told, once each; photos that nobody used are forgotten.

use anlan_files::FileName;
use anlan_jobs::{Due, Firing, Job, JobError};
use anlan_ledger::Work;

use crate::error::IncidentError;
use crate::facts::{DeadlineNoticed, DeadlinePassed, Fact};
use crate::model::Obligation;
use crate::service::Incidents;
use crate::{service, store};

/// How long a photo that was sent waits for its report, in minutes: thirty days, as long as a draft may lie.
const UNUSED_MINUTES: i64 = 30 * 24 * 60;
/// How often unused photos are looked for, in minutes.
const LOOK_MINUTES: u32 = 6 * 60;

/// The jobs of incidents.
pub fn jobs(incidents: &Incidents) -> Vec<Job> {
    let (punctual, forgetful) = (incidents.clone(), incidents.clone());
    vec![
        Job::on_rows(
            "incident.deadline",
            |tx, now, limit| {
                let due = store::alarms_before(tx, now, limit)?;
                let due = due.into_iter().map(|(subject, due_at)| Due { subject, due_at });
                Ok(due.collect())
            },
            move |work, firing| tell_deadlines(&punctual, work, firing).map_err(JobError::slice),
        ),
        Job::every("incident.unused_photos", LOOK_MINUTES, move |work, _| {
            forgetful
                .forget_unused_photos(work)
                .map(drop)
                .map_err(JobError::slice)
        }),
    ]
}

/// Gives every notice of an incident that is due, and records every deadline that has passed.
///
/// Idempotent: what was given is not given again. Of several notices that fell due while nobody could give them, the
/// last one counts; once the deadline has passed, only that does.
fn tell_deadlines(
    incidents: &Incidents,
    work: &mut Work<'_, '_>,
    firing: &Firing,
) -> Result<(), IncidentError> {
    let Some(incident) = store::load(work.tx, &firing.subject)? else {
        return Ok(());
    };
    let mut facts: Vec<Fact> = Vec::new();
    for owed in incident.pending() {
        if owed.is_overdue(work.now) {
            if !owed.passed {
                facts.push(incidents.passed(work, owed, firing)?.into());
            }
            continue;
        }
        let due = owed.alarms.iter().rfind(|alarm| alarm.at <= work.now);
        if let Some(alarm) = due {
            let late = firing.down_at(work.tx, alarm.at)?.is_some();
            facts.push(
                DeadlineNoticed {
                    obligation: owed.number,
                    stage: alarm.stage.clone(),
                    at: alarm.at,
                    due_at: owed.due_at,
                    recipients: incidents.recipients(work, owed, &alarm.to)?,
                    late_because_down: late,
                }
                .into(),
            );
        }
    }
    for fact in facts {
        service::record(work, &incident.id, &incident.division, fact)?;
    }
    Ok(())
}

impl Incidents {
    fn passed(
        &self,
        work: &mut Work<'_, '_>,
        owed: &Obligation,
        firing: &Firing,
    ) -> Result<DeadlinePassed, IncidentError> {
        let all = ["officer", "deputy", "leader", "above"].map(str::to_owned);
        Ok(DeadlinePassed {
            obligation: owed.number,
            due_at: owed.due_at,
            late_because_down: firing.down_at(work.tx, owed.due_at)?.is_some(),
            recipients: self.recipients(work, owed, &all)?,
        })
    }

    /// Removes photos that were sent a month ago and that no entry names, at most 200; gives how many.
    fn forget_unused_photos(&self, work: &mut Work<'_, '_>) -> Result<usize, IncidentError> {
        let mut removed = 0;
        for digest in store::stale_uploads(work.tx, work.now.plus_minutes(-UNUSED_MINUTES))? {
            if !store::is_named(work.tx, &digest)? {
                if let Ok(name) = digest.parse::<FileName>() {
                    self.files.remove(&name)?;
                }
                removed += 1;
            }
            store::forget_upload(work.tx, &digest)?;
        }
        Ok(removed)
    }

    /// Reads every photo that an entry names; gives how many there are, and those that are missing or damaged.
    pub fn check_photos(&self) -> Result<(usize, Vec<anlan_files::Unsound>), IncidentError> {
        let (mut all, mut unsound, mut after) = (0, Vec::new(), String::new());
        loop {
            let from = after.clone();
            let names = self
                .ledger
                .db()
                .read_blocking(move |tx| store::names_of_photos(tx, &from))?;
            let Some(last) = names.last().cloned() else {
                return Ok((all, unsound));
            };
            let parsed: Vec<FileName> = names.iter().filter_map(|name| name.parse().ok()).collect();
            all += names.len();
            unsound.extend(self.files.check(&parsed));
            after = last;
        }
    }
}
