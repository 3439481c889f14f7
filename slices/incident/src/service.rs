//! Use cases: load, decide, record.

mod caller;
mod photos;
mod report;
mod state;
mod take;

use std::sync::Arc;

use anlan_access::{Caller, Object};
use anlan_files::Files;
use anlan_foundation::{Checks, InvalidInput, Timestamp};
use anlan_ledger::{Ledger, Work};
use anlan_store::{StoreError, Tx};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::IncidentError;
use crate::facts::Fact;
use crate::model::Incident;
pub use crate::model::UnitRef;
use crate::store;
pub use report::{Acknowledging, ReportUp};
pub use state::{Closing, FollowUp, Grading, Learning, Verifying};
pub use take::{Called, Taken};

/// A limit from the law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Id of the rule.
    pub id: String,
    /// The clause.
    pub clause: String,
    /// The limit.
    pub minutes: u32,
    /// What starts the clock: `occurred`, `learned` or `received`.
    pub start_event: String,
}

/// A class of events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventClass {
    /// Code, five digits.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// `natural`, `accident`, `health` or `social`.
    pub class: String,
    /// Pinyin initials.
    pub initials: String,
    /// Number key at the intake, if it has one.
    pub key: Option<String>,
}

/// What incidents need to know of the organisation and the law; the server provides it.
pub trait Directory: Send + Sync {
    /// A unit.
    fn unit(&self, tx: &mut Tx<'_>, id: &str) -> Result<Option<UnitRef>, StoreError>;
    /// The unit that a unit's reports go to.
    fn superior(&self, tx: &mut Tx<'_>, unit: &str) -> Result<Option<UnitRef>, StoreError>;
    /// Full name of a division; `None` when the code is unknown.
    fn division_name(&self, tx: &mut Tx<'_>, code: &str) -> Result<Option<String>, StoreError>;
    /// All classes of events.
    fn event_classes(&self) -> &[EventClass];
    /// The limit for a first report from a division about a class of events at a time.
    fn first_report_limit(&self, division: &str, event_class: &str, at: Timestamp) -> Option<Limit>;

    /// Everybody a unit reports to, at once: its superior, unless the law names others.
    fn addressees(&self, tx: &mut Tx<'_>, unit: &str) -> Result<Vec<UnitRef>, StoreError> {
        Ok(self.superior(tx, unit)?.into_iter().collect())
    }
}

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

fn check_words(field: &str, text: &str, min: usize) -> Result<(), InvalidInput> {
    let mut checks = Checks::new();
    checks.text(field, text, min, 5_000);
    checks.finish()
}
