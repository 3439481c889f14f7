//! Backup of a running node into one file, and a node made from such a file.
//!
//! The file is a tar archive: `manifest.json` first, then the identity, the store as an SQLite file (also when the node
//! serves from PostgreSQL), uploaded files, and the keys locked with a passphrase when one was given.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anlan_foundation::{RandomIds, SystemClock, Timestamp};
use anlan_ledger::Report;
use anlan_store::{Target, copy_store, snapshot_sqlite};
use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::config::Config;
use crate::node;

const FORMAT: &str = "anlan-backup/1";
const MANIFEST: &str = "manifest.json";
const STORE: &str = "anlan.db";
const LOCKED_KEYS: &str = "keys.locked.json";
/// What lies beside the store and belongs to the node.
const BESIDE: [&str; 3] = [node::NODE, "config.toml", "demo-accounts.json"];
/// Folder of uploaded files, each named by its digest.
const FILES: &str = "files";

/// What a backup says of itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// Form of the archive.
    pub format: String,
    /// Version of the program that made it.
    pub program: String,
    /// Feed of the node.
    pub origin: String,
    /// Name of the node's unit.
    pub name: String,
    /// Position of the newest entry in it.
    pub position: u64,
    /// Hash of the newest entry in it.
    pub head: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Whether the keys are in it, locked with a passphrase.
    pub keys: bool,
    members: Vec<Member>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Member {
    path: String,
    bytes: u64,
    sha256: String,
}

/// Where the keys of a restored node come from.
#[derive(Debug, Clone)]
pub(crate) enum Keys {
    /// From the backup, with this passphrase.
    Passphrase(String),
    /// From a copy of `node.key` that was kept apart.
    File(PathBuf),
}

/// What to do when the ledger in a backup does not verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnFindings {
    /// Refuse, and leave nothing behind.
    Refuse,
    /// Restore it all the same: a tampered ledger is evidence, too.
    Keep,
}

/// Writes a backup of the node, which may be running.
pub(crate) fn backup(config: &Config, to: &Path, passphrase: Option<&str>) -> anyhow::Result<Manifest> {
    if to.exists() {
        bail!("{} exists already", to.display());
    }
    let work = beside(to, "part");
    drop(std::fs::remove_dir_all(&work));
    node::make_private(&work)?;
    let done = write_backup(config, to, &work, passphrase);
    std::fs::remove_dir_all(&work)?;
    done
}

fn write_backup(
    config: &Config,
    to: &Path,
    work: &Path,
    passphrase: Option<&str>,
) -> anyhow::Result<Manifest> {
    let identity = node::load(&config.data)?;
    let store = work.join(STORE);
    copy_of_store(config, &store)?;
    let mut members = vec![(STORE.to_owned(), store.clone())];
    if let Some(passphrase) = passphrase {
        let secrets = node::read_keys(&config.data.join(node::KEYS))?;
        let ids = RandomIds::new(std::sync::Arc::new(SystemClock));
        let locked = anlan_ledger::wrap_secret(identity.suite, passphrase, &secrets, &ids)?;
        std::fs::write(work.join(LOCKED_KEYS), locked)?;
        members.push((LOCKED_KEYS.to_owned(), work.join(LOCKED_KEYS)));
    }
    let beside = BESIDE
        .iter()
        .map(|name| ((*name).to_owned(), config.data.join(name)));
    members.extend(beside.filter(|(_, path)| path.is_file()));
    list_files(&config.data.join(FILES), FILES, &mut members)?;
    let origin = identity.origin.clone();
    let head = anlan_store::read_once(&Target::Sqlite(store), |tx| anlan_ledger::newest(tx, &origin))?;
    let (position, head) = head.map_or((0, String::new()), |newest| {
        (newest.position, newest.entry.hash.to_string())
    });
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        origin: identity.origin,
        name: identity.name,
        position,
        head,
        made_at: anlan_foundation::Clock::now(&SystemClock),
        keys: passphrase.is_some(),
        members: members
            .iter()
            .map(|(name, path)| Member::of(name, path))
            .collect::<anyhow::Result<_>>()?,
    };
    archive(&manifest, &members, &work.join("archive"))?;
    std::fs::rename(work.join("archive"), to)?;
    sync_folder(to)?;
    Ok(manifest)
}

/// The store as one SQLite file of one instant.
fn copy_of_store(config: &Config, file: &Path) -> anyhow::Result<()> {
    if let Target::Sqlite(path) = &config.store {
        return Ok(snapshot_sqlite(path, file)?);
    }
    let copy = Target::Sqlite(file.to_owned());
    anlan_ledger::prepare(&copy, &node::views(), &node::side_migrations())?;
    copy_store(&config.store, &copy)?;
    Ok(())
}

fn list_files(folder: &Path, name: &str, members: &mut Vec<(String, PathBuf)>) -> anyhow::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    let mut found = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(std::fs::DirEntry::file_name);
    for entry in found {
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let name = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            list_files(&entry.path(), &name, members)?;
        } else {
            members.push((name, entry.path()));
        }
    }
    Ok(())
}

impl Member {
    fn of(name: &str, path: &Path) -> anyhow::Result<Self> {
        let mut file = BufReader::new(File::open(path)?);
        let (bytes, sha256) = copy_hashed(&mut file, &mut std::io::sink())?;
        Ok(Self {
            path: name.to_owned(),
            bytes,
            sha256,
        })
    }
}

fn copy_hashed(from: &mut impl Read, to: &mut impl Write) -> std::io::Result<(u64, String)> {
    let (mut hasher, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let read = from.read(&mut buffer)?;
        let Some(some) = buffer.get(..read).filter(|some| !some.is_empty()) else {
            return Ok((bytes, hex::encode(hasher.finalize())));
        };
        hasher.update(some);
        to.write_all(some)?;
        bytes += u64::try_from(read).unwrap_or(0);
    }
}

