//! The node's identity: who it is, and its keys, in the data directory.

use std::path::Path;
use std::sync::Arc;

use anlan_finding::FindingView;
use anlan_foundation::{RandomIds, Realm, SharedClock, SharedIds, SteadyClock, SystemClock};
use anlan_incident::IncidentView;
use anlan_ledger::{Ledger, LedgerConfig, NodeIdentity, Suite, View};
use anlan_organisation::OrganisationView;
use anlan_paper::PaperView;
use anlan_proof::SigningKey;
use anlan_resource::ResourceView;
use anlan_store::{Migration, Options};
use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

use crate::audit::AuditView;
use crate::clock::NodeView;
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

/// The file that says who the node is.
pub(crate) const NODE: &str = "node.json";
/// The file that holds its secrets.
pub(crate) const KEYS: &str = "node.key";

/// Refuses a data directory that holds a node already.
pub(crate) fn refuse_if_taken(data: &Path) -> anyhow::Result<()> {
    if exists(data) || data.join("anlan.db").exists() {
        bail!("{} holds a node already", data.display());
    }
    Ok(())
}

/// Makes a folder that its owner alone may look into; one that is there already stays as it is.
pub(crate) fn make_private(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("making {}", folder.display()))
}

/// Makes the identity of a new node; refuses where there is one already.
pub(crate) fn create(data: &Path, node: &NodeFile, ids: &SharedIds) -> anyhow::Result<()> {
    make_private(data)?;
    refuse_if_taken(data)?;
    let mut secrets = [0; 64];
    ids.fill(&mut secrets);
    write_keys(data, &secrets)?;
    Ok(std::fs::write(
        data.join(NODE),
        serde_json::to_string_pretty(node)?,
    )?)
}

/// Removes what [`create`] and a first opening made, after the making of a node failed.
pub(crate) fn discard(data: &Path) {
    for name in [NODE, KEYS, "anlan.db", "anlan.db-wal", "anlan.db-shm"] {
        drop(std::fs::remove_file(data.join(name)));
    }
}

/// The node's secrets: 32 bytes that make the signing key, 32 that wrap the keys of sealed values.
pub(crate) fn read_keys(file: &Path) -> anyhow::Result<Vec<u8>> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("reading the node's keys from {}", file.display()))?;
    let secrets = hex::decode(text.trim()).context("the node's keys are damaged")?;
    if secrets.len() != 64 {
        bail!(
            "the node's keys are damaged: {} bytes instead of 64",
            secrets.len()
        );
    }
    Ok(secrets)
}

/// Writes the node's secrets, readable to its owner alone.
pub(crate) fn write_keys(data: &Path, secrets: &[u8]) -> anyhow::Result<()> {
    write_secret(&data.join(KEYS), &hex::encode(secrets))
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
        Arc::new(PaperView),
        Arc::new(FindingView),
        Arc::new(ResourceView),
        Arc::new(AuditView),
        Arc::new(NodeView),
    ]
}

/// Opens the node's ledger by the machine's clock as it is now: who sets it meanwhile does not move the node's time.
pub(crate) fn open(config: &Config) -> anyhow::Result<Ledger> {
    let clock: SharedClock = Arc::new(SteadyClock::new(Arc::new(SystemClock)));
    let ids: SharedIds = Arc::new(RandomIds::new(Arc::clone(&clock)));
    open_with(config, clock, ids)
}

/// Opens the node's ledger by a given clock and id source.
pub(crate) fn open_with(config: &Config, clock: SharedClock, ids: SharedIds) -> anyhow::Result<Ledger> {
    let node = load(&config.data)?;
    if !config.durable && !node.demo {
        bail!("a real node answers only after the disk has written");
    }
    let secrets = read_keys(&config.data.join(KEYS))?;
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
    let opened = Ledger::open(LedgerConfig {
        target: config.store.clone(),
        options: Options {
            readers: config.settings.readers,
            durable: config.durable,
            reserve: config.settings.reserve_mib << 20,
        },
        identity,
        views: views(),
        side_migrations: side_migrations(),
        clock,
        ids,
    })?;
    Ok(opened)
}

/// Migrations of tables that are no views.
pub(crate) fn side_migrations() -> Vec<Migration> {
    anlan_jobs::migrations().to_vec()
}
