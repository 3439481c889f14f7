//! Use cases: draw, edit, submit, sign, issue, receive.

mod acts;
mod drawing;
mod reading;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use anlan_access::{Caller, Object};
use anlan_foundation::Timestamp;
use anlan_incident::model::Incident;
use anlan_incident::service::Event;
use anlan_incident::{Incidents, UnitRef};
use anlan_ledger::{Ledger, Work};
use anlan_store::{StoreError, Tx};
use anlan_web::Failure;

pub use acts::Presence;
pub use drawing::NewPaper;
pub use reading::{Printout, Shown};

use crate::error::PaperError;
use crate::facts::Fact;
use crate::model::Paper;
use crate::templates::Templates;
use crate::{rules, store};

/// What papers need to know of the organisation; the server provides it.
pub trait PaperDirectory: Send + Sync {
    /// The units that a circular of a unit goes to: those on duty one level below.
    fn below(&self, tx: &mut Tx<'_>, unit: &UnitRef) -> Result<Vec<UnitRef>, StoreError>;
    /// Divisions directly below a division: code and name.
    fn divisions(&self, tx: &mut Tx<'_>, area: &str) -> Result<Vec<(String, String)>, StoreError>;
    /// Who is on duty in a unit at an instant: role and name.
    fn duty(
        &self,
        tx: &mut Tx<'_>,
        unit: &UnitRef,
        at: Timestamp,
    ) -> Result<Vec<(String, String)>, StoreError>;
}

/// Proves that whoever signs is present and is who the session says.
pub trait Confirm: Send + Sync {
    /// Refuses unless the PIN is the account's. Wrong ones are counted, and too many lock the PIN.
    fn confirm(
        &self,
        account: String,
        pin: String,
    ) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + '_>>;
}

/// The use cases of papers.
#[derive(Clone)]
pub struct Papers {
    /// The ledger they record in.
    pub ledger: Ledger,
    /// The incidents that they are about.
    pub incidents: Incidents,
    /// Organisation.
    pub directory: Arc<dyn PaperDirectory>,
    /// PINs.
    pub confirm: Arc<dyn Confirm>,
    /// Templates.
    pub templates: Arc<Templates>,
    /// Prints; absent where the program was built without it.
    #[cfg(feature = "pdf")]
    pub press: anlan_documents::Press,
}

/// The units that a unit reports to at once: its superior, and whom the law names for the incident.
pub(crate) fn above(
    incidents: &Incidents,
    tx: &mut Tx<'_>,
    unit: &UnitRef,
    incident: Option<&Incident>,
) -> Result<Vec<UnitRef>, PaperError> {
    match incident {
        Some(incident) => Ok(incidents.receivers(tx, unit, &Event::of(incident))?),
        None => Ok(incidents.directory.superior(tx, &unit.id)?.into_iter().collect()),
    }
}

/// Records a fact of a paper and gives the paper as it then stands.
pub(crate) fn record(
    work: &mut Work<'_, '_>,
    id: &str,
    area: &str,
    fact: &Fact,
) -> Result<Paper, PaperError> {
    work.record(&format!("paper/{id}"), fact.kind(), area, fact)?;
    store::load(work.tx, id)?.ok_or_else(|| PaperError::NotFound(id.to_owned()))
}

impl Papers {
    /// The unit that the caller acts for.
    pub fn unit_of(&self, tx: &mut Tx<'_>, caller: &Caller) -> Result<UnitRef, PaperError> {
        Ok(self.incidents.unit_of(tx, caller)?)
    }

    /// A paper that the caller may see for `operation`; otherwise it does not exist for the caller.
    #[expect(
        clippy::unused_self,
        reason = "reads as a use case of papers beside its sisters"
    )]
    pub fn visible(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller,
        id: &str,
        operation: &str,
    ) -> Result<Paper, PaperError> {
        let missing = || PaperError::NotFound(id.to_owned());
        let paper = store::load(tx, id)?.ok_or_else(missing)?;
        let place = Object::in_area(&paper.area);
        if !caller.may("paper.read", place) || !rules::sees(&paper, caller.unit.as_deref()) {
            return Err(missing());
        }
        caller.require(operation, place)?;
        Ok(paper)
    }

    /// A paper of the caller's own unit, for an act on it.
    fn own(&self, tx: &mut Tx<'_>, caller: &Caller, id: &str, operation: &str) -> Result<Paper, PaperError> {
        let paper = self.visible(tx, caller, id, operation)?;
        if caller.unit.as_deref() == Some(paper.unit.id.as_str()) {
            return Ok(paper);
        }
        Err(PaperError::Access(anlan_access::AccessError {
            operation: operation.to_owned(),
        }))
    }
}
