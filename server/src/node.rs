//! The node's identity: who it is, and its keys, in the data directory.

use std::path::Path;
use std::sync::Arc;

use anlan_foundation::{RandomIds, Realm, SharedClock, SharedIds, SystemClock};
use anlan_incident::IncidentView;
use anlan_ledger::{Ledger, LedgerConfig, NodeIdentity, Suite, View};
use anlan_organisation::OrganisationView;
use anlan_proof::SigningKey;
use anlan_store::{Options, Target};
use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

use crate::audit::AuditView;
use crate::config::Config;

/// What is known of a node before its ledger is open; not secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct NodeFile {
    /// Name of the node's feed.
    pub origin: String,
    /// Name of the unit it belongs to.
    pub name: String,
    /// Division it acts for.
    pub division: String,
    /// Name of the division.
    pub division_name: String,
    /// Cryptographic suite.
    pub suite: Suite,
    /// Whether this is the demo city, which can never join real nodes.
    pub demo: bool,
}

const NODE: &str = "node.json";
const KEYS: &str = "node.key";

/// Makes the identity of a new node; refuses where there is one already.
pub(crate) fn create(data: &Path, node: &NodeFile, ids: &SharedIds) -> anyhow::Result<()> {
    std::fs::create_dir_all(data).with_context(|| format!("making {}", data.display()))?;
    if data.join(NODE).exists() {
        bail!("{} holds a node already", data.display());
    }
    let mut secrets = [0; 64];
    ids.fill(&mut secrets);
    write_secret(&data.join(KEYS), &hex::encode(secrets))?;
    std::fs::write(data.join(NODE), serde_json::to_string_pretty(node)?)?;
    Ok(())
}

/// Whether the data directory holds a node.
pub(crate) fn exists(data: &Path) -> bool {
    data.join(NODE).exists()
}

/// Reads the identity of the node in a data directory.
pub(crate) fn load(data: &Path) -> anyhow::Result<NodeFile> {
    let path = data.join(NODE);
    let text = std::fs::read_to_string(&path).with_context(|| {
        format!(
            "{} holds no node: run `anlan init` or `anlan demo` first",
            data.display()
        )
    })?;
    serde_json::from_str(&text).with_context(|| format!("in {}", path.display()))
}

fn write_secret(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    Ok(file.sync_all()?)
}

/// The views of all slices.
pub(crate) fn views() -> Vec<Arc<dyn View>> {
    vec![
        Arc::new(OrganisationView),
        Arc::new(IncidentView),
        Arc::new(AuditView),
    ]
}

/// Opens the node's ledger by the machine's clock.
pub(crate) fn open(data: &Path, target: &Target) -> anyhow::Result<Ledger> {
    let clock: SharedClock = Arc::new(SystemClock);
    let ids: SharedIds = Arc::new(RandomIds::new(Arc::clone(&clock)));
    open_with(data, target, clock, ids)
}

/// Opens the ledger of the node that is to be served.
pub(crate) fn open_served(config: &Config) -> anyhow::Result<Ledger> {
    if !config.durable && !load(&config.data)?.demo {
        bail!("a real node answers only after the disk has written");
    }
    let options = Options {
        durable: config.durable,
        ..Options::default()
    };
    let clock: SharedClock = Arc::new(SystemClock);
    let ids: SharedIds = Arc::new(RandomIds::new(Arc::clone(&clock)));
    open_as(&config.data, &config.store, options, (clock, ids))
}

/// Opens the node's ledger by a given clock and id source.
pub(crate) fn open_with(
    data: &Path,
    target: &Target,
    clock: SharedClock,
    ids: SharedIds,
) -> anyhow::Result<Ledger> {
    open_as(data, target, Options::default(), (clock, ids))
}

fn open_as(
    data: &Path,
    target: &Target,
    options: Options,
    (clock, ids): (SharedClock, SharedIds),
) -> anyhow::Result<Ledger> {
    let node = load(data)?;
    let text = std::fs::read_to_string(data.join(KEYS)).context("reading the node's keys")?;
    let secrets = hex::decode(text.trim()).context("the node's keys are damaged")?;
    let (Some(seed), Some(master)) = (secrets.first_chunk::<32>(), secrets.last_chunk::<32>()) else {
        bail!("the node's keys are damaged");
    };
    let key = SigningKey::generate(node.suite, *seed)?;
    let identity = NodeIdentity {
        origin: node.origin,
        realm: Realm::Live,
        key,
        master: *master,
    };
    let config = LedgerConfig {
        target: target.clone(),
        options,
        identity,
        views: views(),
        side_migrations: anlan_jobs::migrations().to_vec(),
        clock,
        ids,
    };
    Ok(Ledger::open(config)?)
}
