//! `cargo xtask web`: the front end, built only when something in it has changed.

mod installed;

use crate::args::Args;
use crate::counts::{self, Counts};
use crate::process;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest Node.js that the build tools of the front end run on: major and minor version.
const NODE_VERSION: (u32, u32) = (20, 19);

/// Names in `web/` that do not change what is built.
const NO_INPUT: [&str; 4] = ["node_modules", "dist", "mock", "e2e"];

/// Builds the front end; with `--check` also checks types, texts and unit tests.
pub fn run(workspace: &Workspace, mut args: Args) -> Result<bool> {
    let check_too = args.flag("--check");
    args.finish()?;
    build(workspace)?;
    if !check_too {
        return Ok(true);
    }
    Ok(check(workspace)?.failed == 0)
}

/// Installs what the front end needs and builds it into `web/dist`, each only if its inputs have changed.
pub fn build(workspace: &Workspace) -> Result<()> {
    ensure_folder(workspace)?;
    if !exists(workspace) {
        println!("web/package.json is missing: no front end to build");
        return Ok(());
    }
    install(workspace)?;
    let web = workspace.path("web");
    let stamp = Stamp {
        file: web.join("node_modules/.anlan-built"),
        hash: hash_of(&inputs(&web)?)?,
    };
    if stamp.is_current() && web.join("dist/index.html").is_file() {
        println!("web: nothing has changed");
        return Ok(());
    }
    require_node()?;
    process::run(npm(workspace).args(["run", "build"]))?;
    ensure!(
        web.join("dist/index.html").is_file(),
        "`npm run build` left no web/dist/index.html"
    );
    stamp.write()
}

/// Runs the checks of the front end and counts its tests.
pub fn check(workspace: &Workspace) -> Result<Counts> {
    if !exists(workspace) {
        return Ok(Counts::default());
    }
    install(workspace)?;
    let watched = process::watch(npm(workspace).args(["run", "check"]))?;
    Ok(counts::vitest(&watched.text).with_outcome(watched.success))
}

/// Installs the packages of `web/package-lock.json` unless they are there.
pub fn install(workspace: &Workspace) -> Result<()> {
    let web = workspace.path("web");
    let Ok(lock) = fs::read_to_string(web.join("package-lock.json")) else {
        bail!("web/package-lock.json is missing: run `npm install` in web/ and commit it");
    };
    let there = fs::read_to_string(web.join("node_modules/.package-lock.json")).unwrap_or_default();
    if installed::matches(&lock, &there) {
        return Ok(());
    }
    require_node()?;
    process::run(npm(workspace).args(["ci", "--no-audit", "--no-fund"]))
}

/// Makes sure that `web/dist` exists: the program embeds that folder and does not compile without it.
pub fn ensure_folder(workspace: &Workspace) -> Result<()> {
    fs::create_dir_all(workspace.path("web/dist")).context("cannot make web/dist")
}

/// Returns a command for `npm` in `web/`.
pub fn npm(workspace: &Workspace) -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(workspace.path("web"));
    npm
}

/// Tells whether there is a front end.
pub fn exists(workspace: &Workspace) -> bool {
    workspace.path("web/package.json").is_file()
}

fn require_node() -> Result<()> {
    let how = "install Node.js 20.19 or newer with npm (https://nodejs.org, or your distribution's packages `nodejs npm`)";
    if process::find_program("node").is_none() || process::find_program("npm").is_none() {
        bail!("the front end needs Node.js, which is not there: {how}");
    }
    let version = process::output(Command::new("node").arg("--version"))?;
    let Some(found) = version_of(&version) else {
        bail!("`node --version` said {version:?}: {how}")
    };
    ensure!(
        found >= NODE_VERSION,
        "Node.js {} is too old: {how}",
        version.trim()
    );
    Ok(())
}

/// Reads major and minor version out of `v20.20.2`.
fn version_of(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.trim().trim_start_matches('v').split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// Remembers from which inputs something was made.
struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|hash| hash == self.hash)
    }

    fn write(&self) -> Result<()> {
        // Without any package npm makes no folder.
        self.file.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(&self.file, &self.hash).with_context(|| format!("cannot write {}", self.file.display()))
    }
}

/// Lists the files below `web/` that the build reads, in a fixed order.
fn inputs(web: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![web.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let top = folder == web;
            if name.starts_with('.') || (top && NO_INPUT.contains(&name.as_str())) {
                continue;
            }
            let list = if path.is_dir() { &mut folders } else { &mut files };
            list.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Hashes names and contents (FNV-1a, 64 bits: it tells changes apart, it protects nothing).
fn hash_of(files: &[PathBuf]) -> Result<String> {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for file in files {
        let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = file.to_string_lossy();
        for byte in name.as_bytes().iter().chain(&[0]).chain(&content).chain(&[0]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    Ok(format!("{hash:016x}"))
}

#[cfg(test)]
mod tests {
    use super::{hash_of, inputs, version_of};
    use crate::scratch::Scratch;

    #[test]
    fn the_version_of_node_is_read() {
        assert_eq!(version_of("v20.20.2\n"), Some((20, 20)));
        assert_eq!(version_of("what?"), None);
    }

    #[test]
    fn a_changed_source_changes_the_hash_and_an_installed_package_does_not() {
        let scratch = Scratch::new("web-stamp");
        scratch.write("src/main.ts", "1");
        let first = hash_of(&inputs(scratch.path()).unwrap()).unwrap();
        scratch.write("node_modules/vue/index.js", "1");
        scratch.write("dist/index.html", "1");
        assert_eq!(hash_of(&inputs(scratch.path()).unwrap()).unwrap(), first);
        scratch.write("src/main.ts", "2");
        assert_ne!(hash_of(&inputs(scratch.path()).unwrap()).unwrap(), first);
    }
}
