//! Settings: defaults, then the file, then the environment, then flags.

use std::path::PathBuf;

use anlan_store::Target;
use anyhow::{Context as _, bail};
use clap::Args;
use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use serde::{Deserialize, Serialize};

/// Prefix of settings in the environment: `ANLAN_LISTEN`.
const PREFIX: &str = "ANLAN_";

/// Declares the settings once: the fields, their defaults, and what the example file says about them.
macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $name:ident: $kind:ty = $default:expr, $shown:literal;)+) => {
        /// Settings of a node, as they stand in the file and in the environment.
        #[derive(Debug, Clone, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct Settings {
            $($(#[doc = $doc])+ pub $name: $kind,)+
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $($name: $default,)+ }
            }
        }

        /// Name, documentation and example of every setting.
        const DESCRIBED: &[(&str, &[&str], &str)] = &[$((stringify!($name), &[$($doc),+], $shown)),+];
    };
}

settings! {
    /// Address to listen on. Put a reverse proxy with TLS in front before you open it to others.
    listen: String = "127.0.0.1:8440".to_owned(), "\"127.0.0.1:8440\"";
    /// A PostgreSQL server instead of the embedded store in the data directory. Several servers may share one.
    database: Option<String> = None, "\"postgres://anlan@localhost/anlan\"";
    /// Schema of the PostgreSQL database that holds the tables.
    database_schema: Option<String> = None, "\"anlan\"";
    /// A folder with the city's own rule packs (*.toml), which come after those that ship; see docs/guides/rules.md.
    rules_dir: Option<PathBuf> = None, "\"rules\"";
    /// A folder with the city's own templates of papers (*.toml, common.jinja), each in place of the one of its kind.
    templates_dir: Option<PathBuf> = None, "\"templates\"";
    /// A folder with the official fonts (方正小标宋简体, 仿宋_GB2312, 黑体, 楷体_GB2312) that the city has a licence for.
    fonts_dir: Option<PathBuf> = None, "\"fonts\"";
    /// Number of threads that read the store.
    readers: usize = 4, "4";
    /// Logs as JSON, one object a line.
    log_json: bool = false, "false";
    /// What is logged: `error`, `warn`, `info`, `debug`, or by part, such as `info,anlan_jobs=debug`.
    log: String = "info".to_owned(), "\"info\"";
    /// Disk space in MiB that is set aside and given back when the disk is full, so that reports can still be taken.
    reserve_mib: u64 = 64, "64";
    /// How many days the answer to a request with an `Idempotency-Key` is kept; at least 30.
    idempotency_days: u32 = 30, "30";
}

/// Where a node lives.
#[derive(Debug, Clone, Args)]
pub(crate) struct Home {
    /// Data directory.
    #[arg(long, env = "ANLAN_DATA", default_value = "data")]
    pub data: PathBuf,
    /// Configuration file; without it `config.toml` in the data directory, when there is one.
    #[arg(long, env = "ANLAN_CONFIG")]
    pub config: Option<PathBuf>,
}

/// Where a node lives and listens.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    #[command(flatten)]
    pub home: Home,
    /// Port on the loopback address, 0 for any free one.
    #[arg(long, env = "ANLAN_PORT")]
    pub port: Option<u16>,
    /// Answers before the disk has written. Only the demo city runs like this: it is the negative control of the
    /// power-cut test, which must find the loss.
    #[arg(long, hide = true)]
    pub control_without_fsync: bool,
}

/// A node's settings, ready for use.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// Data directory: keys, identity, embedded store.
    pub data: PathBuf,
    /// Where the tables are.
    pub store: Target,
    /// Whether an answer waits for the disk. Always, but in the negative control of the power-cut test.
    pub durable: bool,
    /// Everything else.
    pub settings: Settings,
}

impl Home {
    /// Reads the settings for a node that is not going to listen.
    pub(crate) fn load(&self) -> anyhow::Result<Config> {
        let settings = self.settings()?;
        let store = match &settings.database {
            Some(url) => Target::Postgres {
                url: url.clone(),
                schema: settings.database_schema.clone(),
            },
            None => Target::Sqlite(self.data.join("anlan.db")),
        };
        Ok(Config {
            data: self.data.clone(),
            store,
            durable: true,
            settings,
        })
    }

    fn settings(&self) -> anyhow::Result<Settings> {
        let mut layers = Figment::from(Serialized::defaults(Settings::default()));
        if let Some(path) = self.file()? {
            layers = layers.merge(Toml::file_exact(path));
        }
        let names: Vec<_> = DESCRIBED.iter().map(|(name, ..)| *name).collect();
        let settings: Settings = layers
            .merge(Env::prefixed(PREFIX).only(&names))
            .extract()
            .map_err(|error| anyhow::anyhow!("{}", explain(&error)))?;
        check(&settings)?;
        Ok(settings)
    }

