//! What every handler holds.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use anlan_access::Caller;
use anlan_ledger::{Actor, Ledger};

use crate::Authenticator;

/// The state behind all routes.
#[derive(Clone)]
pub struct Edge {
    /// The ledger.
    pub ledger: Ledger,
    /// Knows callers by their tokens.
    pub authenticator: Arc<dyn Authenticator>,
    in_flight: Arc<Mutex<HashSet<(String, String)>>>,
}

impl Edge {
    /// Puts the edge together.
    pub fn new(ledger: Ledger, authenticator: Arc<dyn Authenticator>) -> Self {
        Self {
            ledger,
            authenticator,
            in_flight: Arc::default(),
        }
    }

    /// Marks an idempotency key as being worked on; `None` when it already is.
    pub(crate) fn enter(&self, account: &str, key: &str) -> Option<InFlight> {
        let pair = (account.to_owned(), key.to_owned());
        let entered = self
            .in_flight
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(pair.clone());
        entered.then(|| InFlight {
            pair,
            all: Arc::clone(&self.in_flight),
        })
    }
}

/// Frees the key when the request ends, however it ends.
#[derive(Debug)]
pub(crate) struct InFlight {
    pair: (String, String),
    all: Arc<Mutex<HashSet<(String, String)>>>,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.all
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.pair);
    }
}

/// The caller as the ledger's actor.
pub fn actor_of(caller: &Caller) -> Actor {
    Actor {
        kind: if caller.person.is_some() {
            "person"
        } else {
            "machine"
        }
        .to_owned(),
        account: Some(caller.account.clone()),
        person: caller.person.clone(),
        post: caller.post.clone(),
        unit: caller.unit.clone(),
        name: Some(caller.name.clone()),
        rule: None,
    }
}
