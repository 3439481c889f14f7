//! 申辩 and 认定.

use anlan_access::Caller;
use anlan_foundation::Checks;
use anlan_ledger::Work;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Findings, record};
use crate::error::FindingError;
use crate::facts::{Fact, Judged, Replied};
use crate::model::{Finding, State};
use crate::rules;

/// A reply as it is given.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct Replying {
    /// In words.
    pub text: String,
}

/// A verdict as it is given.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct Judging {
    /// `upheld`, `unfounded` or `excused`.
    pub verdict: String,
    /// Why.
    pub reason: String,
}

impl Findings {
    /// 申辩: the unit concerned says how it was. After the time is over it is still heard, and marked so.
    pub fn reply(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        reply: &Replying,
    ) -> Result<Finding, FindingError> {
        let mut checks = Checks::new();
        rules::check_words(&mut checks, "text", &reply.text);
        checks.finish()?;
        let finding = self.visible(work.tx, caller, id, "finding.reply")?;
        if caller.unit.as_deref() != Some(finding.unit.id.as_str()) {
            return Err(FindingError::NotConcerned);
        }
        if finding.state.is_judged() || finding.state == State::Lifted {
            return Err(FindingError::Settled);
        }
        let fact = Fact::Replied(Replied {
            unit: finding.unit.clone(),
            text: reply.text.trim().to_owned(),
            late: work.now > finding.reply_due_at,
        });
        record(work, &finding, &fact)
    }

    /// 认定: a named person decides, after the unit has replied or its time is over; nobody about the own unit.
    pub fn judge(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        judging: &Judging,
    ) -> Result<Finding, FindingError> {
        let mut checks = Checks::new();
        if !rules::VERDICTS.contains(&judging.verdict.as_str()) {
            checks.fault("verdict", "not_a_choice", rules::VERDICTS.join(", "));
        }
        rules::check_words(&mut checks, "reason", &judging.reason);
        checks.finish()?;
        let finding = self.visible(work.tx, caller, id, "finding.judge")?;
        let unit = self.incidents.unit_of(work.tx, caller)?;
        if unit.id == finding.unit.id {
            return Err(FindingError::OwnCase);
        }
        if finding.state.is_judged() || finding.state == State::Lifted {
            return Err(FindingError::Settled);
        }
        if finding.state == State::Open && work.now <= finding.reply_due_at {
            return Err(FindingError::ReplyAwaited);
        }
        let fact = Fact::Judged(Judged {
            verdict: judging.verdict.clone(),
            reason: judging.reason.trim().to_owned(),
            unit,
        });
        record(work, &finding, &fact)
    }
}