    fn file(&self) -> anyhow::Result<Option<PathBuf>> {
        if let Some(path) = &self.config {
            std::fs::metadata(path).with_context(|| format!("reading {}", path.display()))?;
            return Ok(Some(path.clone()));
        }
        let own = self.data.join("config.toml");
        Ok(own.is_file().then_some(own))
    }
}

impl Place {
    /// Reads the settings.
    pub(crate) fn load(&self) -> anyhow::Result<Config> {
        let mut config = self.home.load()?;
        config.durable = !self.control_without_fsync;
        if let Some(port) = self.port {
            config.settings.listen = format!("127.0.0.1:{port}");
        }
        Ok(config)
    }
}

impl Config {
    /// The plain settings of a node whose embedded store lies in a folder.
    pub(crate) fn in_folder(data: &std::path::Path) -> Self {
        Self {
            data: data.to_owned(),
            store: Target::Sqlite(data.join("anlan.db")),
            durable: true,
            settings: Settings::default(),
        }
    }
}

fn check(settings: &Settings) -> anyhow::Result<()> {
    if !(1..=64).contains(&settings.readers) {
        bail!("`readers` is a number from 1 to 64, not {}", settings.readers);
    }
    if settings.idempotency_days < 30 {
        bail!(
            "`idempotency_days` is at least 30, not {}: a client may repeat a request that long",
            settings.idempotency_days
        );
    }
    if settings.reserve_mib > 65_536 {
        bail!("`reserve_mib` is at most 65536, not {}", settings.reserve_mib);
    }
    if let Some(url) = &settings.database
        && !url.starts_with("postgres://")
        && !url.starts_with("postgresql://")
    {
        bail!("`database` is an address such as postgres://anlan@localhost/anlan");
    }
    let schema = settings.database_schema.as_deref().unwrap_or("anlan");
    if schema.is_empty()
        || !schema
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    {
        bail!("`database_schema` has letters, digits, _ and - only");
    }
    Ok(())
}

/// Says what is wrong, with which setting, and where it stands.
fn explain(error: &figment::Error) -> String {
    let each = |one: &figment::Error| {
        let setting = one.path.join(".");
        let place = one.metadata.as_ref().map(|metadata| {
            metadata
                .source
                .as_ref()
                .map_or_else(|| metadata.name.to_string(), ToString::to_string)
        });
        let about = if setting.is_empty() {
            String::new()
        } else {
            format!("`{setting}`: ")
        };
        format!(
            "{about}{} (in {})",
            one.kind,
            place.unwrap_or_else(|| "the settings".to_owned())
        )
    };
    let all: Vec<_> = error.clone().into_iter().map(|one| each(&one)).collect();
    all.join("; ")
}

/// The example file, made from the documentation of the settings.
pub(crate) fn example() -> String {
    let head = "# Settings of an Anlan node. Every setting may be left out. A variable of the environment\n\
                # (ANLAN_LISTEN for `listen`) comes before this file, a flag of the command line before both.\n";
    let mut parts = vec![head.to_owned()];
    for (name, lines, shown) in DESCRIBED {
        parts.push("\n".to_owned());
        parts.extend(lines.iter().map(|line| format!("#{line}\n")));
        parts.push(format!("# {name} = {shown}\n"));
    }
    parts.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> anyhow::Result<Config> {
        let folder = std::env::temp_dir().join(format!("anlan-config-{}-{}", std::process::id(), text.len()));
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("config.toml"), text)?;
        let home = Home {
            data: folder.clone(),
            config: None,
        };
        let loaded = home.load();
        std::fs::remove_dir_all(&folder)?;
        loaded
    }

    #[test]
    fn the_example_with_every_setting_switched_on_is_a_valid_file() {
        let on: Vec<_> = DESCRIBED
            .iter()
            .map(|(name, _, shown)| format!("{name} = {shown}"))
            .collect();
        let config = load(&on.join("\n")).unwrap();
        assert!(!config.store.is_sqlite());
        assert_eq!(config.settings.idempotency_days, 30);
    }

    #[test]
    fn the_example_in_the_repository_is_the_one_the_program_prints() {
        assert_eq!(example(), include_str!("../../config.example.toml"));
    }

    #[test]
    fn a_misspelt_setting_is_refused_by_name_and_file() {
        let said = load("listne = \"x\"").unwrap_err().to_string();
        assert!(said.contains("listne") && said.contains("config.toml"), "{said}");
    }

    #[test]
    fn a_setting_of_the_wrong_kind_or_beyond_its_bounds_says_what_was_expected() {
        for (text, expected) in [
            ("readers = \"many\"", "readers"),
            ("readers = 0", "1 to 64"),
            ("idempotency_days = 29", "at least 30"),
            ("database = \"mysql://x\"", "postgres://"),
        ] {
            let said = load(text).unwrap_err().to_string();
            assert!(said.contains(expected), "{text}: {said}");
        }
    }
}
