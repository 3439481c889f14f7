//! The packs that ship, compiled once.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anlan_law::{Pack, RuleBook};

/// Lists the pack files: all below the folders of `rules/`.
pub(super) fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let folders = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = folders
        .filter(|path| path.is_dir())
        .flat_map(|folder| {
            std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().path())
        })
        .collect();
    files.sort();
    files
}

/// Reads the packs that ship, with their names below `rules/`.
pub(super) fn packs() -> Vec<(String, String)> {
    let name = |path: &Path| {
        let parts: Vec<_> = path
            .components()
            .map(|part| part.as_os_str().to_string_lossy())
            .collect();
        parts[parts.len() - 2..].join("/")
    };
    files()
        .iter()
        .map(|path| (name(path), std::fs::read_to_string(path).unwrap()))
        .collect()
}

/// Compiles the packs that ship.
pub(super) fn book() -> &'static RuleBook {
    static BOOK: OnceLock<RuleBook> = OnceLock::new();
    BOOK.get_or_init(|| {
        let packs: Vec<Pack> = packs()
            .iter()
            .map(|(file, text)| Pack::parse(file, text).unwrap_or_else(|error| panic!("{error}")))
            .collect();
        RuleBook::compile(&packs.iter().collect::<Vec<_>>()).unwrap_or_else(|error| panic!("{error}"))
    })
}
