//! Views: what a slice makes of the entries.

use std::collections::BTreeMap;

use anlan_foundation::Timestamp;
use anlan_proof::{Actor, Entry};
use anlan_store::{Migration, StoreError, Table, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::LedgerError;

/// An entry as it stands in this node's ledger.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Place in the order in which this node accepted entries, from 1.
    pub position: u64,
    /// The entry.
    pub entry: Entry,
}

impl Recorded {
    /// When the node that made the entry recorded it.
    pub fn at(&self) -> Timestamp {
        Timestamp::from_micros(self.entry.recorded_at)
    }

    /// Who made it.
    pub fn actor(&self) -> &Actor {
        &self.entry.actor
    }

    /// The body as the fact it is.
    pub fn fact<T: DeserializeOwned>(&self) -> Result<T, LedgerError> {
        serde_json::from_str(&self.entry.body).map_err(|error| LedgerError::Fact(error.to_string()))
    }
}

/// What an entry says, in a form that the front end puts into words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Headline {
    /// Key of the sentence, for example `incident.received`.
    pub code: String,
    /// Named parts of the sentence; never personal data.
    pub params: BTreeMap<String, String>,
}

/// The part of a slice that the ledger drives.
pub trait View: Send + Sync {
    /// Prefix of the kinds of entries it understands, for example `incident.`.
    fn prefix(&self) -> &'static str;

    /// The slice's migrations, in order.
    fn migrations(&self) -> &'static [Migration];

    /// The slice's view tables, which a rebuild must reproduce.
    fn tables(&self) -> &'static [Table];

    /// Folds one entry into the tables: the only code that changes them.
    fn apply(&self, tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), StoreError>;

    /// What the entry says.
    fn headline(&self, recorded: &Recorded) -> Headline;
}