fn archive(manifest: &Manifest, members: &[(String, PathBuf)], to: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)?;
    let mut builder = tar::Builder::new(BufWriter::new(file));
    let text = serde_json::to_vec_pretty(manifest)?;
    let mut header = tar::Header::new_gnu();
    header.set_size(u64::try_from(text.len())?);
    header.set_mode(0o600);
    builder.append_data(&mut header, MANIFEST, text.as_slice())?;
    for (name, path) in members {
        builder.append_path_with_name(path, name)?;
    }
    let mut writer = builder.into_inner()?;
    writer.flush()?;
    Ok(writer.get_ref().sync_all()?)
}

/// Makes a node in an empty or absent data directory from a backup, and verifies its ledger before it says done.
pub(crate) fn restore(
    from: &Path,
    data: &Path,
    keys: &Keys,
    on_findings: OnFindings,
) -> anyhow::Result<(Manifest, Report)> {
    let taken = data.is_dir() && std::fs::read_dir(data)?.next().is_some();
    if taken {
        bail!("{} is not empty: restore into a new directory", data.display());
    }
    let work = beside(data, "restoring");
    drop(std::fs::remove_dir_all(&work));
    node::make_private(&work)?;
    let done = unpack_and_verify(from, &work, keys, on_findings).and_then(|done| {
        drop(std::fs::remove_dir(data));
        std::fs::rename(&work, data)?;
        sync_folder(data)?;
        Ok(done)
    });
    if done.is_err() {
        std::fs::remove_dir_all(&work)?;
    }
    done
}

fn unpack_and_verify(
    from: &Path,
    work: &Path,
    keys: &Keys,
    on_findings: OnFindings,
) -> anyhow::Result<(Manifest, Report)> {
    let manifest = unpack(from, work)?;
    let secrets = match keys {
        Keys::File(file) => node::read_keys(file)?,
        Keys::Passphrase(_) if !manifest.keys => {
            bail!("this backup holds no keys: give the copy of node.key that was kept apart")
        }
        Keys::Passphrase(passphrase) => {
            let locked = std::fs::read_to_string(work.join(LOCKED_KEYS))?;
            anlan_ledger::unwrap_secret(passphrase, &locked)?
        }
    };
    drop(std::fs::remove_file(work.join(LOCKED_KEYS)));
    node::write_keys(work, &secrets)?;
    let ledger = node::open(&Config::in_folder(work))?;
    let report = anlan_ledger::verify_store(&ledger)?;
    let origin = ledger.origin().to_owned();
    let newest = ledger
        .db()
        .read_blocking(move |tx| anlan_ledger::newest(tx, &origin))
        .map_err(anlan_ledger::LedgerError::Store)?;
    ledger.close();
    let head = newest.map_or(String::new(), |newest| newest.entry.hash.to_string());
    if head != manifest.head {
        bail!(
            "the backup says its newest entry is {}, but it is {head}",
            manifest.head
        );
    }
    if let (Some(first), OnFindings::Refuse) = (report.findings.first(), on_findings) {
        bail!(
            "the ledger in the backup does not verify: {} finding(s), the first at {}#{}: {}",
            report.findings.len(),
            first.origin,
            first.seq,
            first.detail
        );
    }
    Ok((manifest, report))
}

fn unpack(from: &Path, work: &Path) -> anyhow::Result<Manifest> {
    let file = File::open(from).with_context(|| format!("opening {}", from.display()))?;
    let no_backup = || format!("{} is no backup of Anlan", from.display());
    let mut archive = tar::Archive::new(BufReader::new(file));
    let mut entries = archive.entries().with_context(no_backup)?;
    let mut first = entries.next().with_context(no_backup)?.with_context(no_backup)?;
    if first.path()?.as_ref() != Path::new(MANIFEST) {
        bail!("{}", no_backup());
    }
    let mut text = Vec::new();
    first.by_ref().take(64 << 20).read_to_end(&mut text)?;
    let manifest: Manifest = serde_json::from_slice(&text).with_context(no_backup)?;
    if manifest.format != FORMAT {
        bail!(
            "{} has the form {}, expected {FORMAT}",
            from.display(),
            manifest.format
        );
    }
    for expected in &manifest.members {
        let cut = || format!("{}: `{}` is missing or cut off", from.display(), expected.path);
        let mut entry = entries.next().with_context(cut)?.with_context(cut)?;
        if entry.path()?.as_ref() != Path::new(&expected.path) {
            bail!("{}", cut());
        }
        let path = inside(work, &expected.path)?;
        let mut out = BufWriter::new(File::create(&path)?);
        let (bytes, sha256) = copy_hashed(&mut entry, &mut out).with_context(cut)?;
        out.flush()?;
        out.get_ref().sync_all()?;
        if bytes < expected.bytes {
            bail!("{}", cut());
        }
        if (bytes, &sha256) != (expected.bytes, &expected.sha256) {
            bail!("{}: `{}` was altered or damaged", from.display(), expected.path);
        }
    }
    Ok(manifest)
}

/// The place of a member; a path that leads out of the folder is refused.
fn inside(folder: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let plain = name
        .split('/')
        .all(|part| !part.is_empty() && !part.starts_with('.') && !part.contains('\\'));
    if !plain {
        bail!("the backup names a file `{name}`, which is no plain path");
    }
    let path = folder.join(name);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    Ok(path)
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{ending}"));
    path.with_file_name(name)
}

/// Makes a rename survive a power cut.
fn sync_folder(path: &Path) -> anyhow::Result<()> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    Ok(File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?)
}

#[cfg(test)]
mod tests;
