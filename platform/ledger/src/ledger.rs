//! The ledger as the program holds it.

use std::sync::{Arc, Mutex};

use anlan_foundation::{Realm, SharedClock, SharedIds, Timestamp};
use anlan_proof::{SigningKey, Suite};
use anlan_store::{Db, Migration, Options, StoreError, Target, Tx};

use crate::hook::Seal;
use crate::hub::{Hub, LiveEntry};
use crate::tree::Tree;
use crate::view::{Recorded, View};
use crate::{EntryFilter, LedgerError, Sealer, store};

/// Who this node is: its feed's name, realm and keys.
pub struct NodeIdentity {
    /// Name of the node's feed, unique in the federation.
    pub origin: String,
    /// Live, or one drill.
    pub realm: Realm,
    /// Signs the checkpoints; decides the suite.
    pub key: SigningKey,
    /// Wraps the keys of sealed values.
    pub master: [u8; 32],
}

/// What a ledger is opened with.
pub struct LedgerConfig {
    /// Where the tables are.
    pub target: Target,
    /// Threads and durability.
    pub options: Options,
    /// The node.
    pub identity: NodeIdentity,
    /// The views of all slices.
    pub views: Vec<Arc<dyn View>>,
    /// Migrations of tables that are not views (sessions, drafts, timers' bookkeeping).
    pub side_migrations: Vec<Migration>,
    /// Where `now` comes from.
    pub clock: SharedClock,
    /// Where ids come from.
    pub ids: SharedIds,
}

pub(crate) struct Core {
    pub(crate) origin: String,
    pub(crate) realm: Realm,
    pub(crate) suite: Suite,
    pub(crate) key: SigningKey,
    pub(crate) sealer: Sealer,
    pub(crate) clock: SharedClock,
    pub(crate) ids: SharedIds,
    pub(crate) views: Vec<Arc<dyn View>>,
    pub(crate) hub: Hub,
    pub(crate) tree: Mutex<Tree>,
}

impl Core {
    pub(crate) fn apply(&self, tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), StoreError> {
        match self.view_of(&recorded.entry.kind) {
            Some(view) => view.apply(tx, recorded),
            None => Ok(()),
        }
    }

    fn view_of(&self, kind: &str) -> Option<&Arc<dyn View>> {
        self.views.iter().find(|view| kind.starts_with(view.prefix()))
    }
}

/// The open ledger. Clones share the same store.
#[derive(Clone)]
pub struct Ledger {
    core: Arc<Core>,
    db: Db,
}

impl Ledger {
    /// Brings the store to this program's schema, opens it and starts the node's feed.
    pub fn open(config: LedgerConfig) -> Result<Self, LedgerError> {
        crate::prepare(&config.target, &config.views, &config.side_migrations)?;
        let suite = config.identity.key.suite();
        let core = Arc::new(Core {
            origin: config.identity.origin,
            realm: config.identity.realm,
            suite,
            key: config.identity.key,
            sealer: Sealer::new(suite, config.identity.master),
            clock: config.clock,
            ids: config.ids,
            views: config.views,
            hub: Hub::default(),
            tree: Mutex::default(),
        });
        let db = Db::open(
            &config.target,
            config.options,
            Box::new(Seal::new(Arc::clone(&core))),
        )?;
        let origin = core.origin.clone();
        db.write_blocking(move |tx| store::start_feed(tx, &origin))?;
        Ok(Self { core, db })
    }

    /// The store, for reads.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Closes the ledger and waits until the store is let go of; every other clone must be gone or going.
    pub fn close(self) {
        drop(self.core);
        self.db.close();
    }

    /// The node's feed.
    pub fn origin(&self) -> &str {
        &self.core.origin
    }

    /// The node's realm.
    pub fn realm(&self) -> Realm {
        self.core.realm
    }

    /// The node's cryptographic suite.
    pub fn suite(&self) -> Suite {
        self.core.suite
    }

    /// The node's public key, in hexadecimal.
    pub fn public_key(&self) -> String {
        self.core.key.verifying_key().to_hex()
    }

    /// Signs a message that leaves the node by another way than the feed, in hexadecimal.
    pub fn sign(&self, message: &[u8]) -> String {
        hex::encode(self.core.key.sign(message))
    }

    /// The clock the ledger goes by.
    pub fn clock(&self) -> &SharedClock {
        &self.core.clock
    }

    /// The source of ids.
    pub fn ids(&self) -> &SharedIds {
        &self.core.ids
    }

    /// The live stream.
    pub fn hub(&self) -> &Hub {
        &self.core.hub
    }

    /// What an entry says.
    pub fn headline(&self, recorded: &Recorded) -> crate::Headline {
        self.core
            .view_of(&recorded.entry.kind)
            .map(|view| view.headline(recorded))
            .unwrap_or_default()
    }

    /// Opens a sealed value; `None` when its key was destroyed.
    pub fn sealer(&self) -> &Sealer {
        &self.core.sealer
    }

    /// Looks how far other servers on the same store, or the command line, have come, and wakes the live stream.
    pub async fn look_around(&self) -> Result<u64, StoreError> {
        let origin = self.core.origin.clone();
        let (position, _) = self.db.read(move |tx| store::head(tx, &origin)).await?;
        self.core.hub.announce(position);
        Ok(position)
    }

    /// The entries after `position`, from memory when they are there and from the store otherwise; at most 1,000.
    pub async fn live_after(&self, position: u64) -> Result<Vec<Arc<LiveEntry>>, LedgerError> {
        if let Some(kept) = self.core.hub.after(position) {
            return Ok(kept);
        }
        let filter = EntryFilter {
            after: position,
            area_before: "\u{10FFFF}".to_owned(),
            limit: 1_000,
            ..EntryFilter::default()
        };
        let found = self
            .db
            .read(move |tx| store::entries(tx, &filter))
            .await
            .map_err(LedgerError::from)?;
        let live: Vec<_> = found.into_iter().map(|recorded| self.live(recorded)).collect();
        self.core.hub.keep(live.clone());
        Ok(live)
    }

    fn live(&self, recorded: Recorded) -> Arc<LiveEntry> {
        let headline = self.headline(&recorded);
        Arc::new(LiveEntry { recorded, headline })
    }

    /// The position as of an instant: that of the newest entry recorded at or before it.
    pub fn position_at(tx: &mut Tx<'_>, at: Timestamp) -> Result<u64, StoreError> {
        store::position_at(tx, at.as_micros())
    }

    pub(crate) fn core(&self) -> Arc<Core> {
        Arc::clone(&self.core)
    }
}
