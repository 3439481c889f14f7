//! Where tests run: the built program, scratch folders, and a demo city that is filled once and copied.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::node::Node;

/// Returns the built program: `ANLAN_BIN`, or the one beside the tests in cargo's build directory.
pub fn program() -> Result<PathBuf> {
    if let Some(given) = std::env::var_os("ANLAN_BIN") {
        return Ok(PathBuf::from(given));
    }
    let here = std::env::current_exe()?;
    let beside = here
        .ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join("anlan"));
    let mut found = beside.filter(|program| program.is_file());
    found
        .next()
        .context("build the program first: cargo build -p anlan")
}

/// The folder below the build directory that scratch folders lie in.
fn scratch_root() -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let build = here
        .ancestors()
        .find(|folder| folder.join(".rustc_info.json").is_file());
    Ok(build
        .map_or_else(std::env::temp_dir, Path::to_owned)
        .join("black-box"))
}

/// A folder of one test; removed in the end unless the test failed.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes an empty folder.
    pub fn new(name: &str) -> Result<Self> {
        let folder = scratch_root()?.join(format!("{name}-{}", std::process::id()));
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        Ok(Self(folder))
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A path below it.
    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            drop(fs::remove_dir_all(&self.0));
        }
    }
}

/// Puts a filled demo city into `folder`, which must not exist yet.
///
/// The city is filled once for each build of the program, by whichever test comes first; the others wait and copy.
pub fn copy_demo(folder: &Path) -> Result<()> {
    copy_folder(&template("demo", |folder| Node::demo(folder)?.stop())?, folder)
}

/// A folder made once for each build of the program.
fn template(name: &str, make: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let program = program()?;
    let meta = fs::metadata(&program).with_context(|| format!("no program {}", program.display()))?;
    let built = meta.modified()?.duration_since(std::time::UNIX_EPOCH)?.as_nanos();
    let root = scratch_root()?;
    fs::create_dir_all(&root)?;
    let lock = File::create(root.join(format!("{name}.lock")))?;
    lock.lock()?;
    let template = root.join(format!("{name}-{built}-{}", meta.len()));
    if !template.exists() {
        remove_older_templates(&root, name)?;
        let half = root.join(format!("{name}-half"));
        if half.exists() {
            fs::remove_dir_all(&half)?;
        }
        make(&half)?;
        fs::rename(&half, &template)?;
    }
    Ok(template)
}

fn remove_older_templates(root: &Path, kind: &str) -> Result<()> {
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_template = name
            .to_string_lossy()
            .strip_prefix(kind)
            .and_then(|rest| rest.strip_prefix('-'))
            .is_some_and(|rest| rest.starts_with(char::is_numeric));
        if is_template && entry.path().is_dir() {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Copies the files of a folder into a new one.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).with_context(|| format!("copying to {}", target.display()))?;
        }
    }
    Ok(())
}

/// Runs the program to its end and returns what it printed; a failure is an error with what it said.
pub fn run_program(words: &[&str]) -> Result<String> {
    // A backtrace takes longer than all the rest, and nobody reads it.
    let output = Command::new(program()?)
        .args(words)
        .env("RUST_BACKTRACE", "0")
        .output()?;
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    if !output.status.success() {
        bail!("anlan {}: {}: {said}", words.join(" "), output.status);
    }
    Ok(said)
}

/// Runs another program and refuses its failure.
pub fn run(program: &str, words: &[&str]) -> Result<String> {
    let output = Command::new(program)
        .args(words)
        .output()
        .with_context(|| format!("cannot start {program}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{program} {}: {}",
        words.join(" "),
        said.trim()
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
