//! What auditors do is itself in the ledger: entries of the kinds `audit.*`, which no table is made from.

use std::collections::BTreeMap;

use anlan_ledger::{Headline, Recorded, View};
use anlan_store::{Migration, StoreError, Table, Tx};
use serde::{Deserialize, Serialize};

/// Sealed values of an entry were read, with a reason.
pub(crate) const VALUES_REVEALED: &str = "audit.values_revealed.v1";
/// The entries of a stream were taken away as an evidence pack.
pub(crate) const EVIDENCE_TAKEN: &str = "audit.evidence_taken.v1";

/// Body of [`VALUES_REVEALED`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ValuesRevealed {
    /// Feed of the entry.
    pub origin: String,
    /// Its number.
    pub seq: u64,
    /// How many values were read.
    pub count: usize,
    /// Why.
    pub reason: String,
}

/// Body of [`EVIDENCE_TAKEN`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct EvidenceTaken {
    /// The stream.
    pub stream: String,
    /// How many entries.
    pub entries: usize,
}

/// Puts these entries into words; they change no table.
pub(crate) struct AuditView;

impl View for AuditView {
    fn prefix(&self) -> &'static str {
        "audit."
    }

    fn migrations(&self) -> &'static [Migration] {
        &[]
    }

    fn tables(&self) -> &'static [Table] {
        &[]
    }

    fn apply(&self, _tx: &mut Tx<'_>, _recorded: &Recorded) -> Result<(), StoreError> {
        Ok(())
    }

    fn headline(&self, recorded: &Recorded) -> Headline {
        let kind = recorded.entry.kind.as_str();
        let mut params = BTreeMap::new();
        if let Ok(fact) = recorded.fact::<ValuesRevealed>() {
            params.insert("count".to_owned(), fact.count.to_string());
            params.insert("name".to_owned(), format!("#{}", fact.seq));
        }
        if let Ok(fact) = recorded.fact::<EvidenceTaken>() {
            params.insert("count".to_owned(), fact.entries.to_string());
        }
        Headline {
            code: kind.trim_end_matches(".v1").to_owned(),
            params,
        }
    }
}
