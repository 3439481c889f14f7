//! Use cases: examine, reply, judge, take the evidence away.

mod acts;
mod examining;

use std::sync::Arc;

use anlan_access::{Caller, Object};
use anlan_findings::{Bounds, Outage};
use anlan_foundation::Timestamp;
use anlan_incident::Incidents;
use anlan_ledger::{Ledger, Work};
use anlan_store::{StoreError, Tx};

pub use acts::{Judging, Replying};

use crate::error::FindingError;
use crate::facts::Fact;
use crate::model::Finding;
use crate::rules::Desk;
use crate::store;

/// When a unit could record nothing because its node was down.
pub trait Downtime: Send + Sync {
    /// The outages of the unit's node since an instant.
    fn outages(&self, tx: &mut Tx<'_>, unit: &str, since: Timestamp) -> Result<Vec<Outage>, StoreError>;
}

/// The outages that this node has recorded of itself, which hold for every unit that works on it.
#[derive(Debug, Default, Clone, Copy)]
pub struct OwnNode;

impl Downtime for OwnNode {
    fn outages(&self, tx: &mut Tx<'_>, _unit: &str, since: Timestamp) -> Result<Vec<Outage>, StoreError> {
        let outages = anlan_jobs::outages(tx, since)?;
        let seconds = crate::rules::seconds;
        Ok(outages
            .into_iter()
            .map(|outage| Outage {
                from: seconds(outage.down_since),
                to: seconds(outage.up_at),
            })
            .collect())
    }
}

/// The use cases of findings.
#[derive(Clone)]
pub struct Findings {
    /// The ledger they record in.
    pub ledger: Ledger,
    /// The incidents that they are about.
    pub incidents: Incidents,
    /// What makes a finding.
    pub bounds: Arc<Bounds>,
    /// How the desk works.
    pub desk: Arc<Desk>,
    /// When nodes were down.
    pub downtime: Arc<dyn Downtime>,
    /// Prints; absent where the program was built without it.
    #[cfg(feature = "pdf")]
    pub press: anlan_documents::Press,
}

/// Records a fact of a finding and gives the finding as it then stands.
pub(crate) fn record(
    work: &mut Work<'_, '_>,
    finding: &Finding,
    fact: &Fact,
) -> Result<Finding, FindingError> {
    let (stream, area) = (format!("finding/{}", finding.id), finding.unit.division.as_str());
    work.record(&stream, fact.kind(), area, fact)?;
    store::load(work.tx, &finding.id)?.ok_or_else(|| FindingError::NotFound(finding.id.clone()))
}

impl Findings {
    /// A finding that the caller may see for `operation`; otherwise it does not exist for the caller.
    ///
    /// It lies in the division of the unit concerned: that unit and those above it see it, and nobody below.
    #[expect(
        clippy::unused_self,
        reason = "reads as a use case of findings beside its sisters"
    )]
    pub fn visible(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller,
        id: &str,
        operation: &str,
    ) -> Result<Finding, FindingError> {
        let missing = || FindingError::NotFound(id.to_owned());
        let finding = store::load(tx, id)?.ok_or_else(missing)?;
        let place = Object::in_area(&finding.unit.division);
        if !caller.may("finding.read", place) {
            return Err(missing());
        }
        caller.require(operation, place)?;
        Ok(finding)
    }

    /// What the caller may do next with a finding.
    pub fn allowed(&self, caller: &Caller, finding: &Finding) -> Vec<String> {
        let _ = self;
        let place = Object::in_area(&finding.unit.division);
        let own = caller.unit.as_deref() == Some(finding.unit.id.as_str());
        let settled = finding.state.is_judged() || finding.state == crate::model::State::Lifted;
        let mut allowed = Vec::new();
        if own && !settled && caller.may("finding.reply", place) {
            allowed.push("reply".to_owned());
        }
        if !own && finding.state.awaits_verdict() && caller.may("finding.judge", place) {
            allowed.push("judge".to_owned());
        }
        if caller.may("finding.pack", place) {
            allowed.push("pack".to_owned());
        }
        allowed
    }
}
