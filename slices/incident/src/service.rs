//! Use cases: load, decide, record.

mod caller;
mod chain;
mod joining;
mod law;
mod photos;
mod report;
mod silence;
mod state;
mod take;

use std::sync::Arc;

use anlan_access::{Caller, Object, Scope};
use anlan_files::Files;
use anlan_foundation::{Checks, InvalidInput};
use anlan_ledger::{Ledger, Work};
use anlan_store::Tx;

use crate::error::IncidentError;
use crate::facts::Fact;
pub use crate::model::UnitRef;
use crate::model::{Incident, Status};
use crate::store;
pub use joining::{Deciding, Splitting};
pub use law::{Directory, Duty, Event, EventClass, GradeSuggested, Limit, OnDuty, Stage, UpdateDue};
pub use report::{Acknowledging, ReportUp};
pub use silence::{CityShown, CountyShown, SilentUnit, WatchShown, Watching, ZeroReporting};
pub use state::{Closing, FollowUp, Grading, Learning, Verifying};
pub use take::{Called, Taken};

/// The use cases of incidents.
#[derive(Clone)]
pub struct Incidents {
    /// The ledger they record in.
    pub ledger: Ledger,
    /// Organisation and law.
    pub directory: Arc<dyn Directory>,
    /// Photos.
    pub files: Files,
}

/// Records a fact of an incident and gives the incident as it then stands.
pub(crate) fn record(
    work: &mut Work<'_, '_>,
    id: &str,
    area: &str,
    fact: impl Into<Fact>,
) -> Result<Incident, IncidentError> {
    let fact = fact.into();
    work.record(&format!("incident/{id}"), fact.kind(), area, &fact)?;
    store::load(work.tx, id)?.ok_or_else(|| IncidentError::NotFound(id.to_owned()))
}

impl Incidents {
    /// The unit that the caller acts for.
    pub fn unit_of(&self, tx: &mut Tx<'_>, caller: &Caller) -> Result<UnitRef, IncidentError> {
        let id = caller.unit.as_deref().ok_or(IncidentError::NoUnit)?;
        self.directory.unit(tx, id)?.ok_or(IncidentError::NoUnit)
    }

    /// A unit that somebody named.
    fn named_unit(&self, tx: &mut Tx<'_>, field: &str, id: &str) -> Result<UnitRef, IncidentError> {
        self.directory
            .unit(tx, id)?
            .ok_or_else(|| InvalidInput::one(field, "unknown", "id of a unit of GET /api/v1/units").into())
    }

    /// An incident that the caller may see for `operation`; otherwise it does not exist for the caller.
    #[expect(
        clippy::unused_self,
        reason = "reads as a use case of incidents beside its sisters"
    )]
    pub fn visible(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller,
        id: &str,
        operation: &str,
    ) -> Result<Incident, IncidentError> {
        let missing = || IncidentError::NotFound(id.to_owned());
        let incident = store::load(tx, id)?.ok_or_else(missing)?;
        let place = Object::in_area(&incident.division);
        if !caller.may("incident.read", place) {
            return Err(missing());
        }
        caller.require(operation, place)?;
        Ok(incident)
    }

    /// An incident that the caller may see for `operation` and on which work goes on.
    fn open(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller,
        id: &str,
        operation: &str,
    ) -> Result<Incident, IncidentError> {
        let incident = self.visible(tx, caller, id, operation)?;
        if incident.is_open() {
            Ok(incident)
        } else {
            Err(IncidentError::Closed(incident.code))
        }
    }
}

impl Incidents {
    /// An incident that the caller may see for `operation` and that still takes words: open, or ended but not merged.
    fn heard(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller,
        id: &str,
        operation: &str,
    ) -> Result<Incident, IncidentError> {
        let incident = self.visible(tx, caller, id, operation)?;
        if incident.status == Status::Merged {
            return Err(IncidentError::Closed(incident.code));
        }
        Ok(incident)
    }
}

fn check_words(field: &str, text: &str, min: usize) -> Result<(), InvalidInput> {
    let mut checks = Checks::new();
    checks.text(field, text, min, 5_000);
    checks.finish()
}

/// The parts of the city in which the caller may see incidents, within an area.
pub(crate) fn scopes(caller: &Caller, area: &str) -> Vec<Scope> {
    let mut scopes = caller.scopes("incident.read");
    for scope in &mut scopes {
        if area.starts_with(&scope.from) {
            area.clone_into(&mut scope.from);
            scope.before = format!("{area}:");
        }
    }
    scopes.retain(|scope| scope.from.starts_with(area));
    scopes.truncate(32);
    scopes
}
