use std::path::{Path, PathBuf};

use anlan_ledger::{Actor, Ledger, LedgerError};
use anlan_store::{Target, compare_stores};
use anlan_testkit::postgres_url;

use super::*;
use crate::setup;

const PASSPHRASE: &str = "青城 in the morning";

/// A node of its own for one test, on either engine; it goes when it goes.
struct Place {
    folder: PathBuf,
    config: Config,
}

impl Place {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("anlan-backup-{name}-{}", std::process::id()));
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(&folder).unwrap();
        let config = Config::in_folder(&folder.join("data"));
        Self { folder, config }
    }

    /// Places on SQLite and, when the test run provides a server, on PostgreSQL.
    fn on_both(name: &str) -> Vec<Self> {
        let mut places = vec![Self::new(name)];
        if let Some(url) = postgres_url() {
            let mut place = Self::new(&format!("{name}-pg"));
            place.config.store = Target::Postgres {
                url,
                schema: Some(format!("t-{name}-{}", std::process::id())),
            };
            places.push(place);
        }
        places
    }

    fn file(&self) -> PathBuf {
        self.folder.join("anlan.backup")
    }

    fn restored(&self) -> PathBuf {
        self.folder.join("restored")
    }

    fn running(&self) -> Ledger {
        setup::make(&self.config, &setup::tests::sound()).unwrap();
        std::fs::create_dir_all(self.config.data.join("files/ab")).unwrap();
        std::fs::write(self.config.data.join("files/ab/photo"), b"a photo").unwrap();
        let ledger = node::open(&self.config).unwrap();
        say(&ledger, 40);
        ledger
    }

    fn restore(&self, keys: &Keys) -> anyhow::Result<(Manifest, Report)> {
        restore(&self.file(), &self.restored(), keys, OnFindings::Refuse)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn say(ledger: &Ledger, times: usize) {
    for number in 0..times {
        ledger
            .command_blocking(Actor::default(), move |work| {
                let secret = work.seal("person/1", "13800001234")?;
                work.record("s", "test.said.v1", "1501", &(number, secret))?;
                Ok::<_, LedgerError>(())
            })
            .unwrap();
    }
}

fn passphrase() -> Keys {
    Keys::Passphrase(PASSPHRASE.to_owned())
}

fn left(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_backup_of_a_running_node_restores_to_the_same_node_verified() {
    for place in Place::on_both("same") {
        let ledger = place.running();
        let made = std::thread::scope(|scope| {
            let writing = scope.spawn(|| say(&ledger, 60));
            let made = backup(&place.config, &place.file(), Some(PASSPHRASE)).unwrap();
            writing.join().unwrap();
            made
        });
        assert!(made.position >= 43 && made.keys);
        let (manifest, report) = place.restore(&passphrase()).unwrap();
        assert_eq!(
            (manifest.position, report.entries),
            (made.position, made.position)
        );
        let data = place.restored();
        assert_eq!(left(&data.join("files/ab")), ["photo"]);
        let again = node::open(&Config::in_folder(&data)).unwrap();
        assert_eq!(again.origin(), ledger.origin());
        assert_eq!(again.public_key(), ledger.public_key());
        say(&again, 1);
        assert!(anlan_ledger::verify_store(&again).unwrap().is_clean());
    }
}

#[test]
fn a_backup_of_a_quiet_node_holds_every_row_of_every_table() {
    for place in Place::on_both("rows") {
        place.running().close();
        backup(&place.config, &place.file(), Some(PASSPHRASE)).unwrap();
        place.restore(&passphrase()).unwrap();
        let restored = Config::in_folder(&place.restored()).store;
        let (tables, differences) = compare_stores(&place.config.store, &restored).unwrap();
        assert!(tables > 15, "{tables}");
        assert_eq!(differences, []);
    }
}

#[test]
fn without_keys_the_backup_has_none_and_asks_for_the_copy_that_was_kept_apart() {
    let place = Place::new("apart");
    place.running().close();
    backup(&place.config, &place.file(), None).unwrap();
    let secrets = std::fs::read_to_string(place.config.data.join(node::KEYS)).unwrap();
    let bytes = std::fs::read(place.file()).unwrap();
    assert!(
        !bytes
            .windows(64)
            .any(|window| window == &secrets.as_bytes()[..64])
    );
    let said = place.restore(&passphrase()).unwrap_err().to_string();
    assert!(said.contains("node.key"), "{said}");
    place
        .restore(&Keys::File(place.config.data.join(node::KEYS)))
        .unwrap();
}

#[test]
fn a_refused_restore_says_why_and_leaves_nothing() {
    let place = Place::new("refused");
    place.running().close();
    backup(&place.config, &place.file(), Some(PASSPHRASE)).unwrap();
    let whole = std::fs::read(place.file()).unwrap();
    let wrong = Keys::Passphrase("another one".to_owned());
    assert!(
        place
            .restore(&wrong)
            .unwrap_err()
            .to_string()
            .contains("passphrase")
    );
    let body = whole.windows(12).position(|w| w == b"test.said.v1").unwrap();
    let mut altered = whole.clone();
    altered[body] ^= 1;
    for (bytes, expected) in [
        (altered.as_slice(), "altered or damaged"),
        (&whole[..whole.len() / 2], "cut off"),
        (b"not an archive".as_slice(), "no backup"),
    ] {
        std::fs::write(place.file(), bytes).unwrap();
        let said = format!("{:#}", place.restore(&passphrase()).unwrap_err());
        assert!(said.contains(expected), "{said}");
        assert_eq!(left(&place.folder), ["anlan.backup", "data"]);
    }
}

#[test]
fn a_ledger_that_was_tampered_with_before_the_backup_is_found_by_the_restore() {
    let place = Place::new("tampered");
    place.running().close();
    let Target::Sqlite(path) = &place.config.store else {
        unreachable!()
    };
    let bytes = std::fs::read(path).unwrap();
    let body = b"[17,{";
    let at = bytes.windows(body.len()).rposition(|w| w == body).unwrap();
    let mut altered = bytes;
    altered[at + 2] = b'8';
    std::fs::write(path, altered).unwrap();
    backup(&place.config, &place.file(), Some(PASSPHRASE)).unwrap();
    let said = place.restore(&passphrase()).unwrap_err().to_string();
    assert!(said.contains("does not verify"), "{said}");
    let kept = restore(&place.file(), &place.restored(), &passphrase(), OnFindings::Keep).unwrap();
    assert_eq!(kept.1.findings.len(), 1);
}

#[test]
fn a_path_that_leads_out_of_the_folder_is_refused() {
    for name in ["../x", "/etc/x", "a/../../x", ".hidden", "a//b", ""] {
        assert!(inside(Path::new("folder"), name).is_err(), "{name}");
    }
}
