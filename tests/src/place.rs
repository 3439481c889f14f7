//! Where tests run: the built program, scratch folders, and a demo city that is filled once and copied.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::json;

use crate::http::Request;
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

/// Puts a small real node with some eighty entries into `folder`, which must not exist yet; made once, like the demo city.
pub fn copy_small_node(folder: &Path) -> Result<()> {
    copy_folder(&template("small", make_small_node)?, folder)
}

fn make_small_node(folder: &Path) -> Result<()> {
    let secret = "correct-horse-battery";
    let password = folder.with_extension("password");
    fs::write(&password, secret)?;
    let words = [
        "init",
        "--unit",
        "某市应急管理局",
        "--division",
        "1501",
        "--division-name",
        "呼和浩特市",
        "--admin",
        "admin",
        "--password-file",
    ];
    let paths = [password.to_string_lossy(), folder.to_string_lossy()];
    let words: Vec<&str> = words
        .into_iter()
        .chain([&*paths[0], "--data", &*paths[1]])
        .collect();
    run_program(&words)?;
    let node = Node::serve(folder)?;
    let admin = node.sign_in("admin", secret)?;
    let grants = json!([{ "role": "county_officer", "area": "1501" }]);
    let officer = json!({ "name": "officer", "display_name": "值班员", "password": secret, "unit": "unit", "grants": grants });
    let made = node.ask(&Request::post("/api/v1/accounts", &officer).bearer(&admin))?;
    ensure!(
        made.is_success(),
        "making an account: {} {}",
        made.status,
        made.text()
    );
    let token = node.sign_in("officer", secret)?;
    for number in 0..20 {
        let mut report = crate::load::report(&format!("small-{number}"), None);
        report["division"] = json!("1501");
        let reply = node.ask(&Request::post("/api/v1/incidents", &report).bearer(&token))?;
        ensure!(
            reply.status == 201,
            "taking a report: {} {}",
            reply.status,
            reply.text()
        );
        let id = reply.json()["id"].as_str().unwrap_or_default().to_owned();
        for text in ["续报一", "续报二", "续报三"] {
            let path = format!("/api/v1/incidents/{id}/follow-ups");
            node.ask(&Request::post(&path, &json!({ "text": text })).bearer(&token))?;
        }
    }
    node.stop()
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
