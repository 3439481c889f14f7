//! `anlan backup` and `anlan restore`.

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;

use crate::backup::{self, Keys, OnFindings};
use crate::config::Home;
use crate::{console, maintenance};

/// Where a backup goes.
#[derive(Debug, Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    home: Home,
    /// File to write; it must not exist.
    #[arg(long)]
    to: PathBuf,
    /// File that holds a passphrase on its first line; the node's keys go into the backup, locked with it.
    #[arg(long, conflicts_with = "without_keys")]
    passphrase_file: Option<PathBuf>,
    /// Leaves the keys out: to restore, a copy of `node.key` that was kept apart is needed.
    #[arg(long)]
    without_keys: bool,
}

/// Where a node is restored from.
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The backup.
    #[arg(long)]
    from: PathBuf,
    /// Data directory, empty or absent.
    #[arg(long, env = "ANLAN_DATA", default_value = "data")]
    data: PathBuf,
    /// File that holds the passphrase of the backup on its first line.
    #[arg(long, conflicts_with = "keys")]
    passphrase_file: Option<PathBuf>,
    /// A copy of `node.key` that was kept apart.
    #[arg(long)]
    keys: Option<PathBuf>,
    /// Restores a ledger that does not verify, as evidence.
    #[arg(long)]
    despite_findings: bool,
}

/// Writes a backup of a node, running or not.
pub(crate) fn make(args: &Backup) -> anyhow::Result<()> {
    let config = args.home.load()?;
    let passphrase = match &args.passphrase_file {
        Some(file) => Some(console::secret_in(file)?),
        None if args.without_keys => None,
        None if console::is_terminal() => {
            Some(console::ask_new_secret("备份口令 (passphrase of the backup)")?)
        }
        None => bail!("say --passphrase-file FILE, or --without-keys when node.key is kept apart"),
    };
    if passphrase.as_ref().is_some_and(|text| text.chars().count() < 10) {
        bail!("the passphrase needs 10 characters or more");
    }
    let made = backup::backup(&config, &args.to, passphrase.as_deref())?;
    println!(
        "已备份 (backed up): {} · {} · #{} · {}",
        args.to.display(),
        made.name,
        made.position,
        made.made_at
    );
    if !made.keys {
        println!(
            "备份不含密钥 (no keys inside): {} 须另行保管 (keep it apart)",
            config.data.join(crate::node::KEYS).display()
        );
    }
    Ok(())
}

/// Makes a node from a backup.
pub(crate) fn restore(args: &Restore) -> anyhow::Result<()> {
    let keys = match (&args.keys, &args.passphrase_file) {
        (Some(file), _) => Keys::File(file.clone()),
        (None, Some(file)) => Keys::Passphrase(console::secret_in(file)?),
        (None, None) => Keys::Passphrase(console::ask_secret("备份口令 (passphrase of the backup)")?),
    };
    let on_findings = if args.despite_findings {
        OnFindings::Keep
    } else {
        OnFindings::Refuse
    };
    let (manifest, report) = backup::restore(&args.from, &args.data, &keys, on_findings)?;
    let verified = maintenance::tell(&report);
    println!(
        "已恢复 (restored): {} · {} · #{} · {}",
        args.data.display(),
        manifest.name,
        manifest.position,
        manifest.made_at
    );
    if args.despite_findings { Ok(()) } else { verified }
}
