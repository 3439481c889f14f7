//! The files of the repository, in memory.

use super::rust_source::RustSource;
use anyhow::{Context as _, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Endings of files that rules read; everything else is known by name only.
const TEXT: [&str; 15] = [
    "rs", "toml", "md", "ts", "vue", "css", "html", "js", "mjs", "json", "sql", "sh", "yml", "yaml", "txt",
];

/// Larger files are data, not writing.
const TEXT_MAX_BYTES: u64 = 1_000_000;

/// All files that git keeps or would keep, with the text of those that people write.
#[derive(Debug, Default)]
pub struct Tree {
    names: BTreeSet<String>,
    folders: BTreeSet<String>,
    texts: BTreeMap<String, String>,
    rust: BTreeMap<String, RustSource>,
}

impl Tree {
    /// Reads the repository at `root`: what git tracks, and new files that it does not ignore.
    pub fn read(root: &Path) -> Result<Self> {
        let mut tree = Self::default();
        for name in listed(root)? {
            let file = root.join(&name);
            // Removed but not yet committed.
            let Ok(meta) = file.metadata() else { continue };
            let read = meta.is_file() && is_text(&name) && meta.len() <= TEXT_MAX_BYTES;
            let text = if read {
                fs::read_to_string(&file).ok()
            } else {
                None
            };
            tree.add(name, text);
        }
        Ok(tree)
    }

    /// Builds a repository of invented files, for tests of rules.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let mut tree = Self::default();
        for (name, text) in files {
            tree.add((*name).to_owned(), Some((*text).to_owned()));
        }
        tree
    }

    fn add(&mut self, name: String, text: Option<String>) {
        let mut folder = name.as_str();
        while let Some((parent, _)) = folder.rsplit_once('/') {
            self.folders.insert(parent.to_owned());
            folder = parent;
        }
        if let Some(text) = text {
            if has_ending(&name, "rs") {
                self.rust.insert(name.clone(), RustSource::new(&name, &text));
            }
            self.texts.insert(name.clone(), text);
        }
        self.names.insert(name);
    }

    /// Tells whether there is such a file or folder.
    pub fn exists(&self, path: &str) -> bool {
        path.is_empty() || self.names.contains(path) || self.folders.contains(path)
    }

    /// Lists the names of all files, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Returns the text of one file.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }

    /// Lists the files that are text, with their text.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// Lists the Rust files.
    pub fn rust(&self) -> impl Iterator<Item = (&str, &RustSource)> {
        self.rust.iter().map(|(name, source)| (name.as_str(), source))
    }

    /// Lists the folders directly below `parent`, with their full paths.
    pub fn folders_in(&self, parent: &str) -> Vec<&str> {
        let is_child = |folder: &&str| folder.rsplit_once('/').is_some_and(|(above, _)| above == parent);
        self.folders.iter().map(String::as_str).filter(is_child).collect()
    }
}

/// Tells whether a path ends in `.ending`.
pub fn has_ending(name: &str, ending: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found == ending)
}

fn is_text(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let machine_made = file == "package-lock.json";
    !machine_made && (name.starts_with(".ci/") || TEXT.iter().any(|ending| has_ending(name, ending)))
}

/// Asks git for the files; an unpacked archive without git is walked instead.
fn listed(root: &Path) -> Result<Vec<String>> {
    let mut git = Command::new("git");
    git.current_dir(root)
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    if let Some(output) = git.output().ok().filter(|output| output.status.success()) {
        let names = String::from_utf8(output.stdout).context("a file name is not UTF-8")?;
        return Ok(names
            .split('\0')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect());
    }
    let mut names = Vec::new();
    walk(root, "", &mut names)?;
    Ok(names)
}

fn walk(root: &Path, below: &str, names: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        let file = entry.file_name().to_string_lossy().into_owned();
        let name = if below.is_empty() {
            file.clone()
        } else {
            format!("{below}/{file}")
        };
        let made = ["target", ".git", "node_modules"].contains(&file.as_str())
            || name == "web/dist"
            || name == "data";
        match (made, entry.file_type()?.is_dir()) {
            (true, _) => {}
            (false, true) => walk(root, &name, names)?,
            (false, false) => names.push(name),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Tree;
    use crate::scratch::Scratch;

    #[test]
    fn without_git_the_folders_are_walked_and_what_is_made_is_left_out() {
        let scratch = Scratch::new("tree");
        for file in [
            "libs/law/src/lib.rs",
            "target/debug/a.rs",
            "web/dist/index.html",
            "web/node_modules/a/b.js",
        ] {
            scratch.write(file, "");
        }
        let tree = Tree::read(scratch.path()).unwrap();
        assert_eq!(tree.names().collect::<Vec<_>>(), ["libs/law/src/lib.rs"]);
    }

    #[test]
    fn folders_exist_because_of_their_files() {
        let tree = Tree::of(&[("slices/incident/src/lib.rs", "")]);
        assert!(tree.exists("slices/incident/src"));
        assert!(!tree.exists("slices/inc"));
        assert_eq!(tree.folders_in("slices"), ["slices/incident"]);
    }
}
