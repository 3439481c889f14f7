//! Use cases of resources.

mod experts;
mod flights;
mod records;

use std::sync::Arc;

use anlan_access::{Caller, Object, Scope};
use anlan_incident::Incidents;
use anlan_ledger::Ledger;
use anlan_store::Tx;

pub use experts::{Answering, Appraising, Asking};
pub use flights::{FlightClocks, FlightMove, NewFlight};
pub use records::{Imported, ReadinessChange, Saved, ShownMember, seal_roster};

use crate::error::ResourceError;
use crate::model::{Record, Registers};
use crate::rules::shelters::ShelterStandard;
use crate::store;

/// Says why the rules of resources were refused.
#[derive(Debug, thiserror::Error)]
pub enum ResourceRulesError {
    /// The registers.
    #[error(transparent)]
    Registers(#[from] crate::model::RegistersError),
    /// Another table.
    #[error("the rules of resources cannot be read: {0}")]
    Form(#[from] toml::de::Error),
}

/// What resources go by.
#[derive(Debug)]
pub struct ResourceRules {
    /// Registers and their columns.
    pub registers: Registers,
    /// Square metres a head.
    pub shelters: ShelterStandard,
    /// Clocks of flights.
    pub flights: FlightClocks,
}

impl ResourceRules {
    /// The rules that ship with the program.
    pub fn shipped() -> Result<Self, ResourceRulesError> {
        Ok(Self {
            registers: Registers::shipped()?,
            shelters: ShelterStandard::shipped()?,
            flights: toml::from_str(include_str!("../../../rules/resource-flights.toml"))?,
        })
    }
}

/// The use cases of resources.
#[derive(Clone)]
pub struct Resources {
    /// The ledger they record in.
    pub ledger: Ledger,
    /// The incidents they are for.
    pub incidents: Incidents,
    /// What they go by.
    pub rules: Arc<ResourceRules>,
}

/// The parts of an area that the caller may see for an operation.
pub fn scopes(caller: &Caller, operation: &str, area: &str) -> Vec<Scope> {
    let mut scopes = caller.scopes(operation);
    for scope in &mut scopes {
        if area.starts_with(&scope.from) {
            area.clone_into(&mut scope.from);
            scope.before = format!("{area}:");
        }
    }
    scopes.retain(|scope| scope.department.is_none() && scope.from.starts_with(area));
    scopes.truncate(8);
    scopes
}

pub(crate) fn missing(what: &'static str, id: &str) -> ResourceError {
    ResourceError::NotFound {
        what,
        id: id.to_owned(),
    }
}

/// A record that the caller may see for `operation`; otherwise it does not exist for the caller.
pub(crate) fn visible(
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: &str,
    operation: &str,
) -> Result<Record, ResourceError> {
    let record = store::load(tx, id)?.ok_or_else(|| missing("record", id))?;
    let place = Object::in_area(&record.entry.area);
    if !caller.may("resource.read", place) {
        return Err(missing("record", id));
    }
    caller.require(operation, place)?;
    Ok(record)
}

/// The same, for an act on a record that still stands in its register.
pub(crate) fn standing(
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: &str,
    operation: &str,
) -> Result<Record, ResourceError> {
    let record = visible(tx, caller, id, operation)?;
    if record.retired {
        return Err(ResourceError::Retired(record.entry.code));
    }
    Ok(record)
}

/// Refuses unless a record is at the version that the caller had seen.
pub(crate) fn same_version(record: &Record, expected: Option<u64>) -> Result<(), ResourceError> {
    match expected {
        Some(expected) if expected != record.version => Err(ResourceError::Ledger(
            anlan_ledger::LedgerError::VersionConflict {
                stream: format!("resource/{}", record.id),
                expected,
                found: record.version,
            },
        )),
        _ => Ok(()),
    }
}
