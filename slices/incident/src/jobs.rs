//! Reconcilers: deadlines that pass are recorded, once each.

use anlan_foundation::Timestamp;
use anlan_ledger::Work;

use crate::error::IncidentError;
use crate::facts::{DeadlinePassed, Fact};
use crate::{service, store};

/// How long after its deadline a passing may be recorded before the node must have been down, in seconds.
const PROMPT_SECONDS: i64 = 30;

/// Records every deadline that has passed. Idempotent: a recorded one is no longer found.
///
/// `up_since` is when this node came up: a deadline before it that is recorded late is marked so.
pub fn pass_deadlines(work: &mut Work<'_, '_>, up_since: Timestamp) -> Result<usize, IncidentError> {
    let due = store::alarms_before(work.tx, work.now)?;
    let mut recorded = 0;
    for incident in due {
        let passed: Vec<DeadlinePassed> = incident
            .pending()
            .filter(|owed| !owed.passed && owed.is_overdue(work.now))
            .map(|owed| DeadlinePassed {
                obligation: owed.number,
                due_at: owed.due_at,
                late_because_down: owed.due_at.plus_seconds(PROMPT_SECONDS) < up_since,
            })
            .collect();
        for fact in passed {
            service::record(
                work,
                &incident.id,
                &incident.division,
                &Fact::DeadlinePassed(fact),
            )?;
            recorded += 1;
        }
    }
    Ok(recorded)
}
