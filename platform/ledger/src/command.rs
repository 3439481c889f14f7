//! One command: load, decide, record, answer.

use anlan_foundation::{Ids, Timestamp};
use anlan_proof::{Actor, Digest};
use anlan_store::{StoreError, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ledger::Core;
use crate::view::Recorded;
use crate::{Ledger, LedgerError, Sealed, append, store};

/// The caller's promise that repeating a request means the same request.
#[derive(Debug, Clone)]
pub struct Idempotency {
    /// Account of the caller; keys of different accounts never meet.
    pub actor: String,
    /// The `Idempotency-Key`, 1 to 200 visible ASCII characters.
    pub key: String,
    /// Digest over method, path and body of the request.
    pub request: Digest,
}

/// The outcome of a command.
#[derive(Debug, Clone)]
pub struct Done<T> {
    /// What the command returned.
    pub value: T,
    /// Whether this is the kept answer of an earlier, equal request.
    pub replayed: bool,
}

/// What a use case works with: the open transaction, the caller, the time.
pub struct Work<'w, 'c> {
    /// The open transaction.
    pub tx: &'w mut Tx<'c>,
    /// Who acts.
    pub actor: Actor,
    /// The instant at which the command is decided.
    pub now: Timestamp,
    core: &'w Core,
}

impl<'w, 'c> Work<'w, 'c> {
    pub(crate) fn new(core: &'w Core, tx: &'w mut Tx<'c>, actor: Actor) -> Self {
        Self {
            tx,
            actor,
            now: core.clock.now(),
            core,
        }
    }

    /// The source of identifiers.
    pub fn ids(&self) -> &dyn Ids {
        self.core.ids.as_ref()
    }

    /// Records a fact as the next entry of `stream` and folds it into the tables.
    ///
    /// `kind` is the fact's versioned name, for example `incident.received.v1`; `area` the division code it belongs to.
    pub fn record<F: Serialize>(
        &mut self,
        stream: &str,
        kind: &str,
        area: &str,
        fact: &F,
    ) -> Result<Recorded, LedgerError> {
        append::append(
            self.core,
            self.tx,
            &append::Draft {
                stream,
                kind,
                area,
                actor: &self.actor,
                now: self.now,
            },
            fact,
        )
    }

    /// Refuses when `stream` is not at the version the caller had seen.
    pub fn expect_version(&mut self, stream: &str, expected: Option<u64>) -> Result<(), LedgerError> {
        let Some(expected) = expected else { return Ok(()) };
        let found = store::stream_version(self.tx, stream)?;
        if found == expected {
            return Ok(());
        }
        Err(LedgerError::VersionConflict {
            stream: stream.to_owned(),
            expected,
            found,
        })
    }

    /// Seals a personal value under the key of `subject` (an incident or a person).
    pub fn seal(&mut self, subject: &str, value: &str) -> Result<Sealed, LedgerError> {
        self.core
            .sealer
            .seal(self.tx, self.core.ids.as_ref(), subject, value)
    }

    /// Destroys the key of `subject`: what was sealed under it can never be read again (应对法 2024, art. 85).
    pub fn destroy_key(&mut self, subject: &str) -> Result<bool, LedgerError> {
        Ok(store::destroy_seal_key(self.tx, subject)? > 0)
    }
}

impl Ledger {
    /// Runs a command; the answer comes after its facts are on disk.
    ///
    /// With an [`Idempotency`] the answer of an earlier equal request is given again without running the command.
    pub async fn command<T, E, F>(
        &self,
        actor: Actor,
        idempotency: Option<Idempotency>,
        run: F,
    ) -> Result<Done<T>, E>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        E: From<StoreError> + From<LedgerError> + Send + 'static,
        F: FnOnce(&mut Work<'_, '_>) -> Result<T, E> + Send + 'static,
    {
        let core = self.core();
        self.db()
            .write(move |tx| once(&core, tx, actor, idempotency, run))
            .await
    }

    /// Like [`Ledger::command`] for callers outside the asynchronous runtime, without an idempotency key.
    pub fn command_blocking<T, E, F>(&self, actor: Actor, run: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<LedgerError> + Send + 'static,
        F: FnOnce(&mut Work<'_, '_>) -> Result<T, E> + Send + 'static,
    {
        let core = self.core();
        self.db()
            .write_blocking(move |tx| run(&mut Work::new(&core, tx, actor)))
    }
}

fn once<T, E, F>(
    core: &Core,
    tx: &mut Tx<'_>,
    actor: Actor,
    idempotency: Option<Idempotency>,
    run: F,
) -> Result<Done<T>, E>
where
    T: Serialize + DeserializeOwned,
    E: From<StoreError> + From<LedgerError>,
    F: FnOnce(&mut Work<'_, '_>) -> Result<T, E>,
{
    let Some(idempotency) = idempotency else {
        return Ok(Done {
            value: run(&mut Work::new(core, tx, actor))?,
            replayed: false,
        });
    };
    if let Some((request, response)) = store::kept_response(tx, &idempotency.actor, &idempotency.key)? {
        if request != idempotency.request.as_bytes() {
            return Err(LedgerError::KeyReused.into());
        }
        let value = serde_json::from_str(&response).map_err(|error| LedgerError::Fact(error.to_string()))?;
        return Ok(Done {
            value,
            replayed: true,
        });
    }
    let value = run(&mut Work::new(core, tx, actor))?;
    let response = serde_json::to_string(&value).map_err(|error| LedgerError::Fact(error.to_string()))?;
    store::keep_response(tx, &idempotency, &response, core.clock.now().as_micros())?;
    Ok(Done {
        value,
        replayed: false,
    })
}
