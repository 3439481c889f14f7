//! What was done at the findings desk of the demo city: examined after each course, then heard and judged.

use std::sync::Arc;

use anlan_access::Roles;
use anlan_finding::service::{Judging, Replying};
use anlan_finding::{FindingError, Findings, rules, store};
use anlan_foundation::{SimClock, Timestamp};
use anyhow::Context as _;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeskStep {
    minutes_after: i64,
    actor: String,
    act: String,
    suspicion: String,
    text: String,
    verdict: Option<String>,
}

/// Has an incident examined, and lets people say and decide what its course tells.
pub(super) fn play(
    findings: &Findings,
    roles: &Arc<Roles>,
    clock: &SimClock,
    (incident, start, steps): (&str, Timestamp, Vec<DeskStep>),
) -> anyhow::Result<()> {
    let ledger = &findings.ledger;
    if !steps.is_empty() {
        let (this, id) = (findings.clone(), incident.to_owned());
        ledger.command_blocking(super::super::setup(), move |work| this.examine(work, &id))?;
    }
    for step in steps {
        clock.set(start.plus_minutes(step.minutes_after));
        let caller = super::actor(ledger, roles, &step.actor)?;
        let (this, id) = (findings.clone(), incident.to_owned());
        ledger
            .command_blocking(anlan_web::actor_of(&caller), move |work| {
                let found = store::of_incident(work.tx, &id)?;
                let ours = found
                    .into_iter()
                    .find(|finding| rules::word(finding.kind) == step.suspicion);
                let finding = ours.ok_or_else(|| FindingError::NotFound(step.suspicion.clone()))?;
                let text = step.text.clone();
                if step.act == "reply" {
                    return this.reply(work, &caller, &finding.id, &Replying { text });
                }
                let judging = Judging {
                    verdict: step.verdict.clone().unwrap_or_default(),
                    reason: text,
                };
                this.judge(work, &caller, &finding.id, &judging)
            })
            .context("a step of the desk")?;
    }
    Ok(())
}
