//! Settings: file, then environment, then flags.

use std::path::PathBuf;

use anlan_store::Target;
use anyhow::Context as _;
use serde::Deserialize;

use crate::Place;

/// The example file, which is also the documentation of every setting.
pub(crate) const EXAMPLE: &str = include_str!("../../config.example.toml");

/// Settings of a node.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// Data directory: keys, identity, embedded store.
    pub data: PathBuf,
    /// Address to listen on.
    pub listen: String,
    /// Where the tables are.
    pub store: Target,
    /// The city's own rule packs.
    pub rules_dir: Option<PathBuf>,
    /// Logs as JSON.
    pub log_json: bool,
    /// Whether an answer waits for the disk. Always, but in the negative control of the power-cut test.
    pub durable: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    listen: Option<String>,
    database: Option<String>,
    rules_dir: Option<PathBuf>,
    log_json: bool,
}

impl Config {
    /// Reads the settings.
    pub(crate) fn load(place: &Place) -> anyhow::Result<Self> {
        let file = match &place.config {
            Some(path) => {
                let text =
                    std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
                toml::from_str(&text).with_context(|| format!("in {}", path.display()))?
            }
            None => File::default(),
        };
        let listen = match place.port {
            Some(port) => format!("127.0.0.1:{port}"),
            None => file.listen.unwrap_or_else(|| "127.0.0.1:8440".to_owned()),
        };
        let store = match file.database {
            Some(url) => Target::Postgres { url, schema: None },
            None => Target::Sqlite(place.data.join("anlan.db")),
        };
        Ok(Self {
            data: place.data.clone(),
            listen,
            store,
            rules_dir: file.rules_dir,
            log_json: file.log_json,
            durable: !place.control_without_fsync,
        })
    }
}
